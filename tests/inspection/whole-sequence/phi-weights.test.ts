import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { computePhiLogits, defaultPhiWeights, loadPhiWeights, savePhiWeights } from '../../../lib/inspection/index.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-phi-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const learned = { weights: { ...defaultPhiWeights }, constraint: 'softmax' as const };

test('weights come back as they were written, with the time', async () => {
  const path = join(folder, 'weights.json');
  await savePhiWeights(path, learned);
  const stored = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  expect(Object.keys(stored)).toEqual(['weights', 'constraint', 'timestamp']);
  expect(await loadPhiWeights(path)).toEqual({ ...learned, timestamp: stored.timestamp });
});

test('logits give the weights again', () => {
  const logits = computePhiLogits(learned);
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  [0.3, 0.3, 0.2, 0.2].forEach((weight, i) => expect(powers[i]! / sum).toBeCloseTo(weight, 12));
  const own = computePhiLogits({ weights: { ...defaultPhiWeights, temporal: 0.9 }, constraint: 'sigmoid' });
  expect(1 / (1 + Math.exp(-own[0]!))).toBeCloseTo(0.9, 12);
});

test.each([
  ['weights of a softmax that sum to more', { ...learned, weights: { ...defaultPhiWeights, temporal: 0.9 } }],
  ['a weight of 1', { weights: { ...defaultPhiWeights, temporal: 1 }, constraint: 'sigmoid' as const }],
])('%s are refused', async (_, bad) => {
  await expect(savePhiWeights(join(folder, 'bad.json'), bad)).rejects.toMatchObject({ code: 'PAL_CONFIG' });
});

test('what is no such file is refused by name', async () => {
  const path = join(folder, 'other.json');
  await writeFile(path, '{"weights": {"temporal": 0.3}, "constraint": "softmax"}');
  await expect(loadPhiWeights(path)).rejects.toMatchObject({ code: 'PAL_CONFIG' });
  await writeFile(path, 'no JSON');
  await expect(loadPhiWeights(path)).rejects.toMatchObject({ code: 'PAL_CONFIG' });
  await expect(loadPhiWeights(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'PAL_FILE' });
});
