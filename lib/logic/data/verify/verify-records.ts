import { setTimeout as wait } from 'node:timers/promises';

import {
  Random,
  checkOptions,
  expectBoolean,
  expectInteger,
  expectNotNegative,
  expectPositiveInteger,
  expectProbability,
  raise,
} from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import type { LogicRecord } from '../records/record.js';
import { countBy, describeStage } from '../stages/stage-statistics.js';
import type { StageStatistics } from '../stages/stage-statistics.js';
import { acceptVerdict } from './accept-correction.js';
import { PROMPT_HASH } from './chat-verifier.js';
import { Journal } from './journal.js';
import type {
  VerificationFailure,
  VerificationRequest,
  VerificationUsage,
  VerificationVerdict,
  Verifier,
} from './verifier.js';

/** Settings of {@link verifyRecords}. */
export interface VerifyRecordsOptions {
  verifier: Verifier;
  /** The file of verdicts; a rerun sends no record again that has one. */
  journal: string;
  /** The least confidence of a correction (default 0.7). */
  minConfidence?: number;
  /** Whether corrections are accepted (default true). */
  autoCorrect?: boolean;
  /** Whether records that could not be judged are kept (default false). */
  keepUnverified?: boolean;
  /** No call is begun past so many US dollars. */
  maxUsd?: number;
  /** No more calls are made. */
  maxCalls?: number;
  /** No call is begun past so many tokens. */
  maxTokens?: number;
  /** Calls at once (default 4). */
  concurrency?: number;
  /** The longest wait before the first retry, in milliseconds; it doubles (default 1000). */
  retryDelayMs?: number;
  /** Spreads the waits (default 42). */
  seed?: number;
  /** Stops the work; the journal keeps what is known. */
  signal?: AbortSignal;
}

const verifyKeys: OptionChecks<VerifyRecordsOptions> = {
  verifier: true,
  journal: true,
  minConfidence: expectProbability,
  autoCorrect: expectBoolean,
  keepUnverified: expectBoolean,
  maxUsd: expectNotNegative,
  maxCalls: expectNotNegative,
  maxTokens: expectNotNegative,
  concurrency: expectPositiveInteger,
  retryDelayMs: expectNotNegative,
  seed: expectInteger,
  signal: true,
};

/** What {@link verifyRecords} leaves. */
export interface VerifiedRecords {
  records: LogicRecord[];
  removed: { reason: string; record: LogicRecord }[];
  statistics: StageStatistics & {
    calls: number;
    usage: Required<VerificationUsage>;
    /** Corrections that changed the meaning, of all verdicts. */
    correctionRate: number;
    /** Why not all were asked for. */
    stoppedBy?: 'maxUsd' | 'maxCalls' | 'maxTokens' | 'correctionRate';
  };
}

const RETRIES = 3;
/** From so many verdicts on, a larger share of corrections ends the work: the verifier is as much to be doubted as the data. */
const [DOUBT_AFTER, MOST_CORRECTED] = [100, 0.3];

/**
 * Has a verifier judge whether formulas say what their sentences say. Verdicts go to the journal as they come; limits of
 * cost end the work cleanly, and a rerun goes on from there. What could not be judged is not in the output.
 *
 * @param records - clean ones
 * @param options - the verifier, the journal and the limits
 * @returns confirmed and corrected records in their order, the others with the reason, and what was used
 * @throws DataError where the service refuses every call; PalabraError of code PAL_ABORTED when stopped
 */
export async function verifyRecords(
  records: readonly LogicRecord[],
  options: VerifyRecordsOptions,
): Promise<VerifiedRecords> {
  checkOptions('verifyRecords', options, verifyKeys);
  const startedAt = Date.now();
  const journal = await Journal.open(options.journal);
  const work = new Verification(options, journal);
  try {
    await work.run(records);
  } finally {
    await journal.close();
  }
  const judged = records.map((record) => work.find(record));
  const kept = judged.filter(({ verification }) => isKept(verification.status, options.keepUnverified ?? false));
  const keptOnes = new Set(kept);
  const removed = judged
    .filter((record) => !keptOnes.has(record))
    .map((record) => ({ reason: record.verification.status, record }));
  const facts = {
    stage: 'verify',
    input: records.length,
    removedByReason: countBy(removed, ({ reason }) => [reason]),
    startedAt,
  };
  return { records: kept, removed, statistics: { ...describeStage(kept, facts), ...work.describe() } };
}

function isKept(status: LogicRecord['verification']['status'], keepUnverified: boolean): boolean {
  if (status === 'confirmed' || status === 'corrected') return true;
  return keepUnverified && (status === 'unverified' || status === 'error');
}

/** One work of judging. */
class Verification {
  readonly #options: VerifyRecordsOptions;
  readonly #journal: Journal;
  readonly #random: Random;
  readonly #failed = new Map<string, LogicRecord>();
  readonly #usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  #calls = 0;
  #verdicts = 0;
  #corrections = 0;
  #stoppedBy: VerifiedRecords['statistics']['stoppedBy'];

  constructor(options: VerifyRecordsOptions, journal: Journal) {
    this.#options = options;
    this.#journal = journal;
    this.#random = new Random(options.seed ?? 42).split('verify');
  }

  /** What is known of a record. */
  find(record: LogicRecord): LogicRecord {
    return this.#journal.entries.get(record.id) ?? this.#failed.get(record.id) ?? record;
  }

