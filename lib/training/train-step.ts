import { expectRange, raise } from '../core/index.js';
import type { LanguageModel } from '../models/index.js';
import { IGNORED_TARGET, tokenLoss } from '../nn/index.js';
import type { Optimizer } from '../optim/index.js';
import { program } from '../tensor/index.js';
import type { Program, ProgramCallOptions, Tensor } from '../tensor/index.js';
import { clippedUpdate } from './clipped-update.js';

/** What a training step works on and how. */
export interface TrainingStepOptions {
  model: LanguageModel;
  optimizer: Optimizer;
  /** The most that the norm of all gradients may be; larger ones are scaled down (default: no limit). */
  clipNorm?: number;
  /** ε of the smoothed loss (default 0). */
  labelSmoothing?: number;
  /** The target that doesn't count (default −100). */
  ignoreIndex?: number;
}

/** What a step reports. */
export interface StepResult {
  /** Nats a token, before the update. */
  loss: number;
  /** The norm of all gradients before clipping. */
  gradNorm: number;
}

/** What the recorded step gives. */
interface StepTensors {
  loss: Tensor;
  norm: Tensor;
}

/** A training step: forward, loss, backward, clipping and update, recorded once a shape as one program. */
export class TrainingStep {
  private readonly step: Program<[Tensor, Tensor], StepTensors>;
  private runs = 0;

  constructor(options: TrainingStepOptions) {
    if (options.clipNorm !== undefined) expectRange('trainingStep', 'clipNorm', options.clipNorm, { above: 0 });
    this.step = program((inputs: Tensor, targets: Tensor) => update(options, inputs, targets));
  }

  /**
   * Trains on one batch, away from the JavaScript thread.
   * @param inputs - `[B, T]`, int64
   * @param targets - `[B, T]`, int64
   * @throws PalabraError of code PAL_NON_FINITE when the loss or a gradient is NaN or infinite; no weight has changed
   */
  async run(inputs: Tensor, targets: Tensor, options: ProgramCallOptions = {}): Promise<StepResult> {
    this.runs++;
    const { loss, norm } = await this.step.run(inputs, targets, options);
    const result = { loss: loss.item(), gradNorm: norm.item() };
    loss.dispose();
    norm.dispose();
    return expectFinite(result, this.runs);
  }

  /** Frees the recordings; model and optimizer stay. */
  dispose(): void {
    this.step.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * Makes the training step of a model.
 * @example
 * const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
 * const step = trainingStep({ model, optimizer, clipNorm: 1 });
 * const { loss } = await step.run(inputs, targets);
 */
export function trainingStep(options: TrainingStepOptions): TrainingStep {
  return new TrainingStep(options);
}

/** One update, in order; recorded, so it reads no value. */
function update(options: TrainingStepOptions, inputs: Tensor, targets: Tensor): StepTensors {
  const { model, optimizer, clipNorm, labelSmoothing = 0, ignoreIndex = IGNORED_TARGET } = options;
  optimizer.zeroGrad();
  const logits = model.forward(inputs, { training: true }); // B T V
  const loss = tokenLoss(logits, targets, { labelSmoothing, ignoreIndex });
  loss.backward();
  return { loss: loss.detach(), norm: clippedUpdate(optimizer, loss, clipNorm).norm };
}

function expectFinite(result: StepResult, run: number): StepResult {
  if (Number.isFinite(result.loss) && Number.isFinite(result.gradNorm)) return result;
  raise('PAL_NON_FINITE', {
    where: 'TrainingStep.run',
    expected: 'a finite loss and finite gradients',
    received: `loss ${result.loss} and gradient norm ${result.gradNorm} at run ${run}`,
    fix: 'No weight was changed. Look at the batch; a lower learning rate or clipNorm often helps.',
    details: { ...result, run },
  });
}
