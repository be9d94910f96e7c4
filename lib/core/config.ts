import type { OptionCheck } from './arguments/options.js';
import type { z } from 'zod';
import { listKnownKeys, getValueAt } from './config-schema.js';
import { raise } from './errors/errors.js';
import { show } from './show.js';
import { formatSuggestion, formatUnknownKey } from './arguments/suggest.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One thing wrong with a configuration. */
export interface ConfigProblem {
  /** The path of the value, e.g. `model.attention.kvHeads`; the empty string for the whole. */
  path: string;
  /** The problem in one sentence, without the path. */
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
 * @param also - keys that the caller reads himself, named beside those of the schema where one is unknown
 * @throws ConfigError when the data does not fit; `details.problems` lists what is wrong
 */
export function parseConfig<S extends z.ZodType>(
  where: string,
  schema: S,
  value: unknown,
  prefix = '',
  also: readonly string[] = [],
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, { schema, root: value, prefix, also }));
  return raise('PAL_CONFIG', {
    where,
    expected: 'a valid configuration',
    received: problems.length === 1 ? 'one with a problem' : `one with ${problems.length} problems`,
    fix: problems.map(({ path, message }) => `\n  ${path === '' ? '(top level)' : path}: ${message}`).join(''),
    details: { problems },
  });
}

/**
 * The check of an option that is a configuration with a schema of its own.
 *
 * @param schema - as {@link parseConfig} takes it
 * @returns a check for the table of an options object
 */
export function checkConfig(schema: z.ZodType): OptionCheck {
  return (where, name, value) => parseConfig(where, schema, value, name);
}

/** The data that issues are about. */
interface Subject {
  schema: z.ZodType;
  root: unknown;
  prefix: string;
  also: readonly string[];
}

function describeIssue(issue: Issue, subject: Subject): ConfigProblem[] {
  const { schema, root, prefix, also } = subject;
  const at = (path: Path): string => formatPath(prefix, path);
  if (issue.code === 'unrecognized_keys') {
    const known = listKnownKeys(schema, root, issue.path);
    const choices = issue.path.length === 0 ? [...also, ...known] : known;
    return issue.keys.map((key) => ({
      path: at([...issue.path, key]),
      message: `unknown key. ${formatUnknownKey(key, choices)}`,
    }));
  }
  const likely = issue.code === 'invalid_union' ? findLikelyBranch(issue) : undefined;
  if (likely) return likely.flatMap((inner) => describeIssue(nestIssue(inner, issue.path), subject));
  return [{ path: at(issue.path), message: formatIssue(issue, getValueAt(root, issue.path)) }];
}

/** The issues of the only branch of a union that takes this kind of value, if there is one. */
function findLikelyBranch(issue: z.core.$ZodIssueInvalidUnion): Issue[] | undefined {
  const fitting = issue.errors.filter((branch) =>
    branch.every((inner) => inner.path.length > 0 || !isKindMismatch(inner)),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function isKindMismatch(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function nestIssue(issue: Issue, path: PropertyKey[]): Issue {
  return { ...issue, path: [...path, ...issue.path] };
}

function formatIssue(issue: Issue, value: unknown): string {
  const expected = describeExpectation(issue);
  if (expected === undefined) return `${issue.message}, received ${show(value)}.`;
  if (value === undefined) return `missing, expected ${expected}.`;
  const fix = issue.code === 'invalid_value' || issue.code === 'invalid_union' ? suggestNearest(issue, value) : '';
  return `expected ${expected}, received ${show(value)}.${fix}`;
}

function describeExpectation(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return nameKind(issue.expected);
    case 'invalid_value':
      return formatChoices(issue.values.map(String), issue.values.map(show));
    case 'too_small':
      return `${nameSubject(issue.origin)} ${issue.inclusive === false ? 'above' : 'of at least'} ${String(issue.minimum)}`;
    case 'too_big':
      return `${nameSubject(issue.origin)} ${issue.inclusive === false ? 'below' : 'of at most'} ${String(issue.maximum)}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return describeUnion(issue);
    default:
      return undefined;
  }
}

function describeUnion(issue: z.core.$ZodIssueInvalidUnion): string | undefined {
  const options = listDiscriminators(issue);
  if (options) return formatChoices(options, options.map(show));
  const kinds = issue.errors.map((branch) => branch.find((inner) => inner.path.length === 0));
  const names = kinds.map((inner) => (inner ? describeExpectation(inner) : undefined));
  return names.length > 0 && names.every((name) => name !== undefined) ? [...new Set(names)].join(' or ') : undefined;
}

function listDiscriminators(issue: z.core.$ZodIssueInvalidUnion): string[] | undefined {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : undefined;
}

function suggestNearest(issue: Issue, value: unknown): string {
  if (typeof value !== 'string') return '';
  const choices =
    issue.code === 'invalid_value'
      ? issue.values.map(String)
      : listDiscriminators(issue as z.core.$ZodIssueInvalidUnion);
  const hint = choices ? formatSuggestion(value, choices) : '';
  return hint.startsWith('Did') ? ` ${hint}` : '';
}

function formatChoices(names: string[], shown: string[]): string {
  return names.length === 1 ? (shown[0] ?? '') : `one of ${shown.join(', ')}`;
}

function nameKind(kind: string): string {
  const names: Record<string, string> = {
    int: 'an integer',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
  };
  return names[kind] ?? `a ${kind}`;
}

function nameSubject(origin: string): string {
  if (origin === 'string') return 'a text length';
  return origin === 'array' || origin === 'set' ? 'a number of items' : 'a number';
}

function formatPath(prefix: string, path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, prefix);
}
