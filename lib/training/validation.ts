import { isPalabraError } from '../core/index.js';
import type { Dataset, TokenBatch } from '../data/index.js';
import { listEvaluationBatches, measureBatches } from '../evaluation/losses/index.js';
import type { Metric } from '../evaluation/metrics/index.js';
import { isLanguageModel, isPretrained } from '../models/interface/index.js';
import type { Module } from '../nn/index.js';
import { Cadence } from './config/cadence.js';
import { OBJECTIVE, isBetter } from './best-metric.js';
import type { SetEvaluation, TrainerEvaluation } from './report.js';
import type { RunContext } from './run-settings.js';

/** The parts of a run that its evaluations touch. */
export type ValidationContext = Pick<
  RunContext,
  'inputs' | 'config' | 'limits' | 'state' | 'data' | 'callbacks' | 'loss' | 'objective' | 'validation' | 'judges'
>;

/** Evaluates the validation data when it is due, and remembers the best. */
export class Validation {
  private readonly cadence: Cadence;

  constructor(
    private readonly context: ValidationContext,
    /** Ends an evaluation under way. */
    private readonly signal: AbortSignal,
    /** Called for each new best, with the weights in place that were evaluated. */
    private readonly onBest: (evaluation: TrainerEvaluation) => Promise<void>,
  ) {
    this.cadence = new Cadence(context.config.evaluateEvery, context.limits);
  }

  /**
   * Evaluates and tells the callbacks where it is due.
   * @returns the evaluation; undefined where it isn't due or the run is to stop
   */
  async measure(): Promise<TrainerEvaluation | undefined> {
    if (!this.due) return undefined;
    const { callbacks, state } = this.context;
    const start = performance.now();
    const found = await callbacks
      .withWeights(() => this.evaluate())
      .catch((error: unknown) => this.unlessStopped(error));
    state.seconds += (performance.now() - start) / 1000;
    if (found === undefined) return undefined;
    state.latest = found;
    await callbacks.notify((callback) => callback.onEvaluation?.(found));
    return found;
  }

  private get due(): boolean {
    const { inputs, config, validation, limits, state } = this.context;
    const named = config.evaluateAt?.includes(state.step) === true;
    const due = this.cadence.isDue(state) || limits.spent(state) || named;
    // What a model opened from a file gives before the first update is what the run has to better.
    const begun = isPretrained(inputs.model) ? -1 : 0;
    if (validation.sets.size === 0 || (state.latest?.step ?? begun) >= state.step) return false;
    return due;
  }

  private async evaluate(): Promise<TrainerEvaluation> {
    const { validation, state, data, judges } = this.context;
    const sets: Record<string, SetEvaluation> = {};
    for (const [name, dataset] of validation.sets)
      sets[name] = await this.evaluateSet(dataset, validation.named ? `validation data ${name}` : 'validation data');
    const [first] = Object.values(sets);
    const figures = { ...first!, ...(validation.named && { sets }) };
    const found = { step: state.step, epoch: data.epoch, ...figures, best: false };
    const evaluation = { ...found, best: isBetter(found, state.best, judges.best) };
    if (evaluation.best) {
      state.best = evaluation;
      await this.onBest(evaluation);
    }
    return evaluation;
  }

  private async evaluateSet(dataset: Dataset, split: string): Promise<SetEvaluation> {
    const { inputs, config, loss: metric, objective } = this.context;
    const own = inputs.metrics ?? [];
    const batches = listEvaluationBatches(dataset, config.batchSize);
    const all = [metric, ...(objective ? [objective] : []), ...own];
    await measureBatches(inputs.model, batches, all, this.signal, split);
    const loss = metric.result();
    const trained = objective && { ...objective.metrics, [OBJECTIVE]: objective.result() };
    const metrics = { ...metric.metrics, ...trained, ...(await collectResults(own)) };
    const perplexity = isLanguageModel(inputs.model) ? Math.exp(loss) : NaN;
    return { loss, perplexity, tokens: metric.tokens, ...(Object.keys(metrics).length > 0 && { metrics }) };
  }

  private unlessStopped(error: unknown): undefined {
    if (this.signal.aborted && isPalabraError(error) && error.code === 'PAL_ABORTED') return undefined;
    throw error;
  }
}

/** Collects the results of metrics by name, one after another. */
async function collectResults(metrics: readonly Metric<TokenBatch, Module>[]): Promise<Record<string, number>> {
  const results: Record<string, number> = {};
  for (const metric of metrics) results[metric.name] = await metric.result();
  return results;
}
