import { join } from 'node:path';
import { createDirectory } from '../../../core/index.js';
import type { JournalEntry } from '../../../experiments/index.js';
import { explainFallacy, writeLines } from '../../../logic/index.js';
import type { ArgumentKind, ArgumentSentence, FallacyRecord } from '../../../logic/index.js';
import type { Judgement } from './judge-argument.js';

/** A line of the journal about an argument. */
export interface PlayedItem extends Judgement {
  round: number;
  kind: ArgumentKind;
  /** Its place in the stream of its kind. */
  place: number;
  form: string;
  text: string;
}

/** What self-play has gathered. */
export interface Pools {
  /** Sentences that a formaliser misread so that a fallacy seemed valid. */
  formalizer: ArgumentSentence[];
  /** Valid arguments that a detective took for fallacies. */
  detective: FallacyRecord[];
  rejected: PlayedItem[];
}

/**
 * The arguments of a journal.
 *
 * @param entries - of the journal
 * @returns those that were played, in their order
 */
export function listItems(entries: readonly JournalEntry[]): PlayedItem[] {
  return entries.filter(({ type }) => type === 'item') as unknown as PlayedItem[];
}

/**
 * What a journal's arguments come to: nothing but what was confirmed enters a pool to learn from.
 *
 * @param items - of {@link listItems}
 * @returns the pools
 */
export function fillPools(items: readonly PlayedItem[]): Pools {
  const confirmed = items.filter(({ outcome }) => outcome === 'confirmed');
  return {
    formalizer: confirmed.flatMap(({ sentences = [] }) => sentences),
    detective: confirmed.filter(({ kind }) => kind === 'valid').map(({ text }) => makeInnocent(text)),
    rejected: items.filter(({ outcome }) => outcome === 'rejected'),
  };
}

/**
 * Makes a record of a text without a fallacy.
 *
 * @param text - any
 * @returns the record
 */
export function makeInnocent(text: string): FallacyRecord {
  return { text, label: 'none', span: null, explanation: explainFallacy('none', ''), severity: 0 };
}

/**
 * Writes pools as JSON Lines.
 *
 * @param folder - of the self-play
 * @param pools - to write; those of earlier rounds are overwritten
 */
export async function writePools(folder: string, pools: Pools): Promise<void> {
  await createDirectory(join(folder, 'pools'));
  for (const [name, records] of Object.entries(pools))
    await writeLines(join(folder, 'pools', `${name}.jsonl`), records as readonly object[]);
}

/**
 * What of a pool a training reads: the newest, as many as its share allows.
 *
 * @param pool - the oldest first
 * @param count - what is drawn beside it
 * @param share - the most of all that may come from it
 * @returns the end of the pool
 */
export function takeShare<T>(pool: readonly T[], count: number, share: number): T[] {
  const most = Math.floor((share / (1 - share)) * count + 1e-9);
  return most === 0 ? [] : pool.slice(-most);
}
