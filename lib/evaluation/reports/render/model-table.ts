import { formatInteger } from '../../../core/index.js';
import type { Table } from '../../../pictures/index.js';
import type { ModelFacts } from '../facts.js';

/** Builds a table of the facts of a model. */
export function buildModelTable({ kind, parameters, bodyParameters, vocabSize, tokenizer, config }: ModelFacts): Table {
  const sizes = ['contextLength', 'width', 'layers', 'heads'].flatMap((key) => {
    const value = getNumber(config, key);
    return value === undefined ? [] : [[key, formatInteger(value)]];
  });
  return {
    columns: ['model', kind],
    rows: [
      ['parameters', formatInteger(parameters)],
      ['without tables', formatInteger(bodyParameters)],
      ['tokenizer', `${tokenizer}, ${formatInteger(vocabSize)} tokens`],
      ...sizes,
      ...(listFeatures(config) === '' ? [] : [['features', listFeatures(config)]]),
    ],
  };
}

/** A number of a configuration, where it has one. */
export function getNumber(config: object, key: string): number | undefined {
  const value: unknown = (config as Record<string, unknown>)[key];
  return typeof value === 'number' ? value : undefined;
}

/** The variants of a configuration, as `positions rotary, tied`. */
export function listFeatures(config: object): string {
  return Object.entries(config)
    .flatMap(([name, value]: [string, unknown]) => {
      if (value === true) return [name];
      const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
      return typeof type === 'string' && type !== 'none' ? [`${name} ${type}`] : [];
    })
    .join(', ');
}
