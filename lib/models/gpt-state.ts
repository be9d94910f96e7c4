import { expectPositiveInteger } from '../core/index.js';
import { KeyValueCache } from '../nn/index.js';
import type { DecodeState } from './language-model.js';

/** The keys and values a {@link Gpt} has computed, one cache a layer. */
export class GptState implements DecodeState {
  readonly layers: readonly KeyValueCache[];

  constructor(
    /** Sequences side by side, B. */
    readonly batch: number,
    layers: number | readonly KeyValueCache[],
  ) {
    expectPositiveInteger('GptState', 'batch', batch);
    this.layers = typeof layers === 'number' ? Array.from({ length: layers }, () => new KeyValueCache()) : layers;
  }

  /** Tokens read so far. */
  get length(): number {
    return this.layers.at(-1)?.length ?? 0;
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.layers.reduce((sum, layer) => sum + layer.bytes, 0);
  }

  fork(n: number): GptState {
    expectPositiveInteger('GptState.fork', 'n', n);
    return new GptState(
      this.batch * n,
      this.layers.map((layer) => layer.fork(n)),
    );
  }

  dispose(): void {
    for (const layer of this.layers) layer.dispose();
  }
}
