import { Gpt } from '../../../models/index.js';
import type { GptLogits, GptOptions, LossOutput, PassInputs } from '../../../models/index.js';
import { buffer } from '../../../nn/index.js';
import type { NamedTensors, TokenLossTerms } from '../../../nn/index.js';
import { tensor } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { targetLabels } from '../sequence/labels.js';
import { AuxiliaryHeads } from './auxiliary-heads.js';
import { sumContrastLoss } from './contrast-loss.js';
import { sumTeacherLoss } from './teacher-loss.js';

/** The terms of the training loss beside the cross-entropy; one that is left out is none. */
export interface FormalizerTerms {
  /** ε of a smoothed loss on the words of reasoning and glosses alone, and the ids that mass is spread over. */
  smoothing?: { epsilon: number; ids: readonly number[] } | undefined;
  /** The weight of the contrast of right and wrong formulas. */
  contrast?: number | undefined;
  /** The weight of each auxiliary head. */
  heads?: number | undefined;
  /** The weight of the divergence from a teacher that has read the reasoning, and the logits that it gives a batch. */
  teacher?: { weight: number; read: (pass: PassInputs) => Tensor } | undefined;
  /**
   * Targets that an example has on average: what is summed over examples is weighed by it, so that it is about as large as
   * a mean over examples beside the mean over targets, and micro-batches still add up.
   */
  targetsAnExample: number;
}

/**
 * A `Gpt` that learns to formalise: in training, where its batches say what each target is, the loss has further terms. What is
 * evaluated and stored is the Gpt alone.
 */
export class FormalizerGpt extends Gpt {
  /** The heads on what can be told of a formula, where there are any. */
  readonly auxiliary: AuxiliaryHeads | undefined;
  /** 1 / n for the n tokens that mass is spread over, else 0, `[V]`. */
  private readonly spread: Tensor | undefined;

  constructor(
    options: GptOptions,
    private readonly terms: FormalizerTerms,
  ) {
    super(options);
    const { smoothing, heads = 0 } = terms;
    this.spread = smoothing && buffer(createSpread(smoothing.ids, this.config.vocabSize), { persistent: false });
    this.auxiliary = heads > 0 ? new AuxiliaryHeads(this.config.width) : undefined;
  }

  /** True where some tokens have a smoothed loss. */
  get smooths(): boolean {
    return this.spread !== undefined;
  }

  /** The tensors of the Gpt, without the heads. */
  override stateDict(): NamedTensors {
    const all = Object.entries(super.stateDict());
    return Object.fromEntries(all.filter(([name]) => !name.startsWith('auxiliary.')));
  }

  protected override featureLoss(
    features: Tensor,
    targets: Tensor,
    terms: TokenLossTerms,
    pass?: PassInputs,
  ): LossOutput {
    const { labels, training = false } = pass?.context ?? {};
    if (!training || labels === undefined) return super.featureLoss(features, targets, terms);
    const logits = this.readLogits(features);
    const loss = this.logitLoss(logits, targets, terms);
    const auxiliary = {
      ...this.smooth(logits, targets, labels),
      ...this.contrastFormulas(logits, pass!, labels),
      ...this.followTeacher(logits, pass!, labels),
      ...this.tellClasses(features, targets, labels),
    };
    return { ...loss, auxiliary };
  }

  /** ε · (the logit of the target − the mean logit): (1 − ε) · NLL + ε · (mean NLL) is NLL and this. */
  private smooth({ capped }: GptLogits, targets: Tensor, labels: Tensor): Record<string, Tensor> {
    const { smoothing } = this.terms;
    if (smoothing === undefined || this.spread === undefined) return {};
    const isText = labels.eq(targetLabels.text).logicalAnd(targets.ge(0)); // B T
    const wanted = capped.gather(-1, targets.clamp({ min: 0 }).unsqueeze(-1)).squeeze(-1);
    const mean = capped.matmul(this.spread.to({ dtype: capped.dtype }));
    const sum = wanted.sub(mean).maskedFill(isText.logicalNot(), 0).sum();
    return { smoothing: sum.mul(smoothing.epsilon) };
  }

  private contrastFormulas(
    { capped }: GptLogits,
    { ids, context }: PassInputs,
    labels: Tensor,
  ): Record<string, Tensor> {
    const { contrast = 0, targetsAnExample } = this.terms;
    const { documents } = context;
    if (contrast === 0 || documents === undefined) return {};
    const sum = sumContrastLoss({ logits: capped, ids, labels, documents });
    return { contrast: sum.mul(contrast * targetsAnExample) };
  }

  private followTeacher({ capped }: GptLogits, pass: PassInputs, labels: Tensor): Record<string, Tensor> {
    const { teacher } = this.terms;
    if (teacher === undefined) return {};
    const sum = sumTeacherLoss({ student: capped, teacher: teacher.read(pass), labels });
    return { teacher: sum.mul(teacher.weight) };
  }

  private tellClasses(features: Tensor, targets: Tensor, labels: Tensor): Record<string, Tensor> {
    const { heads = 0, targetsAnExample } = this.terms;
    const losses: Record<string, Tensor> = this.auxiliary?.losses(features, labels, targets) ?? {};
    return Object.fromEntries(Object.entries(losses).map(([name, sum]) => [name, sum.mul(heads * targetsAnExample)]));
  }
}

function createSpread(ids: readonly number[], vocabSize: number): Tensor {
  const shares = new Float32Array(vocabSize);
  for (const id of ids) shares[id] = 1 / ids.length;
  return tensor(shares);
}
