import { IGNORED_TARGET } from '../../nn/index.js';
import { crossEntropy, dims, stack } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/**
 * Computes losses and hits of every position, 0 where nothing is predicted.
 * @returns `[2, B · T]`, float32
 */
export function scoreLogits(logits: Tensor, targets: Tensor): Tensor {
  const { B, T, V } = dims(logits, 'B T V');
  const rows = logits.reshape([B * T, V]).to('float32');
  const wanted = targets.reshape([B * T]);
  const losses = crossEntropy(rows, wanted, { ignoreIndex: IGNORED_TARGET, reduction: 'none' });
  return stack([losses.detach(), rows.detach().argmax(1).eq(wanted).to('float32')], 0);
}
