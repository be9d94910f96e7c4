import { formatInteger } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import { summarize } from '../inspection/index.js';
import type { ModelSummary, SummaryOptions } from '../inspection/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import { dryRun, overfitOneBatch } from '../training/checks/index.js';
import type { DryRunPass, OverfitReport } from '../training/checks/index.js';
import type { Output } from './output.js';
import { formatColumns } from './print-result.js';

/** Inputs of {@link checkModel}. */
export interface ModelCheckOptions {
  /** The training step to come; undefined for the overfitting alone. */
  step?: SummaryOptions;
  /** The batch to overfit. */
  batch: TokenBatch;
  /** Shows what is being done. */
  log: (text: string) => void;
}

/** Findings about a model before a long run. */
export interface ModelCheck {
  /** Layers, shapes, parameters, and the memory of a training step. */
  summary?: ModelSummary;
  /** Random tokens, at batch 1 and 32. */
  passes: readonly DryRunPass[];
  overfit: OverfitReport & Record<'rows' | 'length', number>;
  /** True where nothing failed. */
  passed: boolean;
}

/** Tries a model in small: what it is made of, a pass at two batch sizes, and one batch that it must overfit. */
export async function checkModel(model: LanguageModel, { step, batch, log }: ModelCheckOptions): Promise<ModelCheck> {
  const [rows, length] = batch.shape;
  const passes = step === undefined ? [] : await dryRun(model, { length: step.length });
  log(`Overfitting ${rows} rows of ${length} tokens, 200 steps at most.\n`);
  const overfit = { ...(await overfitOneBatch(model, batch)), rows, length };
  return {
    ...(step && { summary: summarize(model, step) }),
    ...{ passes, overfit, passed: overfit.passed && passes.every(({ passed }) => passed) },
  };
}

/** Says why a step is computed, which takes its time, where its shapes and memory can't be told without. */
export function reportComputing(output: Output): (reason: Error) => void {
  return ({ message }) => {
    output.err(`Computing a part of the step, as the model can't be passed through without values: ${message}\n`);
  };
}

/** A trial for people. */
export function describeModelCheck({ summary: table, passes, overfit, passed }: ModelCheck): string {
  const rows = [...passes.map(formatPass), formatOverfit(overfit)];
  const verdict = passed ? 'Nothing speaks against training it.' : 'Something is wrong: look at what failed first.';
  return [...(table ? [`${table.toString()}\n`] : []), formatColumns(rows), verdict].join('\n');
}

function formatPass({ batchSize, length, loss, uniformLoss, gradNorm, passed }: DryRunPass): [string, string] {
  const figures = `loss ${loss.toFixed(4)} beside ln V = ${uniformLoss.toFixed(4)}, gradient norm ${gradNorm.toFixed(3)}`;
  return [`${batchSize} × ${length} random tokens`, `${formatVerdict(passed)}  ${figures}`];
}

function formatOverfit({ rows, length, loss, steps, passed }: ModelCheck['overfit']): [string, string] {
  const figures = `loss ${loss.toFixed(4)} after ${formatInteger(steps)} steps, to be below 0.1 within 200`;
  return [`overfit ${rows} × ${length}`, `${formatVerdict(passed)}  ${figures}`];
}

function formatVerdict(passed: boolean): string {
  return passed ? 'passed' : 'failed';
}
