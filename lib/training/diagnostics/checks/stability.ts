import { formatInteger } from '../../../core/index.js';
import type { Finding } from '../diagnosis.js';
import type { RunRecord } from '../record.js';
import { formatShort } from '../short.js';

/**
 * A loss or norm that is no number, or norms far over their average several steps in a row.
 * @param record - its explosion is read, and the bound on the norm
 * @returns an error of code LSTM_NAN; undefined where there was none
 */
export function findExplodingGradients({
  history: { explosion },
  facts: { maxGradNorm },
}: RunRecord): Finding | undefined {
  if (explosion === undefined) return undefined;
  const { step, loss, gradNorm, average, learningRate } = explosion;
  const clip = maxGradNorm === undefined ? 'none' : formatShort(maxGradNorm);
  return {
    code: 'LSTM_NAN',
    severity: 'error',
    message: `Gradient explosion at step ${step}: norm ${formatShort(gradNorm)}, clip ${clip}, lr ${formatShort(learningRate)}.`,
    evidence: { step, loss, gradNorm, average, learningRate, maxGradNorm: maxGradNorm ?? 'none' },
    advice:
      `Go back to the last good checkpoint; try clip ${clip}→${formatShort((maxGradNorm ?? 1) / 2)} ` +
      `and lr ${formatShort(learningRate)}→${formatShort(learningRate / 2)}.`,
  };
}

/**
 * Updates that had to be made in smaller micro-batches, or a run that memory ended.
 * @param record - the latest time that memory ran out is read
 * @returns a finding of code OOM, an error where the run ended; undefined where memory was enough
 */
export function findOutOfMemory({ history: { outOfMemory: event } }: RunRecord): Finding | undefined {
  if (event === undefined) return undefined;
  const { step, rows, microBatches, fatal } = event;
  const micro = Math.ceil(rows / microBatches);
  return {
    code: 'OOM',
    severity: fatal ? 'error' : 'warning',
    message: fatal
      ? `Out of memory at step ${step}: not even a single row fits.`
      : `Out of memory at batch ${rows}, step ${step}: micro-batch ${micro}×${microBatches} from there on.`,
    evidence: { step, rows, microBatches, microBatch: micro },
    advice:
      `${fatal ? 'Take a smaller model' : `Set accumulation ${microBatches} from the start`}; ` +
      'consider bfloat16, shorter windows, gradient checkpointing.',
  };
}

/**
 * A first loss that is not ln V, as that of a model which knows nothing yet is.
 * @param record - the first loss and the size of the vocabulary are read
 * @returns a warning of code INIT_LOSS where the loss is more than a tenth off; undefined else, or where either is
 *   unknown
 */
export function findInitialLoss({ history: { firstLoss }, facts: { vocabSize } }: RunRecord): Finding | undefined {
  if (firstLoss === undefined || vocabSize === undefined || vocabSize < 2) return undefined;
  const expected = Math.log(vocabSize);
  if (Math.abs(firstLoss - expected) < 0.1 * expected) return undefined;
  const high = firstLoss > expected;
  return {
    code: 'INIT_LOSS',
    severity: 'warning',
    message: `The first loss is ${formatShort(firstLoss)}; guessing among ${formatInteger(vocabSize)} tokens gives ${formatShort(expected)}.`,
    evidence: { firstLoss, expected, vocabSize },
    advice: high
      ? 'Look at the initial weights of the output and at targets outside the vocabulary.'
      : 'Weights that were trained before are fine; otherwise the model sees its targets.',
  };
}
