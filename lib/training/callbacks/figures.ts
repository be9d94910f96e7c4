/** The figures of a run by the names under which trackers show them. */
import type { TrainerEvaluation, TrainerEvent, TrainerStep } from '../report.js';

/** Numbers by names such as `train/loss`. */
export type Figures = Readonly<Record<string, number>>;

/**
 * The figures of an update.
 * @param step - the update
 * @returns loss, norm, rate, speed and memory, and the model's own
 */
export function listStepFigures(step: TrainerStep): Figures {
  return {
    'train/loss': step.loss,
    'train/gradNorm': step.gradNorm,
    'train/learningRate': step.learningRate,
    'train/epoch': step.epoch,
    'speed/tokensPerSecond': step.tokensPerSecond,
    'memory/peakBytes': step.peakBytes,
    ...prefixNames('train', step.metrics ?? {}),
  };
}

/**
 * The figures of an evaluation; those of several validation sets each under its name.
 * @param evaluation - of all sets
 * @returns loss, perplexity and metrics of one's own
 */
export function listEvaluationFigures({ sets, ...whole }: TrainerEvaluation): Figures {
  const named = sets === undefined ? [['validation', whole] as const] : Object.entries(sets);
  return Object.assign(
    {},
    ...named.map(([name, { loss, perplexity, metrics }]) =>
      prefixNames(sets === undefined ? name : `validation/${name}`, { loss, perplexity, ...metrics }),
    ),
  ) as Figures;
}

/**
 * The figures of what happened between two updates.
 * @param event - of any type
 * @returns the scale of a skipped update, or the figures that were logged; else none
 */
export function listEventFigures(event: TrainerEvent): Figures {
  if (event.type === 'skipped-update') return { 'train/lossScale': event.scale };
  return event.type === 'log' ? prefixNames('log', event.values) : {};
}

function prefixNames(prefix: string, values: Figures): Figures {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));
}
