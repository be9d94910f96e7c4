import { raise } from '../core/index.js';
import type { LanguageModel, Recorder } from '../models/interface/index.js';
import { noGrad, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { renderHeatMapPicture } from './heat-map.js';

/** The attention weights of one head for one sequence, as plain data. */
export interface AttentionMap {
  /** The path it was recorded at, as `blocks.0.attention`. */
  name: string;
  /** From 0. */
  head: number;
  /** Attention weights of each query (row) on each key (column); rows sum to one, to 1 − λ for the difference of two maps. */
  weights: number[][];
}

/** Keeps the attention that a pass records, as plain data by name. */
class DataRecorder implements Recorder {
  readonly values = new Map<string, unknown>();

  record(name: string, value: Tensor): void {
    if (name.endsWith('attention')) this.values.set(name, value.to('float32').tolist());
  }
}

/**
 * The attention weights of a pass over one sequence, of every layer and head.
 * @param ids - `[1, T]`, int64
 * @returns none for a model without attention
 */
export function collectAttentionMaps(model: LanguageModel, ids: Tensor): AttentionMap[] {
  if (ids.shape[0] !== 1) {
    const received = `a batch of ${ids.shape[0] ?? 0}`;
    raise('PAL_SHAPE', { where: 'collectAttentionMaps', expected: 'one sequence, [1, T]', received });
  }
  const recorder = new DataRecorder();
  scope(() => void noGrad(() => model.forward(ids, { training: false, recorder })));
  return [...recorder.values].flatMap(([name, value]) => {
    const [heads] = value as number[][][][];
    return (heads ?? []).map((weights, head) => ({ name, head, weights }));
  });
}

/**
 * Draws a map as an SVG: queries from top to bottom, keys from left to right, darker for more; negative weights in
 * another colour.
 * @param tokens - the text of each token
 * @throws ArgumentError unless there is a text for each token
 */
export function renderAttentionMap(map: AttentionMap, tokens: readonly string[]): string {
  const { name, head, weights } = map;
  const title = `${name}, head ${head}`;
  return renderHeatMapPicture(title, { weights, tokens }, 'renderAttentionMap');
}
