import type { OptionChecks } from '../../core/index.js';
import { checkOptions, raise } from '../../core/index.js';
import { Module, sumTokenLoss } from '../../nn/index.js';
import type { TokenLossTerms } from '../../nn/index.js';
import { backward, withAutocast } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { detachLoss, scaleLoss } from './loss-output.js';
import type { LossOutput } from './loss-output.js';

/** Traits of a model's {@link DecodeState}. */
export interface StateTraits {
  /** True where a state has one size however much was read: its context has no limit, and it can be carried on. */
  readonly recurrent: boolean;
  /** True where passes change a state in place after `reserve`, so that recorded ones can be replayed. */
  readonly replayable: boolean;
}

/**
 * The memory of the tokens that a model has read: a key-value cache, hidden states. Its rows are sequences side by side
 * that may differ in length; a pass adds as many tokens to each, and a row's logits depend on no other row.
 */
export interface DecodeState {
  /** Tokens read so far by each row. */
  readonly lengths: readonly number[];
  /** Tokens read so far by the longest row. */
  readonly length: number;
  /** Bytes of memory held. */
  readonly bytes: number;
  /** The tensors of the state by name, shared; none before the first token. */
  tensors(): Record<string, Tensor>;
  /**
   * Takes rows back to before the first token, in place, so that recorded passes go on from there too.
   * @param rows - all of them by default
   */
  reset(rows?: readonly number[]): void;
  /** A state of its own with some of the rows, in the order given. */
  select(rows: readonly number[]): DecodeState;
  /** A state of its own with the rows of this one, and after them those of another of the same model. */
  concat(other: DecodeState): DecodeState;
  /** A state of its own in which each row of this one stands `n` times in a row. */
  fork(n: number): DecodeState;
  /** Frees the memory; the state can't be used afterwards. */
  dispose(): void;
  /**
   * Reserves capacity for more tokens, after at least one was read. From then on passes change the state in place, by
   * operators alone: a recorded one can be replayed until the capacity is used up. Only replayable states have it.
   */
  reserve?(tokens: number): void;
  /** Counts the tokens that a replayed pass has read in each row. */
  replayed?(tokens: number): void;
  /**
   * Takes rows back to their first tokens, in place: what was read after them counts no more, as padding behind short
   * texts. Only states that hold tokens one by one have it.
   * @param lengths - tokens that each row keeps, at most as many as it has
   */
  shorten?(lengths: readonly number[]): void;
}

/** Receives named tensors of a forward pass, as the attention weights `blocks.0.attention`. */
export interface Recorder {
  /** Receives one; it is freed with the scope it is in unless kept. */
  record(name: string, value: Tensor): void;
}

/** The inputs of a forward pass besides its tokens; nothing else changes what a model does. */
export interface ForwardContext {
  /** Dropout and the like are active. */
  training: boolean;
  /** The state after the tokens read before; the new tokens are added to it, and no gradient flows into it. */
  state?: DecodeState;
  /** `[B, T]`, int64: the positions of the tokens, where they aren't one run after the state's. */
  positions?: Tensor;
  /** `[B, T]`, int64: the document of each token, where several are packed in a row; they don't see each other. */
  documents?: Tensor;
  /** `[B, T]`, int64: what the dataset says of each target, for losses that tell targets apart. */
  labels?: Tensor;
  /** Looks at the inner values. */
  recorder?: Recorder;
}

/** The keys of {@link ForwardContext}. */
export const forwardContextKeys: OptionChecks<ForwardContext> = {
  training: true,
  state: true,
  positions: true,
  documents: true,
  labels: true,
  recorder: true,
};

/** The fields that all configurations of language models have. */
export interface LanguageModelConfig {
  /** Token ids run from 0 to `vocabSize − 1`. */
  vocabSize: number;
  /** The most tokens a model can see at once; undefined where there is no such limit. */
  contextLength?: number | undefined;
}

