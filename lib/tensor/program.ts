/**
 * Programs: a function over tensors whose operators are recorded at its first run and replayed by later ones,
 * away from JavaScript.
 */
import { expectFunction, expectPositiveInteger, createError, raise, show } from '../core/index.js';
import type { ErrorParts } from '../core/index.js';
import { loadAddon } from '../native/index.js';
import type { ProgramId, RunId, Slot } from '../native/index.js';
import { expectTensors } from './autograd.js';
import { keep } from './lifetime.js';
import { record } from './recording.js';
import type { Recording } from './recording.js';
import type { Tensor } from './tensor.js';
import { isTensor, wrap } from './tensor.js';
import { isPlainObject, tensorsIn } from './tree.js';

/** Settings of one run. */
export interface RunOptions {
  /** Stops the run between two operators. */
  signal?: AbortSignal | undefined;
}

/** Settings of {@link program}. */
export interface ProgramOptions {
  /** How many recordings to keep, the latest used (default 64): one for each combination of input shapes. */
  maxRecordings?: number | undefined;
}

/** The inputs of a run, and perhaps its settings. */
export type RunArguments<Inputs extends readonly Tensor[]> = [...Inputs] | [...Inputs, RunOptions];

interface Job<Output> {
  slots: Slot[];
  /** Whether the slots are the program's own, taken while the run waits. */
  held: boolean;
  signal: AbortSignal | undefined;
  stopListening: () => void;
  resolve: (output: Output) => void;
  reject: (error: unknown) => void;
}

type Recordings<Output> = Map<string, Recording<Output>>;

const abandoned = new FinalizationRegistry<Recordings<unknown>>((recordings) => {
  for (const { id } of recordings.values()) loadAddon().programDispose(id);
});

/**
 * A function over tensors that is recorded once for each combination of input shapes, dtypes, devices and modes.
 *
 * @remarks Inside the function no tensor value can be read (`item()`, `data()`, masks as indices), since a replay
 * has no JavaScript. Tensors from outside, such as parameters, are bound by place: changes in place are seen.
 * Randomness draws anew at each run.
 */
export class Program<Inputs extends readonly Tensor[], Output> {
  readonly #fn: (...inputs: Inputs) => Output;
  readonly #limit: number;
  readonly #recordings: Recordings<Output> = new Map();
  readonly #queue: Job<Output>[] = [];
  #running = false;
  #disposed = false;

  /** @internal Use {@link program}. */
  constructor(fn: (...inputs: Inputs) => Output, { maxRecordings = 64 }: ProgramOptions) {
    expectFunction('program', 'its argument', fn);
    this.#fn = fn;
    this.#limit = expectPositiveInteger('program', 'maxRecordings', maxRecordings);
    abandoned.register(this, this.#recordings, this);
  }

  /** The number of recordings kept. */
  get recordings(): number {
    return this.#recordings.size;
  }

  /** The steps of the latest recording, one line each. */
  instructions(): string[] {
    const latest = [...this.#recordings.values()].at(-1);
    return latest === undefined ? [] : loadAddon().programInstructions(latest.id);
  }

  /**
   * Runs the function: the first time here, recording it; later on the compute thread. Runs wait for each other.
   *
   * @returns what the function returns, of tensors that no scope frees: dispose of them, or give them to a `Scope`
   * @throws PalabraError: PAL_PROGRAM_VALUE when the function reads a value, PAL_DISPOSED for a freed input,
   * PAL_ABORTED (its cause the signal's reason) when stopped, PAL_PROGRAM when it can't be recorded
   */
  run(...args: RunArguments<Inputs>): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.#submit(args, resolve, reject);
    });
  }

  /**
   * Runs the function on this thread; inside another program, as part of it.
   * @returns what the function returns; its tensors belong to the current scope
   * @throws PalabraError as {@link Program.run}, and PAL_PROGRAM while a run of this program is under way
   */
  runSync(...inputs: Inputs): Output {
    this.#expectOpen('Program.runSync');
    expectTensors('Program.runSync', inputs);
    if (loadAddon().recording()) return this.#fn(...inputs);
    if (this.#running) busy();
    const slots = inputs.map((input) => input.slot);
    const known = this.#find(loadAddon().programKey(slots));
    if (known === undefined) return this.#record(slots);
    return known.rebuild(loadAddon().programRunSync(known.id, slots).map(wrap));
  }

  /** Frees its recordings; runs that wait are rejected, one under way ends as it would. */
  dispose(): void {
    this.#disposed = true;
    abandoned.unregister(this);
    for (const { id } of this.#recordings.values()) loadAddon().programDispose(id);
    this.#recordings.clear();
    for (const job of this.#queue.splice(0))
      settle(job, () => job.reject(createError('PAL_DISPOSED', disposed('Program.run'))));
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #submit(args: RunArguments<Inputs>, resolve: (output: Output) => void, reject: (error: unknown) => void): void {
    this.#expectOpen('Program.run');
    const [inputs, { signal }] = separate(args);
    if (loadAddon().recording()) nested();
    if (signal?.aborted) raise('PAL_ABORTED', abortedBy(signal));
    const slots = inputs.map((input) => input.slot);
    const job: Job<Output> = { slots, held: false, signal, stopListening: () => undefined, resolve, reject };
    if (this.#running) this.#wait(job);
    else this.#start(job);
  }

  #wait(job: Job<Output>): void {
    job.slots = job.slots.map(hold);
    job.held = true;
    listen(job, () => {
      this.#queue.splice(this.#queue.indexOf(job), 1);
      settle(job, () => job.reject(createError('PAL_ABORTED', abortedBy(job.signal))));
    });
    this.#queue.push(job);
  }

  #start(job: Job<Output>): void {
    job.stopListening();
    const known = this.#find(loadAddon().programKey(job.slots));
    if (known !== undefined) return this.#replay(job, known);
    const output = this.#record(job.slots);
    // A promise outlives the scope that the run was asked for in.
    tensorsIn(output).forEach(keep);
    this.#finish(job, output);
  }

  #replay(job: Job<Output>, { id, rebuild }: Recording<Output>): void {
    this.#running = true;
    const run = loadAddon().programRun(id, job.slots, (error, outputs) => {
      this.#running = false;
      if (error) settle(job, () => job.reject(explained(error, job.signal)));
      else this.#finish(job, rebuild((outputs ?? []).map(wrap)));
      this.#next();
    });
    listen(job, () => loadAddon().programAbort(run satisfies RunId));
  }

  #finish(job: Job<Output>, output: Output): void {
    settle(job, () => job.resolve(output));
  }

  #next(): void {
    while (!this.#running) {
      const job = this.#queue.shift();
      if (job === undefined) return;
      try {
        this.#start(job);
      } catch (error) {
        settle(job, () => job.reject(error));
      }
    }
  }

  #record(slots: readonly Slot[]): Output {
    const key = loadAddon().programKey([...slots]);
    const { recording, output } = record(this.#fn as unknown as (...inputs: Tensor[]) => Output, slots);
    this.#recordings.set(key, recording);
    if (this.#recordings.size > this.#limit) this.#dropOldest();
    return output;
  }

  #dropOldest(): void {
    const [key, { id }] = this.#recordings.entries().next().value as [string, { id: ProgramId }];
    this.#recordings.delete(key);
    loadAddon().programDispose(id);
  }

  /** A recording, which becomes the latest used. */
  #find(key: string): Recording<Output> | undefined {
    const found = this.#recordings.get(key);
    if (found === undefined) return undefined;
    this.#recordings.delete(key);
    this.#recordings.set(key, found);
    return found;
  }

  #expectOpen(where: string): void {
    if (this.#disposed) raise('PAL_DISPOSED', disposed(where));
  }
}

