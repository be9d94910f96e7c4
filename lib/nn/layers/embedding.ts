import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectPositiveInteger } from '../../core/index.js';
import { embedding, isGradEnabled } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { normalInitializer } from '../initialize.js';
import type { Initializer } from '../initialize.js';
import { Module } from '../module.js';
import { createPaddedParameter, createPaddingMask, maskPadding } from '../parameters.js';
import { getWeightFormat } from '../quantization/layout.js';
import { isQuantized, lookUpRows } from '../quantization/rows.js';

/** Settings of {@link Embedding}. */
export interface EmbeddingOptions {
  /** Initial values (default N(0, 1)). */
  initialize?: Initializer;
  /** Rounds the rows held up to a multiple of this (default 1); those added are zeros and never read. */
  rowMultiple?: number;
  /** The id of padding: its vector is zero and gets no gradient (default: none). */
  paddingIndex?: number | undefined;
  /** A table of another module to share, `[numEmbeddings, embeddingDim]`. */
  weight?: Tensor;
}

/** The keys of {@link EmbeddingOptions}. */
export const embeddingKeys: OptionChecks<EmbeddingOptions> = {
  initialize: true,
  rowMultiple: true,
  paddingIndex: true,
  weight: true,
};

/** A table of vectors: y = W[id]. */
export class Embedding extends Module {
  /** `[numEmbeddings, embeddingDim]`, and padding rows where asked for. */
  weight: Tensor;
  /** The factor of each row, where `quantizeWeights` holds the table in int8, or of each group. */
  scale: Tensor | undefined;
  /** `[rows, 1]`: zero for the row of padding, else one. */
  paddingMask: Tensor | undefined;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    options: EmbeddingOptions = {},
  ) {
    super();
    const {
      initialize = normalInitializer(1),
      rowMultiple = 1,
      paddingIndex,
      weight,
    } = checkOptions('Embedding', options, embeddingKeys);
    expectPositiveInteger('Embedding', 'numEmbeddings', numEmbeddings);
    expectPositiveInteger('Embedding', 'embeddingDim', embeddingDim);
    expectPositiveInteger('Embedding', 'rowMultiple', rowMultiple);
    this.weight =
      weight ?? createPaddedParameter(initialize([numEmbeddings, embeddingDim]), rowMultiple, { kind: 'embedding' });
    this.paddingMask = createPaddingMask('Embedding', this.weight, paddingIndex);
  }

  override extraRepr(): string {
    const held = isQuantized(this.weight) ? `, ${getWeightFormat(this.weight)}` : '';
    return `${this.numEmbeddings} × ${this.embeddingDim}${held}`;
  }

  /**
   * Looks up the vector of each id.
   * @param ids - `[…]`, int64, from 0 to `numEmbeddings` − 1
   * @returns `[…, embeddingDim]` in the dtype of the weight, float32 where that is quantized
   */
  forward(ids: Tensor): Tensor {
    const { weight, paddingMask: mask } = this;
    if (isQuantized(weight)) return lookUpRows(ids, this);
    // Without gradients the few rows that are read are masked, not the table.
    if (mask !== undefined && !isGradEnabled()) return embedding(ids, weight).mul(embedding(ids, mask));
    return embedding(ids, maskPadding(weight, mask));
  }
}
