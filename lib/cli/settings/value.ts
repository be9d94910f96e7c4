import { parse } from 'yaml';
import { isPlainSettings } from '../../core/index.js';
import type { ConfigField } from '../../core/index.js';

/** Ends a command whose words are wrong. */
export type Refuse = (message: string) => never;

/**
 * The value of a word of the command line, as its field takes it. A word is a word: where the field takes text it stays
 * as it is, whatever signs it holds. A list is given by repeating the option, or as JSON in brackets.
 *
 * @param field - says what is taken
 * @param word - as the shell hands it over
 * @param refuse - ends the command with a message when the word is none of the choices, or of another type
 * @param before - the value of the words of the same option before this one, if any
 * @returns the value, not checked against the schema
 */
export function parseValue(field: ConfigField, word: string, refuse: Refuse, before?: unknown): unknown {
  if (field.choices)
    return field.choices.includes(word) ? word : refuse(`Allowed choices are ${field.choices.join(', ')}.`);
  const kinds = field.kind.split(' | ');
  if (kinds.includes('record')) return parseRecord(kinds, word, refuse, before);
  if (kinds.includes('list')) return parseListed(field, kinds, word, refuse, before);
  return parseOne(kinds, word, refuse);
}

/** Numbers by names, as `name=3`, each by repeating the option; or JSON in braces. */
function parseRecord(kinds: readonly string[], word: string, refuse: Refuse, before: unknown): unknown {
  const pair = /^([^{].*)=([^=]*)$/s.exec(word);
  const found = pair ? { [pair[1]!]: parseNumber(['number'], pair[2]!, refuse) } : parseOne(kinds, word, refuse);
  return isPlainSettings(before) && isPlainSettings(found) ? { ...before, ...found } : found;
}

/** A word, or a list, of a field that takes lists. */
function parseListed(field: ConfigField, kinds: string[], word: string, refuse: Refuse, before: unknown): unknown {
  const list = /^\[.*\]$/s.test(word) ? parseList(field, kinds, word, refuse) : undefined;
  const own = kinds.filter((kind) => kind !== 'list');
  const items = field.items ?? 'string';
  if (before !== undefined) {
    const added: unknown[] = list ?? [parseOne([items], word, refuse)];
    return [...(Array.isArray(before) ? (before as unknown[]) : [before]), ...added];
  }
  if (list !== undefined) return list;
  return own.includes(word) || own.includes('string') ? word : [parseOne([items], word, refuse)];
}

/** The list that a word in brackets stands for; undefined where it is a word, as `[END]`. */
function parseList({ path, items }: ConfigField, kinds: string[], word: string, refuse: Refuse): unknown[] | undefined {
  const found = tryParse(() => JSON.parse(word) as unknown);
  if (Array.isArray(found)) return found as unknown[];
  if (!kinds.includes('string') && items !== 'string') {
    const flow = tryParse(() => parse(word) as unknown);
    return Array.isArray(flow) ? (flow as unknown[]) : refuse(describeLists(path));
  }
  return word.includes(',')
    ? refuse(`${describeLists(path)} The word itself: --${path} '${JSON.stringify([word])}'.`)
    : undefined;
}

function describeLists(path: string): string {
  return `A list is given by repeating the option (--${path} a --${path} b) or as JSON (--${path} '["a", "b"]').`;
}

function parseOne(kinds: readonly string[], word: string, refuse: Refuse): unknown {
  const nested = kinds.includes('object') || kinds.includes('record');
  if (nested && word.startsWith('{')) return parseObject(word, refuse);
  if (kinds.includes('string') || kinds.includes(word)) return word;
  if (kinds.some((kind) => kind === 'number' || kind === 'integer')) return parseNumber(kinds, word, refuse);
  if (kinds.includes('boolean')) return parseBoolean(word, refuse);
  return nested ? parseObject(word, refuse) : word;
}

function parseObject(word: string, refuse: Refuse): unknown {
  const found = tryParse(() => parse(word) as unknown);
  return typeof found === 'object' && found !== null ? found : refuse(`Expected JSON in braces, as '{"a": 1}'.`);
}

function parseNumber(kinds: readonly string[], word: string, refuse: Refuse): number {
  const value = /^[-+.\d]/.test(word) ? Number(word.replaceAll('_', '')) : NaN;
  if (Number.isFinite(value)) return value;
  return refuse(`Expected a${kinds.includes('integer') ? 'n integer' : ' number'}.`);
}

function parseBoolean(word: string, refuse: Refuse): boolean {
  return word === 'true' || (word !== 'false' && refuse('Expected true or false.'));
}

/** What a text stands for in another notation; undefined where it is none. */
function tryParse(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
