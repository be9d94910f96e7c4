/**
 * Calls of libtorch's operators in copies of this process, past the core's list of refused operators and its checks:
 * `libfuzz.so`, which is built for this and not packed, knows aten::x as trial::x.
 */
import { constants } from 'node:os';
import { resolve } from 'node:path';

import { isPalabraError } from '../../lib/core/index.js';
import type { CoreAddon, Slot } from '../../lib/native/index.js';
import type { WrittenCall } from './notation.js';
import { make } from './terms.js';
import type { Term } from './terms.js';

/** Names by number; the first name of each, as SIGABRT and not SIGIOT. */
const signals = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .reverse(),
);

/** Runs calls each in a process of its own. */
export class Trials {
  readonly #addon: CoreAddon;
  readonly #ids = new Map<string, number>();

  constructor(addon: CoreAddon) {
    this.#addon = addon;
    addon.loadLibrary(resolve('build/Release/libfuzz.so'));
  }

  /** The signal that ended the process of a call of aten::x, SIGALRM for one past 5 s; undefined when it lived. */
  signal(name: string, call: WrittenCall): string | undefined {
    const depth = this.#addon.scopeEnter();
    try {
      return call.next ? this.#pair(name, call, call.next) : this.#attempt(name, call);
    } finally {
      this.#addon.scopeExit(depth, []);
    }
  }

  #attempt(name: string, { args, then }: WrittenCall, result?: Slot): string | undefined {
    try {
      this.#addon.call(this.#id('fuzz::then'), then);
      const made = args.map((term) => make(this.#addon, term, result));
      this.#addon.call(this.#id(name.replace('aten::', 'trial::')), ...made);
    } catch (error) {
      return signalIn(error);
    }
    throw new Error(`${name}: the trial told nothing`);
  }

  #pair(name: string, call: WrittenCall, next: { name: string; args: Term[] }): string | undefined {
    const mark = this.#addon.fromData(new Float32Array(1), [1], 'float32');
    this.#addon.call(this.#id('fuzz::collect'));
    this.#attempt(name, call);
    this.#attempt(next.name, { args: next.args, then: [] }, mark);
    return nameOf(Number(this.#addon.call(this.#id('fuzz::pair'), mark)));
  }

  /** The signal that ended a process that made all these calls of an operator. */
  signalOfAll(name: string, calls: WrittenCall[]): string | undefined {
    this.#addon.call(this.#id('fuzz::collect'));
    for (const call of calls) this.signal(name, call);
    return nameOf(Number(this.#addon.call(this.#id('fuzz::run'))));
  }

  #id(name: string): number {
    const known = this.#ids.get(name) ?? this.#addon.operator(name).id;
    this.#ids.set(name, known);
    return known;
  }
}

/** The signal that the error of a trial tells; arguments that can't be made or read are no trial. */
function signalIn(error: unknown): string | undefined {
  if (!isPalabraError(error)) throw error;
  return nameOf(Number(/: signal (\d+)/.exec(error.message)?.[1] ?? 0));
}

function nameOf(signal: number): string | undefined {
  return signal === 0 ? undefined : (signals.get(signal) ?? `signal ${signal}`);
}
