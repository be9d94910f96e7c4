/** What an Infinito learns, and what it cannot: stories that only a memory can tell, and tokens that nothing tells. */
import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import type { TokenBatch } from '../../../lib/data/index.js';
import { IGNORED_TARGET as NO_TARGET } from '../../../lib/nn/index.js';
import { Infinito } from '../../../lib/models/index.js';
import type { InfinitoOptions } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { manualSeed, noGrad, ones, randn, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';
import { batchOfRows } from '../../helpers/batches.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const gate = { type: 'dynamic', bias: 0 } as const;

async function train(model: Infinito, steps: number, draw: () => TokenBatch): Promise<void> {
  const optimizer = new AdamW([{ parameters: model.namedParameters() }], { learningRate: 3e-3 });
  using step = trainStep({ model, optimizer, maxGradNorm: 1 });
  for (let i = 0; i < steps; i++) await step.run(draw());
  optimizer.dispose();
}

function toTensor(ids: TokenBatch['inputs'], shape: readonly number[]): Tensor {
  return tensor(Int32Array.from(ids), { shape: [...shape], dtype: 'int64' });
}

describe('T8: four keys with their values, a segment of other tokens, and the keys again in another order', () => {
  const [S, KEYS, VALUES, OTHERS] = [8, 4, 8, 4];
  const vocabSize = KEYS + VALUES + OTHERS;
  const keys = [...Array(KEYS).keys()];

  /** Three segments; the targets are the values of the keys in the last. */
  function tell(random: Random): { inputs: number[]; targets: number[] } {
    const values = keys.map(() => KEYS + random.integer(VALUES));
    const drawOther = (): number => KEYS + VALUES + random.integer(OTHERS);
    const shuffle = (): number[] => Array.from(random.permutation(KEYS));
    const said = shuffle().flatMap((key) => [key, values[key]!]);
    const asked = shuffle();
    return {
      inputs: [...said, ...Array.from({ length: S }, drawOther), ...asked.flatMap((key) => [key, drawOther()])],
      targets: [...Array<number>(2 * S).fill(NO_TARGET), ...asked.flatMap((key) => [values[key]!, NO_TARGET])],
    };
  }

  function draw(random: Random, rows: number): TokenBatch {
    const stories = Array.from({ length: rows }, () => tell(random));
    return batchOfRows(
      stories.map(({ inputs }) => inputs),
      stories.map(({ targets }) => targets),
    );
  }

  async function learn(memory: InfinitoOptions['memory']): Promise<Infinito> {
    manualSeed(3);
    const sizes = { vocabSize, segmentLength: S, width: 32, layers: 2, heads: 2, initStd: 0.1, tied: false };
    const model = new Infinito({ ...sizes, memoryBptt: 4, memory });
    const random = new Random(1);
    await train(model, 250, () => draw(random, 32));
    return model;
  }

  /** The share of the keys whose value is the likeliest next token. */
  function scoreRecall(model: Infinito, forgets: boolean): number {
    const rows = 512;
    const { inputs, targets, shape } = draw(new Random(2), rows);
    return scope(() =>
      noGrad(() => {
        const [ids, wanted] = [toTensor(inputs, shape), toTensor(targets, shape).narrow(1, 2 * S, S)];
        const state = model.newState(rows);
        model.forward(ids.narrow(1, 0, 2 * S), { training: false, state });
        if (forgets) state.reset();
        const logits = model.forward(ids.narrow(1, 2 * S, S), { training: false, state });
        state.dispose();
        const right = logits.argmax(-1).eq(wanted).to('float32').sum().item();
        return right / wanted.ne(NO_TARGET).to('float32').sum().item();
      }),
    );
  }

  const chance = 1 / VALUES;

  test('with a memory they are known, and no longer once the state was reset', async () => {
    const slots = { type: 'slots', slots: 8, chunkLength: 2, topK: 5, threshold: 0.1, gate } as const;
    using model = await learn(slots);
    expect(scoreRecall(model, false)).toBeGreaterThan(0.95);
    expect(scoreRecall(model, true)).toBeLessThan(chance + 0.05);
  });

  test('without a memory they are guessed', async () => {
    using model = await learn({ type: 'none' });
    expect(scoreRecall(model, false)).toBeLessThan(chance + 0.05);
  });
});

describe('T4: uniform random tokens, each the target of the one before', () => {
  const [V, T] = [64, 32];

  function draw(random: Random, rows: number): TokenBatch {
    const texts = Array.from({ length: rows }, () => Array.from({ length: T + 1 }, () => random.integer(V)));
    return batchOfRows(
      texts.map((ids) => ids.slice(0, T)),
      texts.map((ids) => ids.slice(1)),
    );
  }

  /** The loss after training, as a share of ln V. */
  async function learn(change: (model: Infinito) => void): Promise<number> {
    manualSeed(3);
    const memory = { type: 'slots', slots: 4, chunkLength: 4, topK: 5, threshold: 0.1, gate } as const;
    const sizes = { vocabSize: V, segmentLength: 16, width: 64, layers: 2, heads: 2, initStd: 0.1, tied: false };
    using model = new Infinito({ ...sizes, positions: { type: 'learned' }, memory });
    change(model);
    const random = new Random(1);
    await train(model, 250, () => draw(random, 16));
    const { inputs, targets, shape } = draw(random, 512);
    const [ids, wanted] = [toTensor(inputs, shape), toTensor(targets, shape)];
    return noGrad(() => model.loss(ids, wanted, { training: false }).lossSum.item()) / wanted.numel / Math.log(V);
  }

  /** Positions that can be told apart from the start. */
  function spreadPositions({ positions }: Infinito): void {
    const { weight } = positions as unknown as { weight: Tensor };
    noGrad(() => void weight.copy_(randn(weight.shape)));
  }

  function removeMask({ blocks }: Infinito): void {
    for (const { attention } of blocks) {
      const attend = attention.attend.bind(attention);
      attention.attend = (heads, context) => {
        const n = heads.queries.size(2);
        return attend(heads, { ...context, mask: ones([n, n], { dtype: 'bool' }) });
      };
    }
  }

  test('nothing is learned of them', async () => {
    expect(await learn(spreadPositions)).toBeGreaterThan(0.98);
  });

  test('attention without a mask learns them, so the test would see it', async () => {
    const share = await learn((model) => {
      spreadPositions(model);
      removeMask(model);
    });
    expect(share).toBeLessThan(0.2);
  });
});
