import { Option } from 'commander';
import { Progress, expectPositiveInteger, formatDuration } from '../../../core/index.js';
import { computeUnigramEntropy } from '../../../data/index.js';
import type { Prepared } from '../../../data/index.js';
import { selectExitCode, watchSignals, restoreTrainer } from '../../../training/index.js';
import type { Diagnostics, RestorableOptions, Trainer, TrainerEnd, TrainerStep } from '../../../training/index.js';
import { formatColumns } from '../../print-result.js';
import type { Output } from '../../output.js';
import { pickFigures } from './shown-figures.js';

/** Help of `--strict`, for training and resuming. */
export const STRICT = 'end with exit code 2 when a diagnosis makes the run worthless';

/** The run that is followed. */
export interface TrainedRun {
  folder: string;
  prepared: Prepared;
  diagnostics: Diagnostics;
  json: boolean;
  /** True where a diagnosis that is an error makes the exit code 2. */
  strict: boolean;
  /** The update after which the run is left, saved, to be resumed; undefined for its end. */
  until?: number | undefined;
  /** Figures of each step in the line of progress, by name. */
  show?: readonly string[] | undefined;
}

/** Leaves a run after so many updates. */
export const createUntilOption = (): Option =>
  new Option('--until <step>', 'save and leave after so many updates; palabra resume goes on').argParser(parseStep);

function parseStep(word: string): number {
  return expectPositiveInteger('--until', 'step', Number(word));
}

/** Result of a run. */
interface Result extends TrainerEnd {
  /** Nats a token of the best guess that ignores the context, on the validation split. */
  unigramLoss: number | undefined;
  seconds: number;
  folder: string;
}

/** The message after the first Ctrl-C. */
const SAVING = 'the step under way is finished and saved; once more leaves at once.';

/**
 * Runs a trainer with a bar and a line for each evaluation; Ctrl-C saves and leaves. Where gradients explode, the run
 * goes back to its last checkpoint once.
 * @returns the exit code
 */
export async function trainWithProgress(
  trainer: Trainer,
  options: RestorableOptions,
  run: TrainedRun,
  output: Output,
): Promise<number> {
  try {
    return await trainOnce(trainer, run, output);
  } catch (error) {
    const { diagnostics } = run;
    const restored = await restoreTrainer({ error, options, trainer, diagnostics });
    if (restored === undefined) throw error;
    const [found] = diagnostics.diagnoses;
    output.err(`\n${found!.message} Going on from the last checkpoint with half the learning rate and maxGradNorm.\n`);
    return await trainOnce(restored, run, output);
  }
}

async function trainOnce(trainer: Trainer, run: TrainedRun, output: Output): Promise<number> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const total = trainer.totalSteps ?? Math.ceil((trainer.config.minutes ?? 0) * 60);
  const progress = createProgress(trainer, total, output);
  using watch = watchSignals(trainer, (signal) => progress.message(`${signal}: ${SAVING}`));
  try {
    const end = await iterateSteps(trainer, (step) => {
      const done = trainer.totalSteps === undefined ? Math.min(total, Math.floor(seconds())) : step.index;
      const logged = { ...pickFigures(step, run.show ?? []), ...step.logged };
      progress.update(done, { loss: step.loss, tokens: step.totalTokens, logged });
      if (step.validation) progress.message(formatEvaluation(step));
      if (step.index >= (run.until ?? Infinity)) trainer.stop('left as --until said');
    });
    progress.finish();
    const result = { ...end, unigramLoss: computeUnigramLoss(run.prepared), seconds: seconds(), folder: run.folder };
    output.out(`${run.json ? formatJson(result, run) : formatText(result, run)}\n`);
    return watch.exitCode ?? selectExitCode(run.diagnostics.diagnoses, { strict: run.strict });
  } finally {
    progress.finish();
    trainer.optimizer.dispose();
  }
}

/** A bar over steps, or over seconds where only time is bounded. */
function createProgress({ totalSteps }: Trainer, total: number, { err }: Output): Progress {
  const stream = { isTTY: process.stderr.isTTY, columns: process.stderr.columns, write: err };
  return new Progress({ total, label: totalSteps === undefined ? 'train, seconds' : 'train', stream });
}

async function iterateSteps(trainer: Trainer, show: (step: TrainerStep) => void): Promise<TrainerEnd> {
  const steps = trainer.steps();
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
    show(value);
  }
}

function formatEvaluation({ index, epoch, validation }: TrainerStep): string {
  const { loss, perplexity, best } = validation!;
  const figures = `validation loss ${loss.toFixed(4)}, perplexity ${perplexity.toFixed(2)}`;
  return `step ${index} (epoch ${epoch.toFixed(2)}): ${figures}${best ? ', the best so far' : ''}`;
}

function computeUnigramLoss({ validation }: Prepared): number | undefined {
  if (validation === undefined) return undefined;
  return computeUnigramEntropy(validation.tokens.subarray(0, validation.tokens.length));
}

function formatJson(result: Result, { diagnostics }: TrainedRun): string {
  return JSON.stringify({ ...result, diagnoses: diagnostics.diagnoses }, null, 2);
}

function formatText({ reason, step, seconds, best, unigramLoss, folder }: Result, { diagnostics }: TrainedRun): string {
  const rows: [string, string][] = [
    ['ended', `${reason}, after ${step} steps in ${formatDuration(seconds * 1000)}`],
    ['model', `${folder}/model`],
  ];
  if (best) rows.push(['best', `validation loss ${best.loss.toFixed(4)} nats a token, at step ${best.step}`]);
  if (unigramLoss !== undefined) {
    rows.push(['unigram', `${unigramLoss.toFixed(4)} nats: the best guess that ignores the context`]);
  }
  const advice = diagnostics.diagnoses.map(({ code, message }) => `${code}: ${message}`);
  const hint = advice.length === 0 ? '' : `\n\n${advice.join('\n')}\nSee palabra diagnose ${folder}`;
  return `${formatColumns(rows)}${hint}`;
}
