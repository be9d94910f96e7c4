import { expectPositiveInteger } from '../../core/index.js';
import { KeyValueCache } from '../../nn/index.js';
import { arange, noGrad, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { DecodeState } from '../interface/language-model.js';

/** Positions and mask of the next tokens of every sequence. */
export interface Placement {
  /** `[B, T]`, int64. */
  positions: Tensor;
  /** True where a token may look, `[T, S]` over all the room. */
  mask: Tensor;
}

/** The keys and values a {@link Gpt} has computed, one cache a layer. */
export class GptState implements DecodeState {
  readonly layers: readonly KeyValueCache[];
  /** `[1]`, int64: the tokens read so far, once the room is fixed. */
  private position: Tensor | undefined;

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

  /**
   * Makes room for more tokens; from then on passes work in place, on tensors alone, so that one that was recorded can
   * be replayed until the room is full.
   * @throws ArgumentError before the first token
   */
  reserve(tokens: number): void {
    expectPositiveInteger('GptState.reserve', 'tokens read before', this.length);
    for (const layer of this.layers) layer.reserve(this.length + tokens);
    this.position?.dispose();
    this.position = tensor([this.length], { dtype: 'int64', device: this.layers[0]?.device ?? 'cpu' }).keep();
  }

  /** Counts tokens that a replayed pass has read. */
  replayed(tokens: number): void {
    for (const layer of this.layers) layer.count(tokens);
  }

  /** The places of the next T tokens, where {@link GptState.reserve} has fixed the room. */
  place(T: number): Placement | undefined {
    const { position } = this;
    if (position === undefined) return undefined;
    const device = position.device;
    const places = arange(T, { dtype: 'int64', device }).add(position); // T
    noGrad(() => position.add_(T));
    for (const layer of this.layers) layer.cachePositions = places;
    const all = arange(this.layers[0]?.capacity ?? 0, { dtype: 'int64', device }); // S
    return { positions: places.unsqueeze(0).expand(this.batch, T), mask: all.le(places.unsqueeze(1)) };
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
    this.position?.dispose();
    this.position = undefined;
  }
}
