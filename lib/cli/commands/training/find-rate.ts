import { Progress } from '../../../core/index.js';
import { findRate } from '../../../training/index.js';
import type { FoundRate, RatePoint, TrainerOptions } from '../../../training/index.js';
import { withInterruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { formatColumns } from '../../print-result.js';

/** Updates of the test, lines of its curve, and the width of its longest bar. */
const [STEPS, LINES, WIDTH] = [100, 25, 48];

/**
 * Tries rising learning rates, and shows how far it is; Ctrl-C ends it with the curve so far.
 * @param options - of the trainer; the model is as before afterwards
 * @param output - of the command
 * @returns the suggestion and the curve
 */
export async function findRateWithProgress(options: TrainerOptions, output: Output): Promise<FoundRate> {
  const stream = { isTTY: process.stderr.isTTY, columns: process.stderr.columns, write: output.err };
  const progress = new Progress({ total: STEPS, label: 'find rate', stream });
  try {
    return await withInterruption((signal) =>
      findRate(
        { ...options, signal },
        { steps: STEPS, onProgress: ({ step, loss }) => progress.update(step, { loss }) },
      ),
    );
  } finally {
    progress.finish();
  }
}

/** A range test for people: loss by rate as bars, and the rate to take. */
export function formatFoundRate({ suggestion, curve, diverged }: FoundRate): string {
  const stopped = !diverged && curve.length < STEPS;
  const none = stopped
    ? 'none yet: the test was stopped'
    : 'none: the loss does not fall. Look at the data, or take more text or larger batches.';
  const advice =
    suggestion === undefined
      ? none
      : `${formatRate(suggestion)}, where the loss falls fastest: --trainer.optimizer.learningRate ${formatRate(suggestion)}`;
  const bounds = stopped ? `stopped after ${curve.length} of ${STEPS} updates` : 'the loss stayed in bounds';
  const end = diverged ? `the loss ran away at ${formatRate(curve.at(-1)?.learningRate ?? 0)}` : bounds;
  return `${formatCurve(curve, suggestion)}\n\n${formatColumns([
    ['suggested', advice],
    ['end', end],
  ])}`;
}

/** Bars from the lowest smoothed loss to the highest, a line for some of the rates. */
function formatCurve(curve: readonly RatePoint[], suggestion: number | undefined): string {
  const [least, most] = [Math.min, Math.max].map((pick) => pick(...curve.map(({ smoothed }) => smoothed)));
  const every = Math.max(1, Math.ceil(curve.length / LINES));
  const shown = curve.filter((point, i) => i % every === 0 || point.learningRate === suggestion);
  const lines = shown.map(({ learningRate, smoothed }) => {
    const bar = '█'.repeat(1 + Math.round(((smoothed - least!) / Math.max(1e-9, most! - least!)) * (WIDTH - 1)));
    const mark = learningRate === suggestion ? '  suggested' : '';
    return `${formatRate(learningRate)}  ${smoothed.toFixed(4)}  ${bar}${mark}`;
  });
  return ['rate     loss', ...lines].join('\n');
}

function formatRate(rate: number): string {
  return rate.toExponential(1);
}
