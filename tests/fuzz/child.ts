/**
 * One process of the fuzzer: `child.ts JOB` runs the calls of a job, writes each down before it is made,
 * and prints a report. What kills this process is read from the journal.
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import { isPalabraError } from '../../lib/core/index.js';
import { loadAddon as load } from '../../lib/native/index.js';
import type { CoreAddon, OperatorInfo } from '../../lib/native/index.js';
import { entrySession, resetEnvironment } from './entries.js';
import { operatorCall } from './operators.js';
import type { FuzzCall } from './operators.js';
import { RunningWork } from './running-work.js';

/** What a child is to do. */
export interface Job {
  /** The file the call at work is written to: its number on the first line, its text on the second. */
  journal: string;
  /**
   * Operators to call in turn; an entry session takes the place of an empty name, and one over the tensors of a
   * program under way that of `running`.
   */
  operators: string[];
  seed: number;
  /** The first call's number and the number after the last. */
  from: number;
  to: number;
}

/** What a child did. */
export interface Report {
  calls: number;
  /** Calls that gave a result. */
  accepted: number;
  /** Errors by code. */
  refused: Record<string, number>;
  /** Calls that threw anything but a PalabraError of a known cause. */
  failures: { call: string; error: string }[];
}

const journalBytes = 4096;

class Child {
  readonly #addon: CoreAddon;
  readonly #job: Job;
  readonly #journal: number;
  readonly #bound = new Map<string, OperatorInfo | undefined>();
  readonly report: Report = { calls: 0, accepted: 0, refused: {}, failures: [] };

  constructor(addon: CoreAddon, job: Job) {
    this.#addon = addon;
    this.#job = job;
    this.#journal = openSync(job.journal, 'w');
  }

  /** Runs the calls; entry sessions let the event loop turn, for programs to finish. */
  async run(): Promise<void> {
    const { operators, from, to } = this.#job;
    for (let number = from; number < to; number++) {
      const name = operators[number % operators.length] ?? '';
      if (name === '') await this.#session(number);
      else if (name === 'running') await this.#meetRunning(number);
      else this.#operator(number, name);
    }
    writeSync(this.#journal, Buffer.alloc(journalBytes, ' '), 0, journalBytes, 0);
  }

  #operator(number: number, name: string): void {
    const info = this.#bind(number, name);
    if (!info) return;
    const depth = this.#addon.scopeEnter();
    this.#attempt(number, operatorCall(info, this.#job.seed * 2 ** 24 + number));
    this.#addon.scopeExit(depth, []);
  }

  #bind(number: number, name: string): OperatorInfo | undefined {
    if (!this.#bound.has(name)) {
      let info: OperatorInfo | undefined;
      this.#attempt(number, { text: `operator(${name})`, run: (addon) => (info = addon.operator(name)) });
      this.#bound.set(name, info);
    }
    return this.#bound.get(name);
  }

  async #meetRunning(number: number): Promise<void> {
    const work = new RunningWork(this.#addon);
    await this.#session(number, work);
    work.dispose();
  }

  async #session(number: number, work?: RunningWork): Promise<void> {
    const trail: string[] = [];
    for (const call of entrySession(this.#addon, this.#job.seed * 2 ** 24 + number, work?.slots)) {
      work?.go();
      trail.unshift(call.text);
      this.#attempt(number, { text: trail.slice(0, 40).join(' after '), run: call.run });
      if (call.turns) await new Promise(setImmediate);
    }
    await work?.settle();
    await resetEnvironment(this.#addon);
  }

  #attempt(number: number, call: FuzzCall): void {
    this.#write(`${number}\n${call.text}\n`);
    this.report.calls++;
    try {
      call.run(this.#addon);
      this.report.accepted++;
    } catch (error) {
      this.#count(call.text, error);
    }
  }

  #count(call: string, error: unknown): void {
    if (!isPalabraError(error) || error.code === 'PAL_INTERNAL') {
      if (this.report.failures.length < 50) this.report.failures.push({ call, error: String(error).slice(0, 400) });
      return;
    }
    this.report.refused[error.code] = (this.report.refused[error.code] ?? 0) + 1;
  }

  #write(text: string): void {
    const page = Buffer.alloc(journalBytes, ' ');
    page.write(text.length > journalBytes - 8 ? `${text.slice(0, journalBytes - 100)}…\n` : text);
    writeSync(this.#journal, page, 0, journalBytes, 0);
  }
}

const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Job;
const child = new Child(load(), job);
// What a call writes to files goes with the journal.
process.chdir(dirname(job.journal));
await child.run();
console.log(`\nREPORT ${JSON.stringify(child.report)}`);
process.exit(0);
