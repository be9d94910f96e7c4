/**
 * Programs: a function over tensors whose operators are recorded at its first run and replayed by later ones,
 * away from JavaScript.
 */
import { checkOptions, createError, expectFunction, expectPositiveInteger, raise, show } from '../../core/index.js';
import type { ErrorParts, OptionChecks } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Misfit, RunId, SavedModes, Slot } from '../../native/index.js';
import { expectTensors } from '../autograd/autograd.js';
import { keep } from '../lifetimes/lifetime.js';
import { recordGraph } from './graph.js';
import type { Graph } from './graph.js';
import { runQueue } from './run-queue.js';
import type { WaitingRun } from './run-queue.js';
import type { Tensor } from '../tensor.js';
import { isTensor, wrap } from '../tensor.js';
import { collectTensors } from '../tree.js';
import { isPlainObject } from '../plain-object.js';

/** Settings of one call. */
export interface ProgramCallOptions {
  /** Stops the call between two operators. */
  signal?: AbortSignal | undefined;
}

/** Settings of {@link program}. */
export interface ProgramOptions {
  /** The most graphs to keep, the latest used (default 64), one for each combination of input shapes. */
  maxGraphs?: number | undefined;
}

/** The keys of {@link ProgramOptions}. */
export const programKeys: OptionChecks<ProgramOptions> = { maxGraphs: true };

/** The inputs of a call, and perhaps its settings. */
export type ProgramArguments<Inputs extends readonly Tensor[]> = [...Inputs] | [...Inputs, ProgramCallOptions];

interface Job<Output> extends WaitingRun {
  /** The program's own while the run waits: what it is given may be freed at once. */
  slots: Slot[];
  /** Those under which a run that waits was asked for. */
  modes: SavedModes | undefined;
  signal: AbortSignal | undefined;
  stopListening: () => void;
  resolve: (output: Output) => void;
  reject: (error: unknown) => void;
}

/** What is answered in place of a run: the graph is not for these inputs, or a tensor from outside is gone for good. */
const DIFFERS = 0;
const GONE = -1;

/** The latest used last. */
type Graphs<Output> = (Graph<Output> & { key: string })[];

const abandoned = new FinalizationRegistry<Graphs<unknown>>((graphs) => {
  for (const { id } of graphs) loadAddon().programDispose(id);
});

/**
 * A function over tensors that is recorded once for each combination of input shapes, dtypes, devices and modes, and
 * anew where a tensor from outside is not as the function found it: its shape, whether it requires gradients, whether
 * it has one; and where modules that take part hold other tensors or modules, or plain values such as training mode.
 *
 * @remarks Inside the function no tensor value can be read (`item()`, `data()`, masks as indices), since a replay
 * has no JavaScript. Tensors from outside, such as parameters, are bound by place: changes in place are seen.
 * Randomness draws anew at each run, from the generator that is in use when it is asked for. A stop takes effect before
 * the first change of a tensor from outside; a run that has begun to change them ends as it would.
 */
export class Program<Inputs extends readonly Tensor[], Output> {
  readonly #fn: (...inputs: Inputs) => Output;
  readonly #limit: number;
  readonly #graphs: Graphs<Output> = [];
  readonly #waiting = new Set<Job<Output>>();
  #running = false;
  #disposed = false;

