import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder.path, ...names);
const small = ['--model.width', '16', '--model.layers', '1', '--model.heads', '2', '--model.contextLength', '16'];
const sentence = 'the sun climbs over the hill and the bird sings in the tree. ';
// Texts of one length and of the same characters, so that only their order tells them apart.
const texts = { first: sentence.repeat(40), other: [...sentence.repeat(40)].reverse().join('') };

afterAll(() => folder[Symbol.dispose]());

/** Prepares a text, in place of what was prepared before. */
async function prepareText(name: keyof typeof texts, tokenizer: string): Promise<void> {
  writeFileSync(at('text.txt'), texts[name]);
  const words = ['prepare', at('text.txt'), '--out', at('prepared'), '--tokenizer', tokenizer, '--replace'];
  expect(await palabra([...words, '--prepare.contamination', 'false'])).toMatchObject({ status: 0 });
}

const resume = (steps: number, ...flags: string[]) =>
  palabra(['resume', at('run'), '--trainer.steps', String(steps), ...flags]);

const readLastStep = (): number => {
  const lines = readFileSync(at('run', 'metrics.jsonl'), 'utf8').trim().split('\n');
  return (JSON.parse(lines.at(-1)!) as { step: number }).step;
};

test('a run goes on with other data or another tokenizer only with --allow-other-data', async () => {
  await prepareText('first', 'byte');
  const words = ['train', at('prepared'), '--run', at('run'), '--trainer.steps', '4', '--trainer.batchSize', '4'];
  expect(await palabra([...words, ...small])).toMatchObject({ status: 0 });
  await prepareText('other', 'byte');
  expect(await resume(6)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/\[PAL_DATA\].*SHA-256 \w+….*SHA-256 \w+….*--allow-other-data/s),
  });
  expect(await resume(6, '--allow-other-data')).toMatchObject({ status: 0 });
  expect(readLastStep()).toBe(6);
  await prepareText('first', 'char');
  expect(await resume(8)).toMatchObject({ status: 1, stderr: expect.stringContaining('--allow-other-data') });
  expect(await resume(8, '--allow-other-data')).toMatchObject({ status: 0 });
  expect(readLastStep()).toBe(8);
});
