import type { z } from 'zod';
import { knownKeys, valueAt } from './config-schema.js';
import { raise } from './errors.js';
import { show } from './show.js';
import { didYouMean } from './suggest.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One thing wrong with a configuration. */
export interface ConfigProblem {
  /** Where, e.g. `model.attention.kvHeads`; the empty string for the whole. */
  path: string;
  /** What is wrong there, one sentence without the path. */
  message: string;
}

/**
 * Checks plain data against a schema and returns it with its defaults filled in.
 *
 * All problems are reported at once with their paths; unknown keys of strict objects are problems
 * and name the key that was probably meant.
 *
 * @param where - the name in front of the message, e.g. `Gpt`
 * @param schema - a zod schema
 * @param value - plain data
 * @param prefix - the path of `value` in a larger configuration, e.g. `model`
 * @throws ConfigError when the data does not fit; `details.problems` lists what is wrong
 */
export function parseConfig<S extends z.ZodType>(where: string, schema: S, value: unknown, prefix = ''): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describe(issue, schema, value, prefix));
  return raise('PAL_CONFIG', {
    where,
    expected: 'a valid configuration',
    received: problems.length === 1 ? 'one with a problem' : `one with ${problems.length} problems`,
    fix: problems.map(({ path, message }) => `\n  ${path === '' ? '(top level)' : path}: ${message}`).join(''),
    details: { problems },
  });
}

function describe(issue: Issue, schema: z.ZodType, root: unknown, prefix: string): ConfigProblem[] {
  const at = (path: Path): string => formatPath(prefix, path);
  if (issue.code === 'unrecognized_keys') {
    const choices = knownKeys(schema, root, issue.path);
    return issue.keys.map((key) => ({
      path: at([...issue.path, key]),
      message: `unknown key. ${didYouMean(key, choices)}`.trimEnd(),
    }));
  }
  const likely = issue.code === 'invalid_union' ? likelyBranch(issue) : undefined;
  if (likely) return likely.flatMap((inner) => describe(nest(inner, issue.path), schema, root, prefix));
  return [{ path: at(issue.path), message: sentence(issue, valueAt(root, issue.path)) }];
}

/** The issues of the only branch of a union that takes this kind of value, if there is one. */
function likelyBranch(issue: z.core.$ZodIssueInvalidUnion): Issue[] | undefined {
  const fitting = issue.errors.filter((branch) =>
    branch.every((inner) => inner.path.length > 0 || !isKindMismatch(inner)),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function isKindMismatch(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function nest(issue: Issue, path: PropertyKey[]): Issue {
  return { ...issue, path: [...path, ...issue.path] };
}

function sentence(issue: Issue, value: unknown): string {
  const expected = expectation(issue);
  if (expected === undefined) return `${issue.message}, received ${show(value)}.`;
  if (value === undefined) return `missing, expected ${expected}.`;
  const fix = issue.code === 'invalid_value' || issue.code === 'invalid_union' ? nearest(issue, value) : '';
  return `expected ${expected}, received ${show(value)}.${fix}`;
}

function expectation(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return kindName(issue.expected);
    case 'invalid_value':
      return choiceList(issue.values.map(String), issue.values.map(show));
    case 'too_small':
      return `${subject(issue.origin)} ${issue.inclusive === false ? 'above' : 'of at least'} ${String(issue.minimum)}`;
    case 'too_big':
      return `${subject(issue.origin)} ${issue.inclusive === false ? 'below' : 'of at most'} ${String(issue.maximum)}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return unionExpectation(issue);
    default:
      return undefined;
  }
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string | undefined {
  const options = discriminators(issue);
  if (options) return choiceList(options, options.map(show));
  const kinds = issue.errors.map((branch) => branch.find((inner) => inner.path.length === 0));
  const names = kinds.map((inner) => (inner ? expectation(inner) : undefined));
  return names.length > 0 && names.every((name) => name !== undefined) ? [...new Set(names)].join(' or ') : undefined;
}

function discriminators(issue: z.core.$ZodIssueInvalidUnion): string[] | undefined {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : undefined;
}

function nearest(issue: Issue, value: unknown): string {
  if (typeof value !== 'string') return '';
  const choices =
    issue.code === 'invalid_value' ? issue.values.map(String) : discriminators(issue as z.core.$ZodIssueInvalidUnion);
  const hint = choices ? didYouMean(value, choices) : '';
  return hint.startsWith('Did') ? ` ${hint}` : '';
}

function choiceList(names: string[], shown: string[]): string {
  return names.length === 1 ? (shown[0] ?? '') : `one of ${shown.join(', ')}`;
}

function kindName(kind: string): string {
  const names: Record<string, string> = {
    int: 'an integer',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
  };
  return names[kind] ?? `a ${kind}`;
}

function subject(origin: string): string {
  if (origin === 'string') return 'a text length';
  return origin === 'array' || origin === 'set' ? 'a number of items' : 'a number';
}

function formatPath(prefix: string, path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, prefix);
}
