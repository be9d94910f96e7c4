import type { Finding } from '../diagnosis.js';
import { measureGap } from '../record.js';
import type { EvaluationRecord, RunRecord } from '../record.js';
import { formatPercent, formatShort } from '../short.js';

/** Evaluations that the trend is judged by. */
const TREND = 3;
/** Nats between the losses of validation and training. */
const WIDE_GAP = 0.5;
/** A relative change of the loss below this is none. */
const STILL = 1e-3;

/**
 * A validation loss that rises while the training loss falls, or far above it.
 * @param record - evaluations are read, dropout for the advice
 * @returns a warning of code OVERFIT; undefined where there is no such sign
 */
export function findOverfitting({ history, facts: { dropout } }: RunRecord): Finding | undefined {
  const gap = measureGap(history) ?? 0;
  const rising = isDiverging(history.evaluations);
  if (!rising && gap <= WIDE_GAP) return undefined;
  const best = findLowest(history.evaluations);
  const now = dropout === undefined ? '' : ` (now ${formatShort(dropout)})`;
  return {
    code: 'OVERFIT',
    severity: 'warning',
    message: rising
      ? `The validation loss rose ${TREND} times in a row while the training loss fell; gap ${formatShort(gap)} nats.`
      : `The validation loss is ${formatShort(gap)} nats above the training loss.`,
    evidence: { gap, bestStep: best?.step ?? 0, bestLoss: best?.loss ?? NaN, risesInARow: rising ? TREND : 0 },
    advice: `Take the weights of step ${best?.step ?? 0}; raise dropout${now} or weight decay, shrink the model, add text.`,
  };
}

/**
 * A run that ended while it still got better, or still far from knowing anything.
 * @param record - evaluations, the end and the size of the vocabulary are read
 * @returns a warning of code UNDERTRAINED; undefined else, or for a run that goes on or was stopped
 */
export function findUndertraining({
  history: { evaluations, end },
  facts: { vocabSize },
}: RunRecord): Finding | undefined {
  const last = evaluations.at(-1);
  if (last === undefined || (end !== 'limit' && end !== 'early stopping')) return undefined;
  const fall = measureFall(evaluations);
  const guessing = vocabSize === undefined ? Infinity : Math.log(vocabSize);
  if (fall <= 0.02 && last.loss <= 0.8 * guessing) return undefined;
  return {
    code: 'UNDERTRAINED',
    severity: 'warning',
    message:
      fall > 0.02
        ? `The validation perplexity still fell by ${formatPercent(fall)} an epoch when the run ended (${end}).`
        : `The validation loss is ${formatShort(last.loss)}, over 0.8 of what guessing gives (${formatShort(guessing)}).`,
    evidence: { fallInAnEpoch: fall, loss: last.loss, guessing, epoch: last.epoch },
    advice: 'Train longer: more steps or epochs, with a schedule that is as long.',
  };
}

/**
 * Losses that stand still while the learning rate is still high.
 * @param record - evaluations and the highest learning rate are read
 * @returns a warning of code PLATEAU; undefined else, or with fewer than four evaluations
 */
export function findPlateau({ history: { evaluations, peakLearningRate } }: RunRecord): Finding | undefined {
  const recent = evaluations.slice(-TREND - 1);
  const [first, last] = [recent[0], recent.at(-1)];
  if (recent.length <= TREND || first === undefined || last?.learningRate === undefined) return undefined;
  const progress = (first.loss - Math.min(...recent.slice(1).map(({ loss }) => loss))) / first.loss;
  if (progress > STILL || last.learningRate < 0.5 * peakLearningRate || isTrainLossFalling(recent)) return undefined;
  return {
    code: 'PLATEAU',
    severity: 'warning',
    message: `The validation loss has not fallen for ${TREND} evaluations, at a learning rate of ${formatShort(last.learningRate)}.`,
    evidence: { progress, loss: last.loss, learningRate: last.learningRate, fromStep: first.step, toStep: last.step },
    advice: 'Lower the learning rate (schedule plateau or cosine); if that changes nothing, the model is too small.',
  };
}

/**
 * A learning rate that has been too small to learn for a tenth of the run.
 * @param record - steps and learning rates are read
 * @returns a warning of code DEAD_LR; undefined else, or after fewer than ten such steps
 */
export function findDeadLearningRate({ history }: RunRecord): Finding | undefined {
  const { steps, deadSteps, lastLearningRate, peakLearningRate } = history;
  if (deadSteps < 10 || deadSteps < 0.1 * steps) return undefined;
  return {
    code: 'DEAD_LR',
    severity: 'warning',
    message: `The learning rate is ${formatShort(lastLearningRate)} since ${deadSteps} of ${steps} steps.`,
    evidence: { deadSteps, steps, lastLearningRate, peakLearningRate },
    advice: 'Stop earlier, restart with a schedule as long as the run, or give the plateau schedule more patience.',
  };
}

function isDiverging(evaluations: readonly EvaluationRecord[]): boolean {
  const recent = evaluations.slice(-TREND - 1);
  const rises = recent.slice(1).every(({ loss }, index) => loss > recent[index]!.loss);
  return recent.length > TREND && rises && isTrainLossFalling(recent);
}

function isTrainLossFalling(evaluations: readonly EvaluationRecord[]): boolean {
  const [from, to] = [evaluations[0]?.trainLoss, evaluations.at(-1)?.trainLoss];
  return from !== undefined && to !== undefined && to < from * (1 - STILL);
}

/** The relative fall of the perplexity over the last epoch, or at the pace of the last two evaluations. */
function measureFall(evaluations: readonly EvaluationRecord[]): number {
  const last = evaluations.at(-1);
  const before =
    evaluations.filter(({ epoch }) => last !== undefined && epoch <= last.epoch - 1).at(-1) ?? evaluations.at(-2);
  if (last === undefined || before === undefined || last.epoch <= before.epoch) return 0;
  return (1 - Math.exp(last.loss - before.loss)) / (last.epoch - before.epoch);
}

function findLowest(evaluations: readonly EvaluationRecord[]): EvaluationRecord | undefined {
  return [...evaluations].sort((a, b) => a.loss - b.loss)[0];
}
