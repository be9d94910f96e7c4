import { formatDuration, formatInteger } from '../format.js';
import { checkOptions } from '../arguments/options.js';
import type { OptionChecks } from '../arguments/options.js';
import type { ProgressStream } from './progress-stream.js';
import { openStandardError } from './standard-error.js';

const BAR_WIDTH = 24;
const TTY_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;
/** The weight of the newest measurement in the mean speed. */
const SPEED_WEIGHT = 0.3;

/** Options of {@link Progress}. */
export interface ProgressOptions {
  /** The number of steps of the whole work. */
  total: number;
  /** The name in front, e.g. `train`. */
  label?: string;
  /** Default: standard error; when its reader leaves, the work goes on without being shown. */
  stream?: ProgressStream;
  /** Milliseconds between plain lines when the stream is no terminal. Default: 10,000. */
  plainIntervalMs?: number;
  /** A clock in milliseconds. */
  now?: () => number;
}

/** The keys of {@link ProgressOptions}. */
export const progressKeys: OptionChecks<ProgressOptions> = {
  total: true,
  label: true,
  stream: true,
  plainIntervalMs: true,
  now: true,
};

/** The progress so far; numbers that are absent are not shown. */
export interface ProgressValues {
  loss?: number;
  /** Tokens processed since the start. */
  tokens?: number;
  /** Figures by name, shown behind the loss. */
  logged?: Readonly<Record<string, number>>;
}

const progressValueKeys: OptionChecks<ProgressValues> = { loss: true, tokens: true, logged: true };

/**
 * Shows how far a long work has come: on a terminal one line that is redrawn, elsewhere plain lines at
 * intervals, each with bar or percentage, loss, tokens per second and time left.
 *
 * @example
 * const progress = new Progress({ total: 100, label: 'train' });
 * for (let step = 1; step <= 100; step++) progress.update(step, { loss: 1 / step, tokens: 1024 * step });
 * progress.finish();
 */
export class Progress {
  readonly #options: Required<Omit<ProgressOptions, 'label'>> & { label: string };
  readonly #start: number;
  #done = 0;
  #values: ProgressValues = {};
  #shownAt = -Infinity;
  #measured: { at: number; tokens: number; done: number } | undefined;
  #tokensPerSecond: number | undefined;
  #stepsPerMs: number | undefined;
  #lineOpen = false;

  constructor(options: ProgressOptions) {
    checkOptions('Progress', options, progressKeys);
    const defaults = {
      label: '',
      stream: options.stream ?? openStandardError(),
      plainIntervalMs: PLAIN_INTERVAL_MS,
      now: () => performance.now(),
    };
    this.#options = { ...defaults, ...options };
    this.#start = this.#options.now();
  }

  /** Records that `done` steps are finished and redraws when it is time. */
  update(done: number, values: ProgressValues = {}): void {
    checkOptions('Progress.update', values, progressValueKeys);
    this.#done = done;
    this.#values = { ...this.#values, ...values };
    const now = this.#options.now();
    const interval = this.#options.stream.isTTY === true ? TTY_INTERVAL_MS : this.#options.plainIntervalMs;
    if (now - this.#shownAt < interval && done < this.#options.total) return;
    this.#measure(now);
    this.#show(now);
  }

  /** Writes a line above the bar. */
  message(text: string): void {
    this.#clear();
    this.#options.stream.write(`${text}\n`);
    if (this.#options.stream.isTTY === true && this.#done > 0) this.#show(this.#options.now());
  }

  /** Ends the bar; `text` takes its place when given. */
  finish(text?: string): void {
    if (text !== undefined) this.#clear();
    if (this.#lineOpen) this.#options.stream.write('\n');
    if (text !== undefined) this.#options.stream.write(`${text}\n`);
    this.#lineOpen = false;
  }

  /**
   * Speeds are running means, so that a slow start or a pause soon fades. What was done before the first update counts for
   * none: a run that goes on from a checkpoint did it long ago.
   */
  #measure(now: number): void {
    const { tokens } = this.#values;
    const before = (this.#measured ??= { at: now, tokens: tokens ?? 0, done: this.#done });
    const elapsed = now - before.at;
    if (elapsed <= 0) return;
    this.#stepsPerMs = blend(this.#stepsPerMs, (this.#done - before.done) / elapsed);
    if (tokens !== undefined) {
      this.#tokensPerSecond = blend(this.#tokensPerSecond, ((tokens - before.tokens) / elapsed) * 1000);
    }
    this.#measured = { at: now, tokens: tokens ?? 0, done: this.#done };
  }

  #show(now: number): void {
    this.#shownAt = now;
    const { stream } = this.#options;
    if (stream.isTTY !== true) {
      stream.write(`${this.#line(now, false)}\n`);
      return;
    }
    const width = Math.max(20, (stream.columns ?? 80) - 1);
    stream.write(`\r\u001b[K${this.#line(now, true).slice(0, width)}`);
    this.#lineOpen = true;
  }

  #clear(): void {
    if (this.#lineOpen) this.#options.stream.write('\r\u001b[K');
    this.#lineOpen = false;
  }

  #line(now: number, withBar: boolean): string {
    const { label, total } = this.#options;
    const share = total > 0 ? Math.min(1, this.#done / total) : 1;
    const parts = [
      label,
      withBar ? formatBar(share) : `${String(Math.floor(share * 100)).padStart(3)} %`,
      `${formatInteger(this.#done)}/${formatInteger(total)}`,
      this.#values.loss === undefined ? '' : `loss ${this.#values.loss.toFixed(4)}`,
      ...Object.entries(this.#values.logged ?? {}).map(([name, value]) => `${name} ${formatFigure(value)}`),
      this.#tokensPerSecond === undefined ? '' : `${formatInteger(this.#tokensPerSecond)} tokens/s`,
      this.#done < total ? this.#timeLeft() : formatDuration(now - this.#start),
    ];
    return parts.filter((part) => part !== '').join('  ');
  }

  #timeLeft(): string {
    if (this.#stepsPerMs === undefined || this.#stepsPerMs <= 0) return '';
    return `${formatDuration((this.#options.total - this.#done) / this.#stepsPerMs)} left`;
  }
}

function blend(before: number | undefined, now: number): number {
  return before === undefined ? now : before + SPEED_WEIGHT * (now - before);
}

function formatFigure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

function formatBar(share: number): string {
  const filled = Math.floor(share * BAR_WIDTH);
  return `[${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}
