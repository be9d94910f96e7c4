import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { listConfigFields } from '../../lib/core/index.js';

const schedule = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant'), warmup: z.int().default(0).describe('Steps of the rise.') }),
  z.strictObject({ type: z.literal('cosine'), warmup: z.int().default(10), floor: z.number().default(0.1) }),
]);
const schema = z.strictObject({
  width: z.int().min(1).default(64).describe('Width of the stream.'),
  name: z.string().optional(),
  tied: z.boolean().default(true),
  betas: z.tuple([z.number(), z.number()]).optional(),
  norm: z.enum(['rms', 'layer']).default('rms'),
  steps: z.union([z.int(), z.literal('all')]).optional(),
  schedule: schedule.default({ type: 'constant', warmup: 0 }).describe('How the rate moves.'),
});

describe('listConfigFields', () => {
  test('plain fields carry type, default and documentation', () => {
    const fields = listConfigFields(schema, 'model');
    expect(fields[0]).toEqual({ path: 'model.width', kind: 'integer', default: 64, doc: 'Width of the stream.' });
    expect(fields.slice(1, 6).map(({ path, kind }) => `${path}: ${kind}`)).toEqual([
      'model.name: string',
      'model.tied: boolean',
      'model.betas: list',
      'model.norm: rms | layer',
      'model.steps: integer | all',
    ]);
    expect(fields[4]!.choices).toEqual(['rms', 'layer']);
  });

  test('a tagged union is its tag, then the fields of its branches, each once', () => {
    expect(listConfigFields(schema).slice(6)).toEqual([
      {
        path: 'schedule',
        kind: 'constant | cosine',
        choices: ['constant', 'cosine'],
        tag: 'type',
        default: 'constant',
        doc: 'How the rate moves.',
      },
      { path: 'schedule.warmup', kind: 'integer', doc: 'Steps of the rise.', only: 'schedule = constant or cosine' },
      { path: 'schedule.floor', kind: 'number', default: 0.1, doc: '', only: 'schedule = cosine' },
    ]);
  });
});
