/** An attention variant costs a file of its own and one existing file of lib, attention-type.ts: here one is added so. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { LanguageModel } from '../../../lib/models/index.js';

const EDITED = resolve('lib/nn/attention/attention-type.ts');
const ADDED = resolve('tests/helpers/sigmoid-attention.ts');

/** attention-type.ts with the import and the line of the new variant; other imports are those of its folder. */
function addVariant(): string {
  const source = readFileSync(EDITED, 'utf8');
  const list = 'const variants = {\n';
  expect(source.split(list)).toHaveLength(2);
  const edited = `import { sigmoidAttention } from '${ADDED}';\n${source.replace(list, `${list}  sigmoid: sigmoidAttention,\n`)}`;
  return edited.replace(/'(\.[^']*)\.js'/g, (_, path: string) => `'${resolve(dirname(EDITED), path)}.ts'`);
}

const folder = mkdtempSync(join(tmpdir(), 'palabra-variant-'));
const sizes = { vocabSize: 256, contextLength: 16, width: 16, layers: 2, heads: 4, kvHeads: 2 };
type Lib = Awaited<ReturnType<typeof loadLib>>;
let lib: Lib;

async function loadLib() {
  return {
    ...(await import('../../../lib/models/index.js')),
    ...(await import('../../../lib/generation/index.js')),
    ...(await import('../../../lib/tensor/index.js')),
    ...(await import('../../../lib/training/index.js')),
    ...(await import('../../../lib/data/index.js')),
    ...(await import('../../../lib/text/index.js')),
    ...(await import('../../helpers/sigmoid-attention.js')),
  };
}

beforeAll(async () => {
  const file = join(folder, 'attention-type.ts');
  writeFileSync(file, addVariant());
  const edited = (await import(file)) as object;
  jest.unstable_mockModule('../../../lib/nn/attention/attention-type.js', () => edited);
  lib = await loadLib();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const build = (): LanguageModel => {
  lib.manualSeed(3);
  return lib.buildModel('gpt', { ...sizes, attention: { type: 'sigmoid', bias: -1 } });
};

const shapesOf = (model: LanguageModel) =>
  Object.entries(model.stateDict()).map(([name, value]) => [name, value.shape]);

test('a configuration names it; the model has its kernel, and the parameters of softmax', () => {
  const model = build();
  const kernels = [...model.namedModules()].filter(([, module]) => module instanceof lib.SigmoidAttention);
  expect(kernels).toHaveLength(2);
  expect(model.config).toMatchObject({ attention: { type: 'sigmoid', bias: -1 } });
  expect(shapesOf(model)).toEqual(shapesOf(lib.buildModel('gpt', sizes)));
  expect(() => lib.buildModel('gpt', { ...sizes, attention: { type: 'sigmoid', bias: 'x' } })).toThrow(/bias/);
});

test('it trains, is stored and loaded, and decodes token by token and in one batch as it reads a whole text', async () => {
  const tokenizer = new lib.ByteTokenizer();
  const tokens = Uint16Array.from(tokenizer.encode('abcd'.repeat(60)));
  const data = { train: new lib.WindowDataset(tokens, { length: 8 }) };
  const model = build();
  const settings = { model, tokenizer, data, batchSize: 8, steps: 40, schedule: { type: 'constant' } } as const;
  const losses: number[] = [];
  const trainer = new lib.Trainer({ ...settings, optimizer: { type: 'adamw', learningRate: 0.02 } });
  for await (const { loss } of trainer.steps()) losses.push(loss);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 4);

  await lib.saveModel(join(folder, 'model'), model, { tokenizer });
  const { model: loaded } = await lib.loadModel(join(folder, 'model'));
  const ids = lib.tensor([[...tokenizer.encode('abcdabcd')]], { dtype: 'int64' });
  const whole = lib.noGrad(() => model.forward(ids, { training: false }));
  expect(lib.noGrad(() => loaded.forward(ids, { training: false })).bits()).toEqual(whole.bits());

  const state = loaded.newState(1);
  const parts = lib.noGrad(() =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((at) => loaded.forward(ids.narrow(1, at, 1), { training: false, state })),
  );
  expect(lib.allclose(lib.cat(parts, 1), whole, { atol: 1e-5 })).toBe(true);
  state.dispose();
  const write = (prompts: string[]) => lib.generateTexts(loaded, tokenizer, prompts, { maxTokens: 6, temperature: 0 });
  const [first, second] = await write(['ab', 'cdabcda']);
  expect([first!.text, second!.text]).toEqual(['cdabcd', 'bcdabc']);
  expect(await write(['ab'])).toMatchObject([{ text: first!.text }]);
});
