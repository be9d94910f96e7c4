import { describe, expect, test } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { mixSection } from '../../../lib/cli/settings/mix-settings.js';
import { addSettings, readSettings } from '../../../lib/cli/settings/settings.js';
import { sourceConfigSchema } from '../../../lib/data/sources/source-config.js';
import { generationConfigSchema } from '../../../lib/models/index.js';
import { optimizerConfigSchema } from '../../../lib/optim/index.js';

const sections = [
  { name: 'source', title: 'Source', schema: sourceConfigSchema, implied: { '': 'files' } },
  { name: 'optimizer', title: 'Optimizer', schema: optimizerConfigSchema, implied: { '': 'adamw' } },
  mixSection,
  { name: '', title: 'Generation', schema: generationConfigSchema },
];

/** The settings that words of a command line stand for; an error of commander has what it prints. */
async function read(...words: string[]): Promise<Record<string, unknown>> {
  const printed: string[] = [];
  const command = new Command('any').exitOverride().configureOutput({ writeErr: (text) => printed.push(text) });
  addSettings(command, sections);
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? new Error(printed.join('')) : error;
  }
  return readSettings(sections, command.opts());
}

describe('words of the command line', () => {
  test.each([
    '@x',
    '*x',
    '%x',
    '&x',
    '!x',
    '`x',
    'User:',
    '###',
    '# x',
    '- x',
    '? x',
    '"x',
    "'x",
    '{x',
    '{a: 1}',
    '[END]',
    '[x',
    '|',
    '>',
    '~',
    'null',
    'true',
    '12',
    '1e3',
    '',
    ' x ',
    '[INST]',
    'a, b',
    'json:1',
  ])('a word is a word: %j', async (word) => {
    expect(await read('--stop', word)).toEqual({ stop: [word] });
    expect(await read('--source', 'jsonl', '--source.field', word)).toEqual({ source: { type: 'jsonl', field: word } });
    expect(await read('--source', 'csv', '--source.column', word)).toEqual({ source: { type: 'csv', column: word } });
  });

  test('a list is given by repeating the option, or as JSON in brackets', async () => {
    expect(await read('--stop', 'a', '--stop', 'User:')).toEqual({ stop: ['a', 'User:'] });
    expect(await read('--stop', '["a", "b"]', '--stop', 'c')).toEqual({ stop: ['a', 'b', 'c'] });
    expect(await read('--source.field', '["a", "b"]')).toMatchObject({ source: { field: ['a', 'b'] } });
    expect(await read('--source.field', 'a', '--source.field', 'b')).toMatchObject({ source: { field: ['a', 'b'] } });
    expect(await read('--endTokens', '3', '--endTokens', '4')).toEqual({ endTokens: [3, 4] });
    expect(await read('--optimizer.betas', '[0.9, 0.95]')).toMatchObject({ optimizer: { betas: [0.9, 0.95] } });
  });

  test.each([
    [['--source.field', '[a, b]'], `--source.field '["a", "b"]'`],
    [['--source.field', '[a, b]'], '--source.field a --source.field b'],
    [['--endTokens', 'x'], 'Expected an integer.'],
    [['--topP', '@x'], 'Expected a number.'],
    [['--topP', ''], 'Expected a number.'],
    [['--topP', '~'], 'Expected a number.'],
    [['--optimizer', 'adam'], 'Allowed choices are'],
    [['--optimizer.betas', '[0.9'], 'Expected a number.'],
    [['--optimizer.nesterov', 'yes'], 'Expected true or false.'],
  ])('what is none is an error that shows how: %j', async (words, message) => {
    await expect(read(...words)).rejects.toThrow(message);
  });

  test('numbers by names are given by repeating the option, or as JSON in braces', async () => {
    const mix = { 'data/a=b': 3, web: 0.5 };
    await expect(read('--mix', 'data/a=b=3', '--mix', 'web=0.5')).resolves.toMatchObject({ mix });
    await expect(read('--mix', '{"data/a=b": 3}', '--mix', 'web=0.5')).resolves.toMatchObject({ mix });
    await expect(read('--mix', 'web=much')).rejects.toThrow('Expected a number');
    await expect(read('--mix', 'web')).rejects.toThrow('Expected JSON in braces');
  });

  test('numbers as people write them', async () => {
    for (const [word, value] of [
      ['3e-4', 3e-4],
      ['.5', 0.5],
      ['1_000', 1000],
      ['-1', -1],
      ['+2', 2],
    ] as const)
      expect(await read('--temperature', word)).toEqual({ temperature: value });
  });
});
