import { createRequire } from 'node:module';
import { isPalabraError, raise } from '../../core/index.js';

/** What a rendering may cost at most; a conversation of a hundred turns stays far below. */
const LIMITS = {
  /** Characters of a template. */
  source: 2 ** 18,
  /** Expressions and statements that are evaluated. */
  evaluations: 2 ** 18,
  /** Expressions within one another, macros that call macros among them. */
  depth: 250,
  /** Characters of one string, entries of one list. */
  size: 2 ** 22,
  /** Characters and entries of everything that is evaluated. */
  total: 2 ** 28,
};

/** A parsed template: gives its text under some variables. */
export type CompiledTemplate = (variables: Readonly<Record<string, unknown>>) => string;

/** What is used of the package `@huggingface/jinja`. */
interface Jinja {
  readonly Environment: new () => Environment;
  readonly Interpreter: new (environment: Environment) => Interpreter;
  readonly tokenize: (source: string, options: { lstrip_blocks: boolean; trim_blocks: boolean }) => unknown;
  readonly parse: (tokens: unknown) => unknown;
}

/** The variables of a template. */
interface Environment {
  set(name: string, value: unknown): unknown;
}

interface Interpreter {
  run(program: unknown): Value;
  evaluate(node: unknown, scope: Environment): Value;
}

interface Value {
  readonly value: unknown;
}

let loaded: Jinja | undefined;

/** The interpreter's package, loaded at the first template: few programs need it. */
function loadJinja(): Jinja {
  return (loaded ??= createRequire(import.meta.url)('@huggingface/jinja') as Jinja);
}

/**
 * Parses a template of Jinja as chat templates are meant: blocks take the white space before and the line break behind
 * them. Nothing of it is ever run as JavaScript, and what a rendering costs has bounds.
 *
 * @param source - of the template, at most 2¹⁸ characters
 * @returns its rendering; it throws ConfigError for a template that fails or costs too much
 * @throws ConfigError when it is no template
 */
export function compileTemplate(source: string): CompiledTemplate {
  if (source.length > LIMITS.source) {
    throwTemplate(`at most ${LIMITS.source} characters`, `${source.length}`);
  }
  const { parse, tokenize } = loadJinja();
  const program = attempt('a template that can be read', () =>
    parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true })),
  );
  return (variables) => attempt('a template that can be rendered', () => render(program, variables));
}

function render(program: unknown, variables: Readonly<Record<string, unknown>>): string {
  const { Environment } = loadJinja();
  const environment = new Environment();
  for (const [name, value] of Object.entries(variables)) environment.set(name, value);
  return String(createInterpreter(environment).run(program).value);
}

/** An interpreter that counts what it evaluates. */
function createInterpreter(environment: Environment): Interpreter {
  let [evaluations, depth, total] = [0, 0, 0];
  class BoundedInterpreter extends loadJinja().Interpreter {
    override evaluate(node: unknown, scope: Environment): Value {
      expectWithin('evaluations', ++evaluations);
      expectWithin('depth', ++depth);
      try {
        const value = super.evaluate(node, scope);
        const size = measure(value);
        expectWithin('size', size);
        expectWithin('total', (total += size));
        return value;
      } finally {
        depth--;
      }
    }
  }
  return new BoundedInterpreter(environment);
}

function measure({ value }: Value): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}

const BOUNDS: Record<Exclude<keyof typeof LIMITS, 'source'>, string> = {
  evaluations: 'evaluations',
  depth: 'expressions within one another',
  size: 'characters of a string or entries of a list',
  total: 'characters and entries in all',
};

function expectWithin(bound: keyof typeof BOUNDS, count: number): void {
  if (count > LIMITS[bound]) throwTemplate(`at most ${LIMITS[bound]} ${BOUNDS[bound]}`, 'more');
}

/** What the interpreter throws becomes an error of ours; a stack that is too deep is one of them. */
function attempt<T>(expected: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (isPalabraError(cause)) throw cause;
    return throwTemplate(expected, (cause as Error).message, cause);
  }
}

function throwTemplate(expected: string, received: string, cause?: unknown): never {
  raise('PAL_CONFIG', {
    where: 'ChatTemplate',
    expected,
    received,
    fix: 'Check chat_template in the tokenizer_config.json of the model, or its chat_template.jinja.',
    cause,
  });
}