  /** @internal Use {@link program}. */
  constructor(fn: (...inputs: Inputs) => Output, options: ProgramOptions) {
    const { maxGraphs = 64 } = checkOptions('Program', options, programKeys);
    expectFunction('program', 'its argument', fn);
    this.#fn = fn;
    this.#limit = expectPositiveInteger('program', 'maxGraphs', maxGraphs);
    abandoned.register(this, this.#graphs, this);
  }

  /** The number of graphs kept. */
  get graphs(): number {
    return this.#graphs.length;
  }

  /** The operators of the latest graph, one line each. */
  instructions(): string[] {
    const latest = this.#graphs.at(-1);
    return latest === undefined ? [] : loadAddon().programInstructions(latest.id);
  }

  /**
   * Runs the function: the first time here, recording it; later on the compute thread. Runs wait for each other.
   *
   * @returns what the function returns, of tensors that no scope frees: dispose of them, or give them to a `Scope`
   * @throws PalabraError: PAL_PROGRAM_VALUE when the function reads a value, PAL_DISPOSED for a freed input,
   * PAL_ABORTED (its cause the signal's reason) when stopped, PAL_PROGRAM when it can't be recorded
   */
  run(...args: ProgramArguments<Inputs>): Promise<Output> {
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
    this.#expectUsable('Program.runSync');
    expectTensors('Program.runSync', inputs);
    if (loadAddon().recording()) return this.#fn(...inputs);
    if (this.#running) throwBusy();
    const slots = inputs.map((input) => input.slot);
    const known = this.#find(slots, ({ id }) => loadAddon().programRunSync(id, slots));
    return known === undefined ? this.#recordGraph(slots) : known.graph.rebuild(known.run.map(wrap));
  }

  /** Frees its graphs; runs that wait are rejected, one under way ends as it would. */
  dispose(): void {
    this.#disposed = true;
    abandoned.unregister(this);
    for (const { id } of this.#graphs) loadAddon().programDispose(id);
    this.#graphs.length = 0;
    for (const job of this.#waiting) this.#reject(job, createError('PAL_DISPOSED', describeDisposed('Program.run')));
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #submit(args: ProgramArguments<Inputs>, resolve: (output: Output) => void, reject: (error: unknown) => void): void {
    this.#expectUsable('Program.run');
    const [inputs, { signal }] = splitArguments(args);
    if (loadAddon().recording()) throwNested();
    if (signal?.aborted) raise('PAL_ABORTED', describeAbort(signal));
    const slots = inputs.map((input) => input.slot);
    const job: Job<Output> = {
      slots,
      modes: undefined,
      start: () => this.#start(job),
      ...{ signal, resolve, reject, stopListening: () => undefined },
    };
    if (runQueue.idle) runQueue.start(job);
    else this.#wait(job);
  }

  #wait(job: Job<Output>): void {
    job.slots = job.slots.map(holdSlot);
    job.modes = loadAddon().saveModes();
    listenForAbort(job, () => this.#reject(job, createError('PAL_ABORTED', describeAbort(job.signal))));
    this.#waiting.add(job);
    runQueue.wait(job);
  }

  /** Rejects a run that waits. */
  #reject(job: Job<Output>, error: Error): void {
    runQueue.drop(job);
    this.#leave(job);
    settleJob(job, () => job.reject(error));
  }

  #start(job: Job<Output>): boolean {
    job.stopListening();
    try {
      return withModes(job.modes, () => this.#replayOrRecord(job));
    } catch (error) {
      settleJob(job, () => job.reject(error));
      return false;
    } finally {
      this.#leave(job);
    }
  }

  /** Gives up what a run that waited has held. */
  #leave(job: Job<Output>): void {
    if (this.#waiting.delete(job)) job.slots.forEach(disposeSlot);
  }

  /** Returns whether the run is under way. */
  #replayOrRecord(job: Job<Output>): boolean {
    const known = this.#find(job.slots, (graph) => this.#replay(job, graph));
    if (known !== undefined) {
      this.#running = true;
      listenForAbort(job, () => loadAddon().programAbort(known.run));
      return true;
    }
    const output = this.#recordGraph(job.slots);
    // A promise outlives the scope that the run was asked for in.
    collectTensors(output).forEach(keep);
    this.#finish(job, output);
    return false;
  }

  #replay(job: Job<Output>, { id, rebuild }: Graph<Output>): RunId {
    return loadAddon().programRun(id, job.slots, (error, outputs) => {
      this.#running = false;
      if (error) settleJob(job, () => job.reject(explainError(error, job.signal)));
      else this.#finish(job, rebuild((outputs ?? []).map(wrap)));
      runQueue.next();
    });
  }

  #finish(job: Job<Output>, output: Output): void {
    settleJob(job, () => job.resolve(output));
  }