  describe(): Omit<VerifiedRecords['statistics'], keyof StageStatistics> {
    const stopped = this.#stoppedBy === undefined ? {} : { stoppedBy: this.#stoppedBy };
    const correctionRate = this.#corrections / Math.max(1, this.#verdicts);
    return { calls: this.#calls, usage: this.#usage, correctionRate, ...stopped };
  }

  async run(records: readonly LogicRecord[]): Promise<void> {
    const open = [...new Map(records.map((record) => [record.id, record])).values()];
    const queue = open.filter(({ id }) => !this.#journal.entries.has(id)).values();
    const stop = new AbortController();
    const workers = Array.from({ length: this.#options.concurrency ?? 4 }, async () => {
      for (const record of queue) {
        if (stop.signal.aborted || this.#isSpent()) return;
        await this.#judge(record, stop.signal);
      }
    });
    const ends = await Promise.allSettled(
      workers.map((worker) =>
        worker.catch((error: unknown) => {
          stop.abort(error);
          throw error;
        }),
      ),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed === undefined) return;
    const error: unknown = failed.reason;
    throw error;
  }

  /** Whether a limit allows no further call. */
  #isSpent(): boolean {
    const { maxCalls = Infinity, maxUsd = Infinity, maxTokens = Infinity } = this.#options;
    const { inputTokens, outputTokens, costUsd } = this.#usage;
    if (this.#calls >= maxCalls) this.#stoppedBy ??= 'maxCalls';
    if (costUsd >= maxUsd) this.#stoppedBy ??= 'maxUsd';
    if (inputTokens + outputTokens >= maxTokens) this.#stoppedBy ??= 'maxTokens';
    if (this.#verdicts >= DOUBT_AFTER && this.#corrections > MOST_CORRECTED * this.#verdicts)
      this.#stoppedBy ??= 'correctionRate';
    return this.#stoppedBy !== undefined;
  }

  async #judge(record: LogicRecord, signal: AbortSignal): Promise<void> {
    const { input, formula, atoms } = record;
    const answer = await this.#ask({ input, formula, atoms, locale: 'es' }, signal);
    if (answer === undefined) return;
    const named = { ...record, verification: { ...record.verification, ...this.#name() } };
    if ('failure' in answer) {
      const verification = { ...named.verification, status: 'error' as const, issues: [answer.message] };
      this.#failed.set(record.id, { ...named, verification });
      await this.#journal.add({ id: record.id, record: { ...named, verification } });
      return;
    }
    const { minConfidence = 0.7, autoCorrect = true } = this.#options;
    const judged = acceptVerdict(named, answer, minConfidence, autoCorrect);
    this.#verdicts++;
    if (judged.verification.status === 'corrected') this.#corrections++;
    await this.#journal.add({ id: record.id, record: judged });
  }

  #name(): Partial<LogicRecord['verification']> {
    return { provider: this.#options.verifier.provider, at: new Date().toISOString(), promptHash: PROMPT_HASH };
  }

  /** Asks, and again where that may help; undefined where a limit ends the work first. */
  async #ask(
    request: VerificationRequest,
    stop: AbortSignal,
  ): Promise<VerificationVerdict | VerificationFailure | undefined> {
    let [retries, malformed] = [0, 0];
    for (;;) {
      if (this.#isSpent()) return undefined;
      const answer = await this.#call(request, stop);
      if (!('failure' in answer)) return answer;
      if (answer.failure === 'fatal') refuseService(this.#options.verifier.provider, answer.message);
      if (answer.failure === 'malformed' && ++malformed > 1) return answer;
      if (answer.failure === 'retry') {
        if (retries++ >= RETRIES) return answer;
        await this.#pause(retries, answer.retryAfterMs, stop);
      }
    }
  }

  async #call(request: VerificationRequest, stop: AbortSignal): Promise<VerificationVerdict | VerificationFailure> {
    this.#checkStop();
    this.#calls++;
    const { signal, verifier } = this.#options;
    const answer = await verifier.verify(request, {
      signal: signal === undefined ? stop : AbortSignal.any([signal, stop]),
    });
    this.#checkStop();
    this.#usage.inputTokens += answer.usage?.inputTokens ?? 0;
    this.#usage.outputTokens += answer.usage?.outputTokens ?? 0;
    this.#usage.costUsd += answer.usage?.costUsd ?? 0;
    return answer;
  }

  /** 1, 2 and 4 times the delay, spread over all of it, or as long as the service asks for. */
  async #pause(retry: number, asked: number | undefined, stop: AbortSignal): Promise<void> {
    const longest = (this.#options.retryDelayMs ?? 1000) * 2 ** (retry - 1);
    const { signal } = this.#options;
    const either = signal === undefined ? stop : AbortSignal.any([signal, stop]);
    await wait(asked ?? this.#random.float() * longest, undefined, { signal: either }).catch(() => this.#checkStop());
  }

  #checkStop(): void {
    const { signal } = this.#options;
    if (signal?.aborted !== true) return;
    raise('PAL_ABORTED', {
      where: 'verifyRecords',
      expected: 'to finish',
      received: 'a signal to stop',
      cause: signal.reason,
    });
  }
}

function refuseService(provider: string, message: string): never {
  raise('PAL_DATA', { where: 'verifyRecords', expected: `${provider} to take requests`, received: message });
}