/** Settings of {@link LanguageModel.accumulateGradients}. */
export interface GradientOptions extends TokenLossTerms {
  /** The factor of the summed loss: 1 / tokens of the whole batch (default: 1 / the positions that count here). */
  scale?: Tensor | number | undefined;
  /** Computes matrix products of the forward pass in this dtype; gradients stay in that of the parameters. */
  autocast?: 'bfloat16' | 'float16' | undefined;
  /** Holds the inside of one segment at a time and computes it twice: less memory, more time (default false). */
  checkpointing?: boolean | undefined;
}

/** The keys of {@link GradientOptions}. */
export const gradientKeys: OptionChecks<GradientOptions> = {
  ignoreIndex: true,
  labelSmoothing: true,
  zLoss: true,
  scale: true,
  autocast: true,
  checkpointing: true,
};

/** A batch as a loss of one's own sees it. */
export interface LossBatch {
  /** `[B, T]`, int64 */
  readonly inputs: Tensor;
  /** `[B, T]`, int64: −100 where a place does not count. */
  readonly targets: Tensor;
  /** What a language model is passed besides its tokens; `training` is false in evaluations. */
  readonly context: ForwardContext;
}

/**
 * The value of a loss of one's own: scalars `[]`, summed over the targets that count, by whose number they are divided, so
 * that micro-batches add up.
 */
export interface OwnLoss extends Pick<LossOutput, 'lossSum' | 'auxiliary' | 'metrics'> {
  count?: Tensor;
}

/** The loss of a batch by a model; recorded, so it reads no value. */
export type LossFunction<Model extends Module> = (model: Model, batch: LossBatch) => OwnLoss;

/** A module that reads token ids and gives the logits of each next one. Generation and evaluation know no more. */
export abstract class LanguageModel extends Module {
  /** The name of the architecture in the registry. */
  abstract readonly kind: string;
  /** Plain data that builds the same architecture again. */
  abstract readonly config: LanguageModelConfig;

  /** Traits of the state; by default it is neither recurrent nor replayable. */
  get stateTraits(): StateTraits {
    return { recurrent: false, replayable: false };
  }

  /**
   * Logits of the token after each.
   * @param ids - `[B, T]`, int64, from 0 to `vocabSize` − 1
   * @param context - without it, a pass without memory whose `training` is the module's
   * @returns `[B, T, V]`, floating, in the dtype that the head computes in
   * @throws ShapeError when the state and T exceed the context length
   */
  abstract forward(ids: Tensor, context?: ForwardContext): Tensor;

  /**
   * The loss of next tokens, summed over the positions that count, and their number; logits need not be held. Evaluations
   * take it for the cross-entropy and its exponential for the perplexity: another objective is the `loss` of a trainer.
   * @param ids - `[B, T]`, int64, from 0 to `vocabSize` − 1
   * @param targets - `[B, T]`, int64, from 0 to `vocabSize` − 1, or the target that doesn't count
   * @param context - without it, a pass without memory whose `training` is the module's
   * @param terms - of the loss (default: the plain cross-entropy)
   * @returns the sum in nats, floating, the number of positions, int64, and what else the model reports: scalars `[]`
   */
  loss(ids: Tensor, targets: Tensor, context?: ForwardContext, terms: TokenLossTerms = {}): LossOutput {
    checkOptions('LanguageModel.loss', context, forwardContextKeys);
    checkOptions('LanguageModel.loss', terms, { ignoreIndex: true, labelSmoothing: true, zLoss: true });
    return sumTokenLoss(this.forward(ids, context), targets, terms);
  }

