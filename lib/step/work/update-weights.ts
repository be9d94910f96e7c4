import { computeClipDivisor, computeGradNorm, updateUnlessSkipped } from '../../optim/interface/index.js';
import type { GradScaler, Optimizer } from '../../optim/interface/index.js';
import { aten, noGrad, useGenerator } from '../../tensor/index.js';
import type { Generator, Tensor } from '../../tensor/index.js';

/**
 * Changes the gradients of the parameters in place. It may return what is to be done after the update, which is given 1
 * where the update was left out, else 0: 0-dim, float32.
 */
export type GradientHook = (parameters: readonly Tensor[]) => void | ((skip: Tensor) => void);

/** The settings of an update; see `TrainStepOptions`. */
export interface UpdateSettings {
  optimizer: Optimizer;
  maxGradNorm?: number | undefined;
  scaler?: GradScaler | undefined;
  generator?: Generator | undefined;
  gradientHooks?: readonly GradientHook[] | undefined;
}

/** The numbers a step ends with, 0-dim. */
export type UpdateTensors = Record<'loss' | 'norm', Tensor>;

/**
 * Clips the gradients and updates the weights, or neither where loss or gradients are not finite. It reads no value.
 * @param settings - the optimizer and what is done to the gradients before it
 * @param loss - of the batch, 0-dim; NaN leaves every weight as it is
 * @returns the loss, and the norm of all gradients before clipping
 */
export function updateWeights(settings: UpdateSettings, loss: Tensor): UpdateTensors {
  const { optimizer, maxGradNorm, scaler } = settings;
  const finishHooks = changeGradients(settings);
  const norm = computeGradNorm(optimizer.parameters());
  const gradientDivisor = maxGradNorm === undefined ? undefined : computeClipDivisor(norm, maxGradNorm);
  const skip = noGrad(() => loss.add(norm).isfinite().logicalNot().to('float32'));
  updateUnlessSkipped(optimizer, { gradientDivisor, skip });
  noGrad(() => finishHooks.forEach((finishHook) => finishHook(skip)));
  scaler?.update(skip);
  return { loss, norm };
}

/** Unscales the gradients, and lets the hooks change them. @returns what these do after the update */
function changeGradients(settings: UpdateSettings): ((skip: Tensor) => void)[] {
  const { optimizer, gradientHooks = [], generator, scaler } = settings;
  const parameters = optimizer.parameters();
  return noGrad(() => {
    if (scaler) unscale(parameters, scaler.scale);
    using _ = useGenerator(generator);
    return gradientHooks.flatMap((change) => change(parameters) ?? []);
  });
}

function unscale(parameters: readonly Tensor[], scale: Tensor): void {
  aten._foreach_div__Tensor(
    parameters.flatMap(({ grad }) => grad ?? []),
    scale,
  );
}
