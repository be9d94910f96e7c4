import { InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import type { ConfigField } from '../../core/index.js';

/**
 * The value of a word of the command line, as its field takes it: numbers, booleans and lists are read as YAML
 * (`3e-4`, `true`, `[0.9, 0.99]`), text stays as it is.
 *
 * @throws InvalidArgumentError when the word is none of its choices or no number
 */
export function valueOf(field: ConfigField, word: string): unknown {
  if (field.choices) return expectChoice(field.choices, word);
  switch (field.kind) {
    case 'string':
      return word;
    case 'number':
    case 'integer':
      return expectKind(word, 'number', `a${field.kind === 'integer' ? 'n integer' : ' number'}`);
    case 'boolean':
      return expectKind(word, 'boolean', 'true or false');
    default:
      return parse(word);
  }
}

function expectChoice(choices: readonly string[], word: string): string {
  if (choices.includes(word)) return word;
  throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
}

function expectKind(word: string, kind: 'number' | 'boolean', expected: string): unknown {
  const value: unknown = parse(word.replaceAll('_', ''));
  if (typeof value === kind) return value;
  throw new InvalidArgumentError(`Expected ${expected}.`);
}