  /**
   * Adds the gradients of `loss · scale` to every parameter: the first half of a training step.
   * @param ids - `[B, T]`, int64, from 0 to `vocabSize` − 1
   * @param targets - `[B, T]`, int64, from 0 to `vocabSize` − 1, or the target that doesn't count
   * @param context - by default a pass without memory, dropout on
   * @param options - scale, autocast, checkpointing and the terms of the loss
   * @returns the summed loss in nats, unscaled, the positions that count, and what else the model reports: scalars `[]`
   *   without gradients
   * @throws PalabraError of code PAL_UNSUPPORTED for checkpointing of a model that has no segments
   */
  accumulateGradients(
    ids: Tensor,
    targets: Tensor,
    context: ForwardContext = { training: true },
    options: GradientOptions = {},
  ): LossOutput {
    checkOptions('LanguageModel.accumulateGradients', context, forwardContextKeys);
    const {
      scale,
      autocast,
      checkpointing = false,
      ...terms
    } = checkOptions('LanguageModel.accumulateGradients', options, gradientKeys);
    if (checkpointing) return this.accumulateCheckpointed(ids, targets, context, { scale, autocast, ...terms });
    // Without a shorter dtype no closure stands between a step and its loss.
    const loss =
      autocast === undefined
        ? this.loss(ids, targets, context, terms)
        : withOptionalAutocast(ids, autocast, () => this.loss(ids, targets, context, terms));
    backward(scaleLoss(loss, scale));
    return detachLoss(loss);
  }

  /** {@link LanguageModel.accumulateGradients} with checkpointing; a model in segments can do it. */
  protected accumulateCheckpointed(
    _ids: Tensor,
    _targets: Tensor,
    _context: ForwardContext,
    _options: GradientOptions,
  ): LossOutput {
    raise('PAL_UNSUPPORTED', {
      where: `${this.constructor.name}.accumulateGradients`,
      expected: 'no checkpointing',
      received: 'checkpointing',
      fix: 'Extend SegmentedLanguageModel, whose passes are made of segments.',
    });
  }

  /**
   * The state before the first token of some sequences, on the device of the model.
   * @param batch - B, a positive integer
   * @returns a state of its own, for the `state` of {@link ForwardContext}; dispose of it
   */
  abstract newState(batch: number): DecodeState;
}

/**
 * Tests if a module is a language model.
 * @param module - any
 * @returns true for one that gives the logits of next tokens
 */
export function isLanguageModel(module: Module): module is LanguageModel {
  return 'newState' in module && typeof module.newState === 'function';
}

/**
 * Describes a model without its weights.
 * @param model - any module
 * @returns architecture and configuration of a language model; of another module the name of its class
 */
export function describeModel(model: Module): { model: string; config: Record<string, unknown> } {
  if (isLanguageModel(model)) return { model: model.kind, config: { ...model.config } };
  return { model: model.constructor.name, config: {} };
}

/**
 * Adds the gradients of a loss to the parameters that it comes from.
 * @param ids - `[B, T]`, of which only the device is read
 * @param options - factor of the summed loss, and the dtype of matrix products in its forward pass
 * @param options.scale - by default 1 / the positions that count
 * @param options.autocast - none leaves all as it is
 * @param compute - the forward pass
 * @returns the loss, unscaled: scalars `[]` without gradients
 */
export function accumulateLossGradients(
  ids: Tensor,
  { scale, autocast }: Pick<GradientOptions, 'scale' | 'autocast'>,
  compute: () => LossOutput,
): LossOutput {
  const loss = withOptionalAutocast(ids, autocast, compute);
  backward(scaleLoss(loss, scale));
  return detachLoss(loss);
}

/**
 * Runs the forward computations of a pass over the ids in a shorter dtype, where one is given.
 * @param ids - `[B, T]`, of which only the device is read
 * @param dtype - of matrix products; none runs `fn` as it is
 * @param fn - the computations
 * @returns the result of `fn`
 */
export function withOptionalAutocast<T>(ids: Tensor, dtype: GradientOptions['autocast'], fn: () => T): T {
  if (dtype === undefined) return fn();
  return withAutocast(dtype, fn, { deviceType: ids.device.startsWith('cuda') ? 'cuda' : 'cpu' });
}
