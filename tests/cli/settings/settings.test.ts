import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { z } from 'zod';
import { addSettings, readSettings } from '../../../lib/cli/settings/settings.js';
import { temporaryFolder } from '../../helpers/stub-libtorch.js';

const schedule = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant') }),
  z.strictObject({ type: z.literal('cosine'), floor: z.number().optional() }),
]);
const sections = [
  {
    name: 'model',
    title: 'Model',
    schema: z.strictObject({ vocabSize: z.int(), width: z.int().default(64), tied: z.boolean().default(true) }),
    without: ['vocabSize'],
  },
  {
    name: 'trainer',
    title: 'Training',
    schema: z.strictObject({
      name: z.string().optional(),
      betas: z.array(z.number()).optional(),
      schedule: schedule.default({ type: 'cosine' }),
    }),
  },
];

/** What a command line, and perhaps a file, come to. */
async function settingsOf(words: string[], file?: { name: string; text: string }) {
  using folder = temporaryFolder();
  const path = join(folder.path, file?.name ?? 'none');
  if (file) writeFileSync(path, file.text);
  const command = new Command('train').exitOverride().configureOutput({ writeErr: () => undefined });
  addSettings(command, sections);
  command.parse(file ? [...words, '--config', path] : words, { from: 'user' });
  return await readSettings(sections, command.opts());
}

const yaml = (text: string) => ({ name: 'run.yaml', text });

describe('settings', () => {
  test('words become values of the type of their field', async () => {
    const words = ['--model.width', '1_024', '--model.tied', 'false', '--trainer.name', '12'];
    expect(await settingsOf([...words, '--trainer.betas', '[0.9, 9.5e-1]'])).toEqual({
      model: { width: 1024, tied: false },
      trainer: { name: '12', betas: [0.9, 0.95] },
    });
    expect(await settingsOf(['--model.tied'])).toEqual({ model: { tied: true } });
  });

  test('what was not said is not there, so that defaults stay the schema’s', async () => {
    expect(await settingsOf([])).toEqual({});
  });

  test('the command line wins over the file', async () => {
    const file = yaml('model: {width: 8, tied: false}\ntrainer: {name: first}\n');
    expect(await settingsOf(['--model.width', '16'], file)).toEqual({
      model: { width: 16, tied: false },
      trainer: { name: 'first' },
    });
  });

  test('a tagged union is named by its tag, and its fields imply the default tag', async () => {
    expect(await settingsOf(['--trainer.schedule', 'constant'])).toEqual({
      trainer: { schedule: { type: 'constant' } },
    });
    expect(await settingsOf(['--trainer.schedule.floor', '0.2'])).toEqual({
      trainer: { schedule: { type: 'cosine', floor: 0.2 } },
    });
    const file = yaml('trainer: {schedule: {type: cosine, floor: 0.3}}\n');
    expect(await settingsOf(['--trainer.schedule', 'constant'], file)).toEqual({
      trainer: { schedule: { type: 'constant' } },
    });
    expect(await settingsOf(['--trainer.schedule', 'cosine'], file)).toEqual({
      trainer: { schedule: { type: 'cosine', floor: 0.3 } },
    });
  });

  test('JSON files are read too', async () => {
    expect(await settingsOf([], { name: 'run.json', text: '{"model": {"width": 4}}' })).toEqual({
      model: { width: 4 },
    });
  });

  test.each([
    [['--model.width', 'wide'], 'Expected an integer.'],
    [['--trainer.schedule', 'cosin'], 'constant, cosine'],
    [['--model.vocabSize', '4'], 'unknown option'],
    [['--model.wdth', '4'], 'Did you mean --model.width?'],
  ])('wrong words are refused: %j', async (words, message) => {
    await expect(settingsOf(words)).rejects.toThrow(message);
  });

  test.each([
    [yaml('modle: {width: 4}'), 'Did you mean "model"?'],
    [yaml('model: ['), 'expected YAML'],
    [yaml('- 1\n- 2\n'), 'expected a mapping'],
    [{ name: 'run.json', text: '{' }, 'expected JSON'],
  ])('a wrong file is refused: %j', async (file, message) => {
    await expect(settingsOf([], file)).rejects.toThrow(message);
  });

  test('the help groups the fields and tells their defaults', () => {
    const command = new Command('train');
    addSettings(command, sections);
    const help = command.helpInformation();
    for (const part of [
      'Model:',
      'Training:',
      '--model.width <integer>',
      'default: 64',
      'for trainer.schedule = cosine',
    ])
      expect(help).toContain(part);
  });
});
