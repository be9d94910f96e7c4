import { describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { Gpt } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { cat, manualSeed, memory, noGrad, program, scope, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { difference, randomIds } from '../conformance/language-model.js';
import { models } from '../conformance/models.js';

const [BATCH, FIRST, MORE] = [3, 5, 10];

/** Logits of a first pass of 5 tokens, then of 10 replays of one recorded pass over one token. */
async function replayed(model: LanguageModel, ids: Tensor): Promise<Tensor> {
  const state = model.newState(BATCH);
  const read = (tokens: Tensor) => noGrad(() => model.forward(tokens, { training: false, state }));
  const parts = [scope(() => read(ids.narrow(1, 0, FIRST)))];
  state.reserve!(MORE);
  const step = program(read);
  for (let at = FIRST; at < FIRST + MORE; at++) {
    parts.push(await step.run(scope(() => ids.narrow(1, at, 1).contiguous())));
    if (at > FIRST) state.replayed!(1);
    expect(state.length).toBe(at + 1);
  }
  expect(step.graphs).toBe(1);
  step.dispose();
  state.dispose();
  return scope(() => cat(parts, 1));
}

describe.each(Object.entries(models))('%s', (_, make) => {
  test('a recorded pass over one token, replayed, equals one pass over all', async () => {
    manualSeed(4);
    const model = make();
    const ids = randomIds(BATCH, FIRST + MORE, new Random(2));
    const whole = scope(() => noGrad(() => model.forward(ids, { training: false })));
    expect(difference(await replayed(model, ids), whole)).toBeLessThan(1e-5);
    model.dispose();
  });

  test('several tokens at a time too, and a fork goes on by itself', () => {
    manualSeed(4);
    const model = make();
    scope(() => {
      const ids = randomIds(1, 12, new Random(3));
      const state = model.newState(1);
      const read = (from: number, length: number, of = state, copies = 1) =>
        noGrad(() => model.forward(ids.narrow(1, from, length).expand(copies, length), { training: false, state: of }));
      read(0, 4);
      state.reserve!(8);
      const pieces = [read(4, 3), read(7, 1)];
      const fork = state.fork(2);
      const forked = read(8, 4, fork, 2);
      pieces.push(read(8, 4));
      const whole = noGrad(() => model.forward(ids, { training: false })).narrow(1, 4, 8);
      expect(difference(cat(pieces, 1), whole)).toBeLessThan(1e-5);
      expect(difference(forked, pieces.at(-1)!.expand(2, 4, forked.size(2)))).toBeLessThan(1e-5);
      state.dispose();
      fork.dispose();
    });
    model.dispose();
  });
});

test('a state leaves nothing behind; that of a Gpt has no room to fix before the first token', () => {
  for (const make of Object.values(models)) {
    const model = make();
    const before = memory.stats().liveSlots;
    const state = model.newState(1);
    if (model instanceof Gpt) expect(() => state.reserve!(4)).toThrow(/PAL_ARGUMENT/);
    scope(() => void model.forward(tensor([[1]], { dtype: 'int64' }), { training: false, state }));
    state.reserve!(4);
    state.reserve!(6);
    state.dispose();
    expect(memory.stats().liveSlots).toBe(before);
    model.dispose();
  }
});
