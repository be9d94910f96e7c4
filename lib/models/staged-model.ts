import { sumTokenLoss } from '../nn/index.js';
import type { TokenLossTerms } from '../nn/index.js';
import { scope } from '../tensor/index.js';
import type { SummedLoss, Tensor } from '../tensor/index.js';
import { checkpointedGradients } from './checkpointing.js';
import { LanguageModel, scaled, withOptionalAutocast } from './language-model.js';
import type { ForwardContext, GradientOptions } from './language-model.js';

/** A pass up to the features of the head: where it starts, what happens then, and what the head reads. */
export interface Stages<Stream extends object> {
  /** The first stream: a plain object of tensors. */
  start: () => Stream;
  /** Each takes a stream and gives the next; tensors may be handed on as they are. */
  stages: readonly ((stream: Stream) => Stream)[];
  /** The features, `[B, T, C]`. */
  end: (stream: Stream) => Tensor;
}

/** A language model whose pass is a chain of stages, each of which frees what only it needs. */
export abstract class StagedLanguageModel<Stream extends object> extends LanguageModel {
  override forward(ids: Tensor, context: ForwardContext = { training: this.training }): Tensor {
    return this.logits(this.features(ids, context));
  }

  override loss(
    ids: Tensor,
    targets: Tensor,
    context: ForwardContext = { training: this.training },
    terms: TokenLossTerms = {},
  ): SummedLoss {
    return this.featureLoss(this.features(ids, context), targets, terms);
  }

  /**
   * The stages of a pass over the ids `[B, T]`.
   * @param short - stages that hold little, as they will be passed through twice
   */
  protected abstract stages(ids: Tensor, context: ForwardContext, short?: boolean): Stages<Stream>;

  /** Features `[B, T, C]` to logits `[B, T, V]`. */
  protected abstract logits(features: Tensor): Tensor;

  /** The loss of features `[B, T, C]`. */
  protected featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): SummedLoss {
    return sumTokenLoss(this.logits(features), targets, terms);
  }

  protected override checkpointedGradients(
    ids: Tensor,
    targets: Tensor,
    context: ForwardContext,
    { scale, autocast, ...terms }: GradientOptions,
  ): SummedLoss {
    const { start, stages, end } = this.stages(ids, context, true);
    return checkpointedGradients({
      start,
      stages,
      end: (stream: Stream) => this.featureLoss(end(stream), targets, terms),
      objective: (loss) => scaled(loss, scale),
      within: (fn) => withOptionalAutocast(ids, autocast, fn),
    });
  }

  private features(ids: Tensor, context: ForwardContext): Tensor {
    // A recorder's tensors belong to the caller's scope.
    const within = context.recorder === undefined ? scope : <T>(fn: () => T): T => fn();
    const { start, stages, end } = this.stages(ids, context);
    const last = stages.reduce((stream, stage) => within(() => stage(stream)), within(start));
    return end(last);
  }
}
