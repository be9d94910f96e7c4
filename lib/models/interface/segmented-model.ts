import { checkOptions } from '../../core/index.js';
import { sumTokenLoss } from '../../nn/index.js';
import type { TokenLossTerms } from '../../nn/index.js';
import { scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { computeCheckpointedGradients } from './checkpointing.js';
import { LanguageModel, forwardContextKeys, withOptionalAutocast } from './language-model.js';
import type { ForwardContext, GradientOptions } from './language-model.js';
import { addReport, scaleLoss } from './loss-output.js';
import type { LossOutput, PositionReport } from './loss-output.js';

/** A forward pass up to the features that the head reads, in segments as for activation checkpointing. */
export interface SegmentedForward<HiddenStates extends object> {
  /** Makes the first hidden states: a plain object of tensors. */
  start: () => HiddenStates;
  /** Each maps hidden states to the next; tensors may be handed on as they are. */
  segments: readonly ((hidden: HiddenStates) => HiddenStates)[];
  /** Gives the features, `[B, T, C]`. */
  end: (hidden: HiddenStates) => Tensor;
  /** What the model reports beside its loss, read after `end`; by default nothing. */
  report?: ((hidden: HiddenStates) => PositionReport | undefined) | undefined;
}

/** What a pass over a batch is given. */
export interface PassInputs {
  /** `[B, T]`, int64 */
  ids: Tensor;
  context: ForwardContext;
}

/** A language model whose forward pass is a chain of segments, each of which frees what only it needs. */
export abstract class SegmentedLanguageModel<HiddenStates extends object> extends LanguageModel {
  override forward(ids: Tensor, context: ForwardContext = { training: this.training }): Tensor {
    checkOptions('LanguageModel.forward', context, forwardContextKeys);
    const { hidden, end } = this.pass(ids, context);
    return this.logits(end(hidden));
  }

  override loss(
    ids: Tensor,
    targets: Tensor,
    context: ForwardContext = { training: this.training },
    terms: TokenLossTerms = {},
  ): LossOutput {
    checkOptions('LanguageModel.loss', context, forwardContextKeys);
    checkOptions('LanguageModel.loss', terms, { ignoreIndex: true, labelSmoothing: true, zLoss: true });
    const { hidden, end, report } = this.pass(ids, context);
    return addReport(this.featureLoss(end(hidden), targets, terms, { ids, context }), report?.(hidden));
  }

  /**
   * The segments of a pass.
   * @param ids - `[B, T]`, int64
   * @param context - the other inputs of the pass
   * @param short - segments that hold little, as they will be computed twice (default false)
   * @returns start, segments and end, which gives features `[B, T, C]`
   */
  protected abstract segment(ids: Tensor, context: ForwardContext, short?: boolean): SegmentedForward<HiddenStates>;

  /**
   * The logits of the features.
   * @param features - `[B, T, C]`, floating
   * @returns `[B, T, V]`
   */
  protected abstract logits(features: Tensor): Tensor;

  /**
   * The loss of the features.
   * @param features - `[B, T, C]`, floating
   * @param targets - `[B, T]`, int64
   * @param terms - of the loss
   * @param _pass - what the features come from, for losses that need to know
   * @returns the sum over the positions that count, and their number, scalars `[]`
   */
  protected featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms, _pass?: PassInputs): LossOutput {
    return sumTokenLoss(this.logits(features), targets, terms);
  }

  protected override accumulateCheckpointed(
    ids: Tensor,
    targets: Tensor,
    context: ForwardContext,
    { scale, autocast, ...terms }: GradientOptions,
  ): LossOutput {
    const { start, segments, end, report } = this.segment(ids, context, true);
    return computeCheckpointedGradients({
      start,
      segments,
      end: (hidden: HiddenStates) =>
        addReport(this.featureLoss(end(hidden), targets, terms, { ids, context }), report?.(hidden)),
      objective: (loss) => scaleLoss(loss, scale),
      within: (fn) => withOptionalAutocast(ids, autocast, fn),
    });
  }

  /** Goes through the segments; what comes after them is left to do. */
  private pass(
    ids: Tensor,
    context: ForwardContext,
  ): { hidden: HiddenStates } & Pick<SegmentedForward<HiddenStates>, 'end' | 'report'> {
    // A recorder's tensors belong to the caller's scope.
    const within = context.recorder === undefined ? scope : <T>(fn: () => T): T => fn();
    const { start, segments, end, report } = this.segment(ids, context);
    const hidden = segments.reduce((before, segment) => within(() => segment(before)), within(start));
    return { hidden, end, report };
  }
}
