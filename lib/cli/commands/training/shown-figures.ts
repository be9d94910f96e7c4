import { Option } from 'commander';
import { formatSuggestion, raise } from '../../../core/index.js';

/** The figures of a step of a trainer. */
interface StepFigures extends Record<'loss' | 'gradNorm' | 'learningRate' | 'epoch' | 'seconds' | 'peakBytes', number> {
  metrics?: Readonly<Record<string, number>>;
}

/** Names figures of a step that stand in the line of progress. */
export const createShowOption = (): Option =>
  new Option('--show <names>', 'figures in the line of progress, as phi,gate,gradNorm').argParser(
    (words: string): string[] => words.split(',').map((word) => word.trim()),
  );

/**
 * The figures of a step that are to be shown.
 * @param step - of a run
 * @param names - of figures of the step, or of those that the model reports
 * @returns their values by name, in the order of the names
 * @throws ArgumentError for a name that the step doesn't know
 */
export function pickFigures(step: StepFigures, names: readonly string[]): Record<string, number> {
  const { loss, gradNorm, learningRate, epoch, seconds, peakBytes } = step;
  const known: Record<string, number> = { loss, gradNorm, learningRate, epoch, seconds, peakBytes, ...step.metrics };
  return Object.fromEntries(names.map((name) => [name, known[name] ?? refuseName(name, Object.keys(known))]));
}

function refuseName(name: string, known: readonly string[]): never {
  raise('PAL_ARGUMENT', {
    where: '--show',
    expected: `names among ${known.join(', ')}`,
    received: name,
    fix: formatSuggestion(name, known),
  });
}