  #recordGraph(slots: readonly Slot[]): Output {
    const key = loadAddon().programKey([...slots]);
    const { graph, output } = recordGraph(this.#fn as unknown as (...inputs: Tensor[]) => Output, slots);
    this.#graphs.push({ key, ...graph });
    if (this.#graphs.length > this.#limit) this.#drop(0);
    return output;
  }

  /** Starts a run of the graph for these inputs, which becomes the latest used; undefined where there is none. */
  #find<Run>(
    slots: readonly Slot[],
    start: (graph: Graph<Output>) => Run | Misfit,
  ): { graph: Graph<Output>; run: Run } | undefined {
    const key = loadAddon().programKey([...slots]);
    for (let index = this.#graphs.length - 1; index >= 0; index--) {
      const graph = this.#graphs[index]!;
      if (graph.key !== key || !graph.decisions()) continue;
      const run = start(graph);
      if (run === GONE) this.#drop(index);
      if (run === GONE || run === DIFFERS) continue;
      this.#graphs.push(...this.#graphs.splice(index, 1));
      return { graph, run };
    }
    return undefined;
  }

  #drop(index: number): void {
    for (const { id } of this.#graphs.splice(index, 1)) loadAddon().programDispose(id);
  }

  #expectUsable(where: string): void {
    if (this.#disposed) raise('PAL_DISPOSED', describeDisposed(where));
  }
}

/**
 * Makes a program of a function; see {@link Program}.
 *
 * @param fn - synchronous, from tensors to a tensor, an array or plain object of tensors, or nothing
 * @param options - `maxGraphs`, the most graphs to keep, at least 1 (default 64), one for each combination of input
 *   shapes
 * @returns a program that has recorded nothing yet
 * @example
 * const step = program((x, y) => { const loss = model.loss(x, y); loss.backward(); optimizer.step(); return loss; });
 * const loss = await step.run(x, y);
 */
export function program<Inputs extends readonly Tensor[], Output>(
  fn: (...inputs: Inputs) => Output,
  options: ProgramOptions = {},
): Program<Inputs, Output> {
  checkOptions('program', options, programKeys);
  return new Program(fn, options);
}

function splitArguments(args: readonly unknown[]): [inputs: readonly Tensor[], options: ProgramCallOptions] {
  const last = args.at(-1);
  const hasOptions = args.length > 0 && !isTensor(last) && (last === undefined || isPlainObject(last));
  const inputs = hasOptions ? args.slice(0, -1) : args;
  expectTensors('Program.run', inputs);
  const options = (hasOptions ? last : undefined) ?? {};
  return [inputs, checkOptions<ProgramCallOptions>('Program.run', options, { signal: true })];
}

function withModes<T>(modes: SavedModes | undefined, fn: () => T): T {
  if (modes === undefined) return fn();
  const before = loadAddon().setModes(modes);
  try {
    return fn();
  } finally {
    loadAddon().setModes(before);
  }
}

/** A slot of the same tensor that no scope frees. */
function holdSlot(slot: Slot): Slot {
  const own = loadAddon().alias(slot);
  loadAddon().escape(own);
  return own;
}

function disposeSlot(slot: Slot): void {
  loadAddon().dispose(slot);
}

function settleJob<Output>(job: Job<Output>, how: () => void): void {
  job.stopListening();
  how();
}

function listenForAbort<Output>(job: Job<Output>, onAbort: () => void): void {
  const { signal } = job;
  if (signal === undefined) return;
  signal.addEventListener('abort', onAbort, { once: true });
  job.stopListening = () => {
    signal.removeEventListener('abort', onAbort);
    job.stopListening = () => undefined;
  };
}

function describeAbort(signal: AbortSignal | undefined): ErrorParts {
  const reason: unknown = signal?.reason;
  const received = `an abort: ${show((reason as Error | undefined)?.message ?? reason)}`;
  return { where: 'Program.run', expected: 'to run to its end', received, cause: reason };
}

function explainError(error: Error, signal: AbortSignal | undefined): Error {
  const stopped = signal?.aborted === true && (error as { code?: string }).code === 'PAL_ABORTED';
  return stopped ? createError('PAL_ABORTED', describeAbort(signal)) : error;
}

function describeDisposed(where: string): ErrorParts {
  return { where, expected: 'a program', received: 'a disposed one', fix: 'Make a new one.' };
}

function throwBusy(): never {
  const fix = 'Await its promise first.';
  raise('PAL_PROGRAM', { where: 'Program.runSync', expected: 'an idle program', received: 'one that runs', fix });
}

function throwNested(): never {
  const fix = 'Inside a program use runSync, which becomes part of it.';
  raise('PAL_PROGRAM', { where: 'Program.run', expected: 'no recording', received: 'a call in a program', fix });
}
