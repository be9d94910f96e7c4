import type { JournalEntry } from '../../../experiments/index.js';
import { argumentKinds } from '../../../logic/index.js';
import type { ArgumentKind } from '../../../logic/index.js';
import { playerNames } from './frozen-test.js';
import type { PlayerName } from './frozen-test.js';
import { fillPools, listItems } from './pools.js';

/** What a lesson came to. */
export interface LessonResult {
  /** Items of the pool that it read. */
  pooled: number;
  /** Scores on the frozen test, of the model before and of the new one. */
  before: number;
  after: number;
  /** False where the score fell: the model before it plays on. */
  accepted: boolean;
}

/** What came of a round. */
export interface SelfPlayRound {
  round: number;
  /** Arguments of each kind, by what became of them. */
  arguments: Record<ArgumentKind, Record<'passed' | 'confirmed' | 'rejected', number>>;
  formalizer?: LessonResult;
  detective?: LessonResult;
}

/** What came of a self-play. */
export interface SelfPlayReport {
  /** The model folders that were kept. */
  models: Record<PlayerName, string>;
  /** The scores of the models that it began with. */
  began: Record<PlayerName, number>;
  rounds: SelfPlayRound[];
  /** Items of each pool. */
  pools: Record<PlayerName | 'rejected', number>;
  /** True where three rounds in a row brought no gain. */
  stoppedEarly: boolean;
}

/** Rounds without a gain after which it ends. */
const PATIENCE = 3;

/** A line of the journal about a lesson. */
export type LessonEntry = LessonResult & { round: number; name: PlayerName };

/**
 * The lessons of a journal.
 *
 * @param entries - of the journal
 * @param name - of the model
 * @returns its lessons in their order
 */
export function listLessons(entries: readonly JournalEntry[], name: PlayerName): LessonEntry[] {
  return entries.filter((entry) => entry.type === 'lesson' && entry.name === name) as unknown as LessonEntry[];
}

/**
 * Tells whether enough rounds have brought no gain: no new model that does better than the one before.
 *
 * @param entries - of the journal
 * @returns true after three such rounds in a row
 */
export function isExhausted(entries: readonly JournalEntry[]): boolean {
  const lessons = playerNames.flatMap((name) => listLessons(entries, name));
  const rounds = Math.max(0, ...lessons.map(({ round }) => round));
  const gains = lessons.filter(({ accepted, before, after }) => accepted && after > before);
  return rounds - Math.max(0, ...gains.map(({ round }) => round)) >= PATIENCE;
}

/**
 * What a journal tells.
 *
 * @param entries - of the journal
 * @param models - the folders that were kept
 * @returns the report
 */
export function describeSelfPlay(entries: readonly JournalEntry[], models: Record<PlayerName, string>): SelfPlayReport {
  const pools = fillPools(listItems(entries));
  const began = entries.filter(({ type }) => type === 'began') as unknown as { name: PlayerName; score: number }[];
  const last = Math.max(0, ...listItems(entries).map(({ round }) => round));
  return {
    models,
    began: Object.fromEntries(began.map(({ name, score }) => [name, score])) as Record<PlayerName, number>,
    rounds: Array.from({ length: last }, (_, i) => describeRound(entries, i + 1)),
    pools: {
      formalizer: pools.formalizer.length,
      detective: pools.detective.length,
      rejected: pools.rejected.length,
    },
    stoppedEarly: isExhausted(entries),
  };
}

function describeRound(entries: readonly JournalEntry[], round: number): SelfPlayRound {
  const items = listItems(entries).filter((item) => item.round === round);
  const count = (kind: ArgumentKind, outcome: string): number =>
    items.filter((item) => item.kind === kind && item.outcome === outcome).length;
  const counts = argumentKinds.map((kind) => [
    kind,
    Object.fromEntries(['passed', 'confirmed', 'rejected'].map((outcome) => [outcome, count(kind, outcome)])),
  ]);
  const lessons = playerNames.flatMap((name) => {
    const lesson = listLessons(entries, name).find((one) => one.round === round);
    if (lesson === undefined) return [];
    const { pooled, before, after, accepted } = lesson;
    return [[name, { pooled, before, after, accepted }] as const];
  });
  return {
    round,
    arguments: Object.fromEntries(counts) as SelfPlayRound['arguments'],
    ...Object.fromEntries(lessons),
  };
}
