import { formatInteger, raise } from '../../core/index.js';
import type { Journal, JournalEntry } from './journal.js';

/** A part of a run that is trained without a break: all of it, or from one rung to the next. */
export interface Leg {
  /** The run, which names its folder. */
  run: string;
  /** What the leg belongs to; with the run it names the leg. */
  stage: string;
}

/** The figures at the end of a leg. */
export interface LegFigures {
  /** Updates and training tokens since the start of the run. */
  step: number;
  tokens: number;
  /** By name, as `validation/loss`. */
  figures: Readonly<Record<string, number>>;
  /** Nats and bytes of each document, where documents were scored. */
  documents?: readonly (readonly [nats: number, bytes: number])[];
}

/** The end of a leg. */
export type LegEnd =
  | ({ status: 'finished' } & LegFigures)
  /** Trained into numbers that are none: again would be the same. */
  | { status: 'diverged'; error: string }
  | { status: 'failed'; error: string };

/** The end of an attempt; a leg that a signal ended goes on another time. */
export type AttemptEnd = LegEnd | { status: 'interrupted' };

/** What legs need of a journal. */
export type OpenJournal = Pick<Journal, 'entries' | 'append'>;

/** The work around legs. */
export interface LegWork<L extends Leg> {
  journal: OpenJournal;
  /** Trains a leg, from where it was left if it was begun. */
  execute: (leg: L) => Promise<AttemptEnd>;
  /** Legs at once (default: 1). */
  workers?: number;
  /** Hears of every leg that begins: which of how many it is. */
  onStart?: (leg: L, place: LegPlace) => void;
  /** Hears of every leg that has ended, those of earlier sessions too. */
  onEnd?: (leg: L, end: LegEnd) => void;
}

/** Where a leg stands among those of its stage. */
export interface LegPlace {
  /** Counted from 1, legs of earlier sessions too. */
  number: number;
  legs: number;
}

/** Attempts at a leg that fails. */
const ATTEMPTS = 2;

/**
 * Runs the legs of a stage that the journal doesn't know as ended, and journals each start and end.
 *
 * @param legs - of one stage, each of another run
 * @param work - how a leg is trained, and the journal
 * @returns the ends by run, in the order of the legs; undefined where a signal ended the work before all had ended
 * @throws PalabraError of code PAL_FILE when the disk refuses; ConfigError when more than half of the legs fail
 */
export async function runLegs<L extends Leg>(
  legs: readonly L[],
  work: LegWork<L>,
): Promise<Map<string, LegEnd> | undefined> {
  const ends = new Map(legs.map((leg) => [leg.run, findEnd(work.journal.entries, leg)]));
  const waiting = legs.filter(({ run }) => ends.get(run) === undefined);
  for (const leg of legs) if (ends.get(leg.run)) work.onEnd?.(leg, ends.get(leg.run)!);
  let [interrupted, stopped] = [false, false];
  let number = legs.length - waiting.length;
  const takeLegs = async (): Promise<void> => {
    for (let leg = waiting.shift(); leg !== undefined; leg = interrupted || stopped ? undefined : waiting.shift()) {
      work.onStart?.(leg, { number: ++number, legs: legs.length });
      const end = await runLeg(leg, work);
      if (end.status === 'interrupted') interrupted = true;
      else {
        ends.set(leg.run, end);
        work.onEnd?.(leg, end);
        stopped = listFailed(ends).length > legs.length / 2;
      }
    }
  };
  await Promise.all(Array.from({ length: work.workers ?? 1 }, takeLegs));
  if (stopped) refuseFailures(legs, ends, work.journal);
  return interrupted ? undefined : (ends as Map<string, LegEnd>);
}

/**
 * What a journal knows of the end of a leg. Failures before the line of a stop don't count: what made them may be mended.
 * @param entries - of the journal
 * @param leg - by run and stage
 * @returns its end; undefined where it has none
 */
export function findEnd(entries: readonly JournalEntry[], leg: Leg): LegEnd | undefined {
  const own = listOwn(entries, leg);
  const finished = own.find(({ type }) => type === 'finished' || type === 'diverged');
  if (finished !== undefined) {
    const { type, stage: _stage, run: _run, ...end } = finished;
    return { status: type, ...end } as unknown as LegEnd;
  }
  const failures = listFailures(entries, leg);
  return failures.length < ATTEMPTS ? undefined : { status: 'failed', error: String(failures.at(-1)!.error) };
}

async function runLeg<L extends Leg>(leg: L, { journal, execute }: LegWork<L>): Promise<AttemptEnd> {
  const { run, stage } = leg;
  for (;;) {
    const attempt = listFailures(journal.entries, leg).length + 1;
    journal.append({ type: 'started', stage, run, attempt });
    const end = await execute(leg);
    if (end.status === 'interrupted') return end;
    const { status, ...rest } = end;
    journal.append({ type: status, stage, run, ...(status === 'failed' && { attempt }), ...rest });
    if (status !== 'failed' || attempt >= ATTEMPTS) return end;
  }
}

function listOwn(entries: readonly JournalEntry[], { run, stage }: Leg): JournalEntry[] {
  return entries.filter((entry) => entry.run === run && entry.stage === stage);
}

function listFailures(entries: readonly JournalEntry[], leg: Leg): JournalEntry[] {
  const from = entries.findLastIndex(({ type }) => type === 'stopped') + 1;
  return listOwn(entries.slice(from), leg).filter(({ type }) => type === 'failed');
}

function listFailed(ends: ReadonlyMap<string, LegEnd | undefined>): { run: string; error: string }[] {
  return [...ends].flatMap(([run, end]) => (end?.status === 'failed' ? [{ run, error: end.error }] : []));
}

/** Stops an experiment of which more than half fails. */
function refuseFailures(legs: readonly Leg[], ends: Map<string, LegEnd | undefined>, journal: OpenJournal): never {
  const failed = listFailed(ends);
  journal.append({ type: 'stopped', stage: legs[0]!.stage, failed: failed.length });
  const [first] = failed;
  raise('PAL_CONFIG', {
    where: `experiment, ${legs[0]!.stage}`,
    expected: 'at least half of the runs to end well',
    received: `${formatInteger(failed.length)} of ${formatInteger(legs.length)} that failed twice`,
    fix: `Run ${first!.run} says: ${first!.error} Mend it and resume: failed runs are tried again.`,
    details: { failed: failed.map(({ run }) => run) },
  });
}
