import { collectPhi, findPhiLayer } from '../../inspection/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { scope, tensor } from '../../tensor/index.js';

/**
 * What each token does for phi at the end of a sequence: phi with it, minus phi where it is deleted.
 * @param model - one that records its states, as the Infinito
 * @param ids - of 2 tokens or more, at most a segment
 * @returns a value for each token; above 0 where phi falls without it
 */
export function measureDeletions(model: LanguageModel, ids: readonly number[]): number[] {
  const whole = measureLast(model, [[...ids]])[0]!;
  const shorter = ids.map((_, i) => ids.filter((__, j) => j !== i));
  return measureLast(model, shorter).map((phi) => whole - phi);
}

/** Phi at the end of rows of one length, at the layer of the memory. */
function measureLast(model: LanguageModel, rows: number[][]): number[] {
  const layers = scope(() => collectPhi(model, tensor(rows, { dtype: 'int64', device: model.device })));
  return layers[findPhiLayer(model, layers)]!.phi.map((row) => row.at(-1)!);
}
