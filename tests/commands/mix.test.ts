import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ExplainedSetting } from '../../lib/cli/settings/explain.js';
import { palabra } from '../helpers/cli.js';
import type { Ended } from '../helpers/cli.js';
import { freedAfterEach } from '../helpers/freed.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

freedAfterEach();

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder.path, ...names);
const [books, web, other] = [at('books'), at('web'), at('other')];
const small = ['--model.width', '8', '--model.layers', '1', '--model.heads', '2', '--model.contextLength', '16'];
const settings = [...small, '--trainer.batchSize', '4', '--no-tensorboard'];

async function succeed(...words: string[]): Promise<Ended> {
  const ended = await palabra(words);
  expect(ended.status === 0 ? '' : ended.stderr).toBe('');
  return ended;
}

const weightsOf = (run: string): Buffer => readFileSync(at(run, 'model', 'model.safetensors'));

beforeAll(async () => {
  const sentence = 'The sun climbs over the hill. The bird sings in the tree. ';
  writeFileSync(at('books.txt'), Array.from({ length: 40 }, (_, i) => `${sentence}${i}\n`).join(''));
  writeFileSync(at('web.txt'), Array.from({ length: 60 }, (_, i) => `${i * i} birds sing. ${sentence}\n`).join(''));
  await succeed('prepare', at('books.txt'), '--out', books, '--tokenizer', 'char');
  await succeed('prepare', at('web.txt'), '--out', web, '--tokenizer', 'file', '--tokenizer.directory', books);
  await succeed('prepare', at('web.txt'), '--out', other, '--tokenizer', 'byte');
});
afterAll(() => folder[Symbol.dispose]());

describe('a mix of prepared folders', () => {
  const mix = ['--mix', `${books}=3`, '--mix', `${web}=1`];

  test('is trained by weights, measured by source, and goes on after a stop to the same bits', async () => {
    await succeed('train', ...mix, '--run', at('whole'), ...settings, '--trainer.steps', '8');
    await succeed('train', ...mix, '--run', at('parts'), ...settings, '--trainer.steps', '8', '--until', '5');
    await succeed('resume', at('parts'));
    expect(weightsOf('parts')).toEqual(weightsOf('whole'));
    const { data } = JSON.parse(readFileSync(at('whole', 'config.json'), 'utf8')) as { data: { validation: object } };
    expect(Object.keys(data.validation)).toEqual(['books', 'web']);
    for (const command of ['validate', 'verify']) await palabra([command, at('whole')]);
    const report = await succeed('evaluate', at('whole'), '--split', 'validation', '--json');
    const alone = await succeed('evaluate', at('whole'), at('books.txt'), '--json');
    expect(JSON.parse(report.stdout)).not.toEqual(JSON.parse(alone.stdout));
  });

  test('train --explain shows every weight and where it comes from', async () => {
    const config = at('mix.yaml');
    writeFileSync(config, `mix:\n  ${books}: 2\n  ${web}: {weight: 1, dataset: {type: packed, length: 8}}\n`);
    const { stdout } = await succeed(
      'train',
      '--config',
      config,
      '--mix',
      `${books}=5`,
      '--explain',
      '--json',
      ...small,
    );
    const rows = (JSON.parse(stdout) as ExplainedSetting[]).filter(({ field }) => field.startsWith('mix.'));
    expect(rows.map(({ field, value, source }) => [field.replace(folder.path, ''), value, source])).toEqual([
      ['mix./books', 5, 'flag'],
      ['mix./web.weight', 1, 'config file'],
      ['mix./web.dataset.type', 'packed', 'config file'],
      ['mix./web.dataset.length', 8, 'config file'],
      ['mix./web.dataset.strategy', 'best-fit', 'default'],
    ]);
  });

  test('may draw from streams, each source with a state of its own, and resumes', async () => {
    const lstm = ['--model', 'lstm', '--model.embeddingDim', '8', '--model.width', '16', '--model.layers', '1'];
    const streams = [...mix, ...lstm, '--dataset', 'streams', '--dataset.length', '8', '--trainer.batchSize', '2'];
    await succeed('train', ...streams, '--run', at('lstm'), '--trainer.steps', '6', '--no-tensorboard');
    await succeed(
      'train',
      ...streams,
      '--run',
      at('lstm2'),
      '--trainer.steps',
      '6',
      '--until',
      '3',
      '--no-tensorboard',
    );
    await succeed('resume', at('lstm2'));
    expect(weightsOf('lstm2')).toEqual(weightsOf('lstm'));
  });

  test('of two tokenizers, or beside other data, is refused with what to do', async () => {
    const refused = async (...words: string[]): Promise<string> => {
      const { status, stderr } = await palabra(['train', '--run', at('never'), ...settings, ...words]);
      expect(status).toBe(1);
      return stderr;
    };
    const fix = `--tokenizer file --tokenizer.directory ${books}`;
    expect(await refused('--mix', `${books}=1`, '--mix', `${other}=1`)).toContain(fix);
    expect(await refused(at('web.txt'), ...mix)).toContain('prepared folders as mix, and no other data');
    expect(await refused('--mix', `${books}=-1`)).toContain('mix');
  });
});
