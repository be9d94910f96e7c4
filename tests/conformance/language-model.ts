import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../lib/core/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { tokenLoss } from '../../lib/nn/index.js';
import { AdamW } from '../../lib/optim/index.js';
import { cat, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { trainStep } from '../../lib/training/index.js';
import { batchOfTensors } from '../helpers/batches.js';

/**
 * What every language model promises, as functions that return a measure: the largest change where there should be
 * none, or a loss. The tests compare it; a control that breaks the promise shows that they would notice.
 */

/** Sizes small enough for a run of milliseconds. */
export const sizes = { vocabSize: 16, batch: 3, time: 8 };

const random = new Random(11);

/** Uniform random ids, `[B, T]`. */
export function randomIds(batch = sizes.batch, time = sizes.time, stream = random): Tensor {
  const ids = Int32Array.from({ length: batch * time }, () => stream.integer(sizes.vocabSize));
  return tensor(ids, { shape: [batch, time], dtype: 'int64' });
}

const evaluating = { training: false };

function logitsOf(model: LanguageModel, ids: Tensor): Tensor {
  return noGrad(() => model.forward(ids, evaluating)).to('float64');
}

/** The largest absolute difference. */
export function difference(a: Tensor, b: Tensor): number {
  return a.numel === 0 ? 0 : a.to('float64').sub(b.to('float64')).abs().max().item();
}

/** How much earlier logits change, at most, when one later token changes; later ones must change. */
export function leakFromLaterTokens(model: LanguageModel): { earlier: number; later: number } {
  return scope(() => {
    const ids = randomIds();
    const before = logitsOf(model, ids);
    const changes = Array.from({ length: sizes.time - 1 }, (_, i) => {
      const at = i + 1;
      const after = logitsOf(model, withOtherToken(ids, at));
      const earlier = difference(before.narrow(1, 0, at), after.narrow(1, 0, at));
      return { earlier, later: difference(before.narrow(1, at, 1), after.narrow(1, at, 1)) };
    });
    return {
      earlier: Math.max(...changes.map((change) => change.earlier)),
      later: Math.min(...changes.map((change) => change.later)),
    };
  });
}

/** The ids with another token at one place of every row. */
function withOtherToken(ids: Tensor, at: number): Tensor {
  const changed = ids.clone();
  changed.narrow(1, at, 1).copy_(ids.narrow(1, at, 1).add(1).remainder(sizes.vocabSize));
  return changed;
}

/** The difference between one pass and reading the same tokens in pieces with a state. */
export function cachedDifference(model: LanguageModel, pieces: readonly number[]): number {
  return scope(() => {
    const ids = randomIds(
      sizes.batch,
      pieces.reduce((sum, piece) => sum + piece, 0),
    );
    const state = model.newState(sizes.batch);
    let start = 0;
    const parts = pieces.map((piece) => {
      const part = noGrad(() => model.forward(ids.narrow(1, start, piece), { ...evaluating, state }));
      start += piece;
      return part;
    });
    if (state.length !== start) throw new Error(`the state counts ${state.length} tokens, ${start} were read`);
    state.dispose();
    return difference(cat(parts, 1), logitsOf(model, ids));
  });
}

/** The same where the room of the state is fixed after the first tokens, and what follows is written in place. */
export function reservedDifference(model: LanguageModel, first = 3): number {
  return scope(() => {
    const ids = randomIds();
    const state = model.newState(sizes.batch);
    const read = (start: number, length: number) =>
      noGrad(() => model.forward(ids.narrow(1, start, length), { ...evaluating, state }));
    const parts = [read(0, first)];
    state.reserve?.(sizes.time - first);
    const bytes = state.bytes;
    for (let at = first; at < sizes.time; at++) parts.push(read(at, 1));
    if (state.bytes !== bytes) throw new Error(`the state grew from ${bytes} to ${state.bytes} bytes`);
    state.dispose();
    return difference(cat(parts, 1), logitsOf(model, ids));
  });
}

/** The difference between a fork of a state and the state it comes from, after one more token. */
export function forkDifference(model: LanguageModel, copies = 2): number {
  return scope(() => {
    const ids = randomIds(1, sizes.time);
    const state = model.newState(1);
    const read = (tokens: Tensor, of: typeof state) =>
      noGrad(() => model.forward(tokens, { ...evaluating, state: of }));
    read(ids.narrow(1, 0, 5), state);
    const fork = state.fork(copies);
    const next = ids.narrow(1, 5, 1);
    const forked = read(next.expand(copies, 1), fork);
    read(ids.narrow(1, 6, 1).expand(copies, 1), fork);
    const alone = read(next, state);
    const lengths = [fork.length, state.length];
    if (String(lengths) !== '7,6') throw new Error(`forks are not independent: lengths ${String(lengths)}`);
    state.dispose();
    fork.dispose();
    return difference(forked, alone.expand(copies, 1, sizes.vocabSize));
  });
}

/** How much a row's logits change when the other rows do: with the same batch, and alone. */
export function batchDifference(model: LanguageModel): { otherRows: number; alone: number } {
  return scope(() => {
    const ids = randomIds();
    const row = ids.narrow(0, 1, 1);
    const before = logitsOf(model, ids).narrow(0, 1, 1);
    const others = cat([randomIds(1), row, randomIds(1)], 0);
    return {
      otherRows: difference(before, logitsOf(model, others).narrow(0, 1, 1)),
      alone: difference(before, logitsOf(model, row)),
    };
  });
}

/** Runs `work` with an empty folder that is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'palabra-model-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * The loss on fresh uniform random tokens after training on such: ln V for a model that sees no target.
 * @returns nats a token over 2,048 sequences
 */
export async function lossOnRandomTokens(model: LanguageModel, steps: number, learningRate = 0.01): Promise<number> {
  const optimizer = new AdamW([{ parameters: model.namedParameters() }], { learningRate });
  const step = trainStep({ model, optimizer, maxGradNorm: 1 });
  const batches = new Random(5);
  for (let i = 0; i < steps; i++) {
    const batch = scope(() => {
      const ids = randomIds(32, sizes.time + 1, batches);
      return batchOfTensors(ids.narrow(1, 0, sizes.time), ids.narrow(1, 1, sizes.time));
    });
    const result = await step.run(batch);
    if (!Number.isFinite(result.loss)) throw new Error(`the loss is ${result.loss} at step ${i}`);
  }
  step.dispose();
  optimizer.dispose();
  return scope(() => {
    const ids = randomIds(2048, sizes.time + 1, batches);
    const logits = noGrad(() => model.forward(ids.narrow(1, 0, sizes.time), evaluating));
    return tokenLoss(logits, ids.narrow(1, 1, sizes.time)).item();
  });
}
