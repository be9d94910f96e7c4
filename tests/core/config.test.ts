import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, parseConfig } from '../../lib/core/index.js';
import type { ConfigProblem } from '../../lib/core/index.js';

const attention = z.strictObject({ heads: z.int().positive(), kvHeads: z.int().positive().optional() });
const schema = z.strictObject({
  width: z.int().positive().default(64),
  dropout: z.number().min(0).lt(1).default(0),
  attention: attention.default({ heads: 4 }),
  activation: z.enum(['gelu', 'silu', 'relu']).default('gelu'),
  schedule: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant') }),
      z.strictObject({ kind: z.literal('cosine'), warmup: z.int().min(0) }),
    ])
    .default({ kind: 'constant' }),
  betas: z.array(z.number()).length(2).optional(),
  init: z.union([z.number(), z.strictObject({ std: z.number() })]).optional(),
});

function problemsOf(value: unknown, prefix?: string): ConfigProblem[] {
  try {
    parseConfig('Model', schema, value, prefix);
  } catch (error) {
    if (error instanceof ConfigError) return error.details.problems as ConfigProblem[];
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  test('fills in defaults', () => {
    expect(parseConfig('Model', schema, { width: 8 })).toEqual({
      width: 8,
      dropout: 0,
      attention: { heads: 4 },
      activation: 'gelu',
      schedule: { kind: 'constant' },
    });
  });

  test.each<[string, unknown, ConfigProblem[]]>([
    ['kind', { width: '8' }, [{ path: 'width', message: 'expected a number, received "8".' }]],
    ['whole number', { width: 1.5 }, [{ path: 'width', message: 'expected an integer, received 1.5.' }]],
    ['bounds', { width: 0 }, [{ path: 'width', message: 'expected a number above 0, received 0.' }]],
    ['upper bound', { dropout: 1 }, [{ path: 'dropout', message: 'expected a number below 1, received 1.' }]],
    ['missing', { attention: {} }, [{ path: 'attention.heads', message: 'missing, expected a number.' }]],
    [
      'unknown key',
      { widht: 8 },
      [
        {
          path: 'widht',
          message:
            'unknown key. Did you mean "width"? Known: width, dropout, attention, activation, schedule, betas, init.',
        },
      ],
    ],
    [
      'unknown nested key',
      { attention: { heads: 2, kvheads: 1 } },
      [{ path: 'attention.kvheads', message: 'unknown key. Did you mean "kvHeads"? Known: heads, kvHeads.' }],
    ],
    [
      'far from every key',
      { attention: { heads: 2, zebra: 1 } },
      [{ path: 'attention.zebra', message: 'unknown key. Known: heads, kvHeads.' }],
    ],
    [
      'choice',
      { activation: 'glu' },
      [{ path: 'activation', message: 'expected one of "gelu", "silu", "relu", received "glu". Did you mean "gelu"?' }],
    ],
    [
      'tag',
      { schedule: { kind: 'cosin' } },
      [
        {
          path: 'schedule.kind',
          message: 'expected one of "constant", "cosine", received "cosin". Did you mean "cosine"?',
        },
      ],
    ],
    [
      'key of another variant',
      { schedule: { kind: 'cosine', warmup: 1, wramup: 3 } },
      [{ path: 'schedule.wramup', message: 'unknown key. Did you mean "warmup"? Known: kind, warmup.' }],
    ],
    [
      'a key that only the other variant has is not suggested',
      { schedule: { kind: 'constant', warmup: 1 } },
      [{ path: 'schedule.warmup', message: 'unknown key. Known: kind.' }],
    ],
    ['item', { betas: [0.9, 'x'] }, [{ path: 'betas[1]', message: 'expected a number, received "x".' }]],
    ['union of kinds', { init: 'x' }, [{ path: 'init', message: 'expected a number or an object, received "x".' }]],
    [
      'the likely variant of a union',
      { init: { sdt: 1 } },
      [
        { path: 'init.std', message: 'missing, expected a number.' },
        { path: 'init.sdt', message: 'unknown key. Did you mean "std"? Known: std.' },
      ],
    ],
    ['not an object', 3, [{ path: '', message: 'expected an object, received 3.' }]],
  ])('%s', (_name, value, problems) => {
    expect(problemsOf(value)).toEqual(problems);
  });

  test('reports everything at once, with the prefix, in one message', () => {
    const value = { width: 0, dropout: 2, attention: { heads: '4' }, widths: 1 };
    expect(
      problemsOf(value, 'model')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['model.attention.heads', 'model.dropout', 'model.width', 'model.widths']);
    expect(() => parseConfig('Model', schema, { width: 0, dropout: 2 }, 'model')).toThrow(
      '[PAL_CONFIG] Model: expected a valid configuration, received one with 2 problems.' +
        '\n  model.width: expected a number above 0, received 0.' +
        '\n  model.dropout: expected a number below 1, received 2.',
    );
  });

  test('custom rules keep their sentence', () => {
    const even = z.number().refine((value) => value % 2 === 0, 'must be even');
    expect(() => parseConfig('Model', even, 3)).toThrow('(top level): must be even, received 3.');
  });
});
