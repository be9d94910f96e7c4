import { parse } from 'yaml';
import type { ConfigField } from '../../core/index.js';

/** Ends a command whose words are wrong. */
export type Refuse = (message: string) => never;

/**
 * The value of a word of the command line, as its field takes it: numbers, booleans and lists are read as YAML
 * (`3e-4`, `true`, `[0.9, 0.99]`), text stays as it is.
 *
 * @param refuse - ends the command with a message when the word is none of the choices, or of another type
 */
export function parseValue(field: ConfigField, word: string, refuse: Refuse): unknown {
  if (field.choices)
    return field.choices.includes(word) ? word : refuse(`Allowed choices are ${field.choices.join(', ')}.`);
  switch (field.kind) {
    case 'string':
      return word;
    case 'number':
    case 'integer':
      return expectKind(word, 'number', `a${field.kind === 'integer' ? 'n integer' : ' number'}`, refuse);
    case 'boolean':
      return expectKind(word, 'boolean', 'true or false', refuse);
    default:
      return parse(word);
  }
}

function expectKind(word: string, kind: 'number' | 'boolean', expected: string, refuse: Refuse): unknown {
  const value: unknown = parse(word.replaceAll('_', ''));
  return typeof value === kind ? value : refuse(`Expected ${expected}.`);
}