/**
 * Makes a program of a function; see {@link Program}.
 *
 * @param fn - synchronous, from tensors to a tensor, an array or plain object of tensors, or nothing
 * @example
 * const step = program((x, y) => { const loss = model.loss(x, y); loss.backward(); optimizer.step(); return loss; });
 * const loss = await step.run(x, y);
 */
export function program<Inputs extends readonly Tensor[], Output>(
  fn: (...inputs: Inputs) => Output,
  options: ProgramOptions = {},
): Program<Inputs, Output> {
  return new Program(fn, options);
}

function separate(args: readonly unknown[]): [inputs: readonly Tensor[], options: RunOptions] {
  const last = args.at(-1);
  const hasOptions = args.length > 0 && !isTensor(last) && (last === undefined || isPlainObject(last));
  const inputs = hasOptions ? args.slice(0, -1) : args;
  expectTensors('Program.run', inputs);
  const options = (hasOptions ? last : undefined) ?? {};
  const unknown = Object.keys(options).find((key) => key !== 'signal');
  if (unknown !== undefined) unknownOption(unknown);
  return [inputs, options];
}

function unknownOption(name: string): never {
  raise('PAL_ARGUMENT', {
    where: 'Program.run',
    expected: 'tensors, then { signal }',
    received: `${name} as an option`,
  });
}

/** A slot of the same tensor that no scope frees. */
function hold(slot: Slot): Slot {
  const own = loadAddon().alias(slot);
  loadAddon().escape(own);
  return own;
}

function settle<Output>(job: Job<Output>, how: () => void): void {
  job.stopListening();
  if (job.held) for (const slot of job.slots) loadAddon().dispose(slot);
  how();
}

function listen<Output>(job: Job<Output>, onAbort: () => void): void {
  const { signal } = job;
  if (signal === undefined) return;
  signal.addEventListener('abort', onAbort, { once: true });
  job.stopListening = () => {
    signal.removeEventListener('abort', onAbort);
    job.stopListening = () => undefined;
  };
}

function abortedBy(signal: AbortSignal | undefined): ErrorParts {
  const reason: unknown = signal?.reason;
  const received = `an abort: ${show((reason as Error | undefined)?.message ?? reason)}`;
  return { where: 'Program.run', expected: 'to run to its end', received, cause: reason };
}

function explained(error: Error, signal: AbortSignal | undefined): Error {
  const stopped = signal?.aborted === true && (error as { code?: string }).code === 'PAL_ABORTED';
  return stopped ? createError('PAL_ABORTED', abortedBy(signal)) : error;
}

function disposed(where: string): ErrorParts {
  return { where, expected: 'a program', received: 'a disposed one', fix: 'Make a new one.' };
}

function busy(): never {
  const fix = 'Await its promise first.';
  raise('PAL_PROGRAM', { where: 'Program.runSync', expected: 'an idle program', received: 'one that runs', fix });
}

function nested(): never {
  const fix = 'Inside a program use runSync, which becomes part of it.';
  raise('PAL_PROGRAM', { where: 'Program.run', expected: 'no recording', received: 'a call in a program', fix });
}
