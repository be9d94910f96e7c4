import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { MixedDataset, StreamDataset, WindowDataset } from '../../lib/data/index.js';
import { LstmLanguageModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { Callback, TrainerRun } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { VOCABULARY, bitsOf, hold, newModel, tokens, windowData } from './fixtures.js';

freedAfterEach();

const parts = [tokens.subarray(0, 120), tokens.subarray(120, 297)].map((ids) => new WindowDataset(ids, { length: 8 }));
const newMix = () => new MixedDataset(parts.map((dataset) => ({ dataset, weight: 1 })));

/** Changes the mix once, after the fourth step: what it does is not done again after a resume. */
class Shift implements Callback {
  readonly name = 'shift';
  readonly seen: number[] = [];
  private run: TrainerRun | undefined;

  constructor(private readonly mix: MixedDataset) {}

  onStart(run: TrainerRun): void {
    this.run = run;
  }

  onStep({ index }: { index: number }): void {
    if (index === 4) this.mix.weights = [0, 1];
    this.run!.log({ share: this.mix.weights[0]! });
    this.seen.push(this.mix.weights[0]!);
  }
}

test('a resumed run over streams of two datasets goes on with the state of each, to the same bits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-mix-'));
  try {
    const newStreams = () =>
      new MixedDataset(parts.map(({ tokens: ids }) => ({ dataset: new StreamDataset(ids, { length: 8 }), weight: 1 })));
    const newLstm = () => {
      manualSeed(1);
      return hold(new LstmLanguageModel({ vocabSize: VOCABULARY, embeddingDim: 8, width: 16, layers: 1, dropout: 0 }));
    };
    const settings = { steps: 9, batchSize: 4, evaluateEvery: 5 };
    const start = (runDirectory?: string): Trainer<LanguageModel> =>
      hold(new Trainer({ ...settings, model: newLstm(), data: { train: newStreams() }, runDirectory }));
    const whole = start();
    await whole.run();
    for await (const { index } of start(folder).steps()) if (index === 4) break;
    const resumed = hold(await Trainer.resume(folder, { data: { train: newStreams() } }));
    await resumed.run();
    expect(bitsOf(resumed)).toEqual(bitsOf(whole));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a resumed run goes on with the mix that a callback has left, to the same bits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-mix-'));
  try {
    const settings = { steps: 10, batchSize: 4, evaluateEvery: 5 };
    const start = (mix: MixedDataset, shift: Shift, runDirectory?: string): Trainer => {
      const data = { ...windowData(), train: mix };
      return hold(new Trainer({ ...settings, model: newModel(), data, callbacks: [shift], runDirectory }));
    };
    const [first, second, third] = [newMix(), newMix(), newMix()];
    const whole = start(first, new Shift(first));
    await whole.run();
    for await (const { index } of start(second, new Shift(second), folder).steps()) if (index === 6) break;
    const shift = new Shift(third);
    const data = { ...windowData(), train: third };
    const resumed = hold(await Trainer.resume(folder, { data, callbacks: [shift] }));
    await resumed.run();
    expect(bitsOf(resumed)).toEqual(bitsOf(whole));
    expect(shift.seen).toEqual([0, 0, 0, 0]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
