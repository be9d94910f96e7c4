import { Buffer } from 'node:buffer';
import { appendFile, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { encodeNonFinite, throwFileError, isPalabraError, isSystemError, show } from '../../core/index.js';
import { summarizeHistogram } from './histograms/histogram.js';
import type { NamedHistograms } from './histograms/histogram.js';
import type { TrainerEnd, Callback, TrainerRun } from './callback.js';
import type { TrainerEvaluation, TrainerEvent, TrainerStep } from '../report.js';

/** Lines wait at most this long in memory. */
const WAIT_MS = 1000;
/** No line is longer. */
const MOST_LINE_BYTES = 2 ** 20;

/**
 * Writes one JSON object a line: `{"type":"step",…}`, `evaluation`, `start`, `end` and what else happened. Numbers that
 * JSON doesn't know are texts: `"NaN"`.
 *
 * @remarks After a resume the steps behind the checkpoint come again, after a line of type `start`.
 */
export class MetricsLog implements Callback {
  readonly name = 'metrics-log';
  private waiting = '';
  private written = performance.now();
  private started = false;

  constructor(readonly path: string) {}

  async onStart({ step }: TrainerRun): Promise<void> {
    await dropTornLine(this.path).catch((cause: unknown) => throwFileError('MetricsLog', this.path, cause));
    this.add({ type: 'start', step, time: new Date().toISOString() });
    await this.flush();
    this.started = true;
  }

  async onStep({ validation: _, ...step }: TrainerStep): Promise<void> {
    this.add({ type: 'step', ...step });
    if (performance.now() - this.written > WAIT_MS) await this.flush();
  }

  async onEvaluation(evaluation: TrainerEvaluation): Promise<void> {
    this.add({ type: 'evaluation', ...evaluation });
    await this.flush();
  }

  /** A run that is refused before its start writes nothing. */
  async onCheckpoint(): Promise<void> {
    if (this.started) await this.flush();
  }

  onEvent(event: TrainerEvent): void {
    this.add(event.type === 'histograms' ? summarizeHistograms(event) : { ...event });
  }

  /** A run that was refused before its first step writes nothing: the folder may be another's. */
  async onEnd({ step, reason, error }: TrainerEnd): Promise<void> {
    if (!this.started) return;
    this.add({ type: 'end', step, reason, ...describeError(error), time: new Date().toISOString() });
    await this.flush();
  }

  private add(line: Readonly<Record<string, unknown>>): void {
    this.waiting += `${JSON.stringify(line, encodeNonFinite)}\n`;
  }

  private async flush(): Promise<void> {
    const lines = this.waiting;
    this.waiting = '';
    this.written = performance.now();
    await appendFile(this.path, lines).catch((cause: unknown) => throwFileError('MetricsLog', this.path, cause));
  }
}

/** Histograms as a few numbers each. */
function summarizeHistograms({ type, step, weights, gradients }: Extract<TrainerEvent, { type: 'histograms' }>) {
  const sum = (named: NamedHistograms) =>
    Object.fromEntries(Object.entries(named).map(([name, histogram]) => [name, summarizeHistogram(histogram)]));
  return { type, step, weights: sum(weights), gradients: sum(gradients) };
}

/** Cuts off a last line that a process could not finish. */
async function dropTornLine(path: string): Promise<void> {
  const file = await open(path, 'r+').catch(ignoreMissing);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, MOST_LINE_BYTES));
    await file.read(tail, 0, tail.length, size - tail.length);
    await file.truncate(size - tail.length + tail.lastIndexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if (isSystemError(error) && error.code === 'ENOENT') return undefined;
  throw error;
}

/** The fields of a line that describe an error. */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (error === undefined) return {};
  if (!isPalabraError(error)) return { error: { message: error instanceof Error ? error.message : show(error) } };
  const { code, message, details } = error;
  return { error: { code, message, details } };
}

/**
 * The path of the metrics in a run folder.
 * @param folder - its path
 * @returns an absolute path
 */
export function getMetricsPath(folder: string): string {
  return join(resolve(folder), 'metrics.jsonl');
}
