import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { trainerSection } from '../../../lib/cli/commands/training/train-sections.js';
import { modelSettingsSchema } from '../../../lib/cli/settings/model-settings.js';
import { addSettings, readSettings } from '../../../lib/cli/settings/settings.js';
import type { SettingsSection } from '../../../lib/cli/settings/settings.js';
import { listConfigFields, parseConfig } from '../../../lib/core/index.js';
import type { ConfigField } from '../../../lib/core/index.js';
import { datasetConfigSchema } from '../../../lib/data/index.js';
import { generationConfigSchema } from '../../../lib/models/index.js';
import { trainerConfigSchema, trainerPresets } from '../../../lib/training/index.js';

const sections: readonly SettingsSection[] = [
  trainerSection,
  { name: 'model', title: 'Model', schema: modelSettingsSchema, implied: { '': 'gpt' } },
  { name: 'dataset', title: 'Batches', schema: datasetConfigSchema, implied: { '': 'windows' } },
  { name: 'generation', title: 'Generation', schema: generationConfigSchema },
];

/** Words for fields whose bounds or shape the rule below does not meet. */
const special: Record<string, string> = {
  'trainer.optimizer.betas': '[0.8, 0.9]',
  'trainer.earlyStopping.metric': 'loss',
  'trainer.evaluateAt': '[3]',
  'trainer.parameterGroups': '[{match: "*", learningRateScale: 0.5}]',
  'model.attention.layers': '[0]',
  'model.dropout': '0.5',
  'model.embeddingScale': '2',
  'model.stochasticDepth': '0.5',
  'model.bias': 'true',
  'generation.repetitionWindow': 'all',
  'generation.repetitionPenalty': '1.25',
  'generation.suppressTokens': '[3]',
  'generation.forcedTokens': '[3]',
  'generation.endTokens': '[3]',
  'generation.stop': '["x"]',
  'dataset.lengths': '[4, 8]',
  'dataset.stages': '[{dataset: {type: windows, length: 4}}]',
};
/** What a field needs beside itself. */
const beside: Record<string, string[]> = {
  restarts: ['--trainer.schedule.period', '7'],
  slots: ['--model', 'infinito'],
  phi: ['--model', 'infinito'],
  dynamic: ['--model', 'infinito'],
  deltaPhi: ['--model', 'infinito'],
  fixed: ['--model', 'infinito'],
  cosine: ['--model', 'infinito'],
  slidingWindow: ['--model.attention.window', '7'],
  linear: ['--model.positions.scaling.factor', '3'],
  llama3: ['--model.positions.scaling.factor', '3', '--model.positions.scaling.originalContextLength', '9'],
};

/** A word for a value that is not the default. */
function wordFor({ path, kind, choices, default: usual }: ConfigField): string {
  if (special[path] !== undefined) return special[path];
  if (choices !== undefined) return choices.find((choice) => choice !== usual)!;
  if (kind === 'boolean') return String(usual !== true);
  if (kind === 'integer') return String((typeof usual === 'number' ? usual : 1) + 1);
  if (kind !== 'number') return 'x';
  return typeof usual === 'number' && usual >= 1 ? String(usual * 2) : String(usual === 0.25 ? 0.5 : 0.25);
}

/** The branch that a field belongs to, as words; several where its union stands in another one. */
function branchOf({ only }: ConfigField): string[] {
  if (only === undefined) return [];
  const [path, tags] = only.split(' = ') as [string, string];
  const tag = tags.split(' or ')[0]!;
  return [`--${path}`, tag, ...besides(path, tag)];
}

/** `linear` and `cosine` are names of schedules, too. */
function besides(path: string, tag: string): string[] {
  return path === 'trainer.schedule' && tag !== 'restarts' ? [] : (beside[tag] ?? []);
}

/** Option and word in pairs, each option once, the last one given. */
function once(words: readonly string[]): string[] {
  const pairs = words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1]!] as const] : []));
  return [...new Map(pairs)].flat();
}

async function settingsOf(words: readonly string[]): Promise<Record<string, unknown>> {
  const command = new Command('train').exitOverride().configureOutput({ writeErr: () => undefined });
  addSettings(command, sections);
  command.parse(words, { from: 'user' });
  return await readSettings(sections, command.opts());
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((place, key) => (place as Record<string, unknown> | undefined)?.[key], value);

describe.each(sections)('every option of $name', ({ name, schema }) => {
  const fields = listConfigFields(schema, name);

  test.each(fields)('$path takes effect', async (field) => {
    const word = wordFor(field);
    const more = field.tag === undefined ? [] : besides(field.path, word);
    const settings = await settingsOf(once([...branchOf(field), ...more, `--${field.path}`, word]));
    const whole = { [name]: parseConfig(name, schema, settings[name]) };
    const found = at(whole, field.tag === undefined ? field.path : `${field.path}.${field.tag}`);
    if (typeof found === 'object') expect(found).toEqual(expect.anything());
    else expect(`${found as string | number}`).toBe(word);
    if (field.default !== undefined && field.tag === undefined) expect(found).not.toEqual(field.default);
  });
});

test('the preset of the LSTM, resolved', () => {
  expect(parseConfig('preset', trainerConfigSchema, trainerPresets.lstm)).toEqual({
    ...{ epochs: 10, batchSize: 32, accumulation: 1, order: 'shuffled', seed: 0 },
    optimizer: { type: 'adamw', learningRate: 1e-3, weightDecay: 0, betas: [0.9, 0.999], eps: 1e-8 },
    schedule: { type: 'plateau', warmup: 0, factor: 0.5, patience: 1, minimum: 1e-6, threshold: 1e-4 },
    ...{ maxGradNorm: 1, labelSmoothing: 0.1, zLoss: 0, precision: 'float32', checkpointing: false, mode: 'program' },
    ...{ deterministic: false, keep: { last: 2, best: 1 } },
    earlyStopping: { metric: 'perplexity', patience: 3, minimumDelta: 0 },
  });
});
