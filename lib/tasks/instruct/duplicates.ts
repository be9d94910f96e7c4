import { createHash } from 'node:crypto';
import { normalizeInstruction } from './instruction.js';
import type { Instruction } from './instruction.js';

/** An example and where it stands. */
export interface PlacedInstruction {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly instruction: Instruction;
  /** Of its normalized text: copies have the same. */
  readonly hash: string;
  /** Its `group` in the record, such as the fact it asks for: examples of one lie on one side of a split. */
  readonly group?: string;
}

/** Examples that say the same, or nearly. */
export interface DuplicateGroup {
  /** Share of words in runs of three that any two neighbours have in common: 1 for copies. */
  readonly similarity: number;
  readonly places: readonly { path: string; line: number }[];
}

/** What is found of copies. */
export interface InstructionDuplicates {
  /** Examples that are a copy of one before. */
  readonly copies: number;
  readonly exact: DuplicateGroup[];
  /** Pairs of different examples that are nearly the same. */
  readonly near: DuplicateGroup[];
}

/** Words of a shingle; values of a signature; of one band. */
const [SHINGLE, VALUES, BAND] = [3, 64, 4];
/** Examples that one is compared with in a band, the last before it. */
const COMPARED = 16;

/**
 * The hash by which copies of an example are found.
 * @param instruction - an example
 * @returns hexadecimal digits of SHA-256
 */
export function hashInstruction(instruction: Instruction): string {
  return createHash('sha256').update(normalizeInstruction(instruction)).digest('hex');
}

/**
 * Finds copies among examples, over all files: the same but for letter case and white space, and pairs that share most
 * runs of three words.
 *
 * @param examples - of all files
 * @param threshold - the least Jaccard similarity of a near pair, in (0, 1] (default 0.8)
 * @returns the groups of copies and the near pairs
 * @see Broder 1997, "On the resemblance and containment of documents"; pairs are found by MinHash in bands, so that one
 *   of a similarity of 0.8 is missed once in 4,000 times
 */
export function findDuplicateInstructions(
  examples: readonly PlacedInstruction[],
  threshold = 0.8,
): InstructionDuplicates {
  const groups = new Map<string, PlacedInstruction[]>();
  for (const example of examples) addTo(groups, example.hash, example);
  const exact = [...groups.values()].filter((group) => group.length > 1);
  const distinct = [...groups.values()].map(([first]) => first!);
  const shingles = distinct.map(({ instruction }) => listShingles(normalizeInstruction(instruction)));
  const near = findCandidates(shingles).flatMap(([a, b]): DuplicateGroup[] => {
    const similarity = computeJaccard(shingles[a]!, shingles[b]!);
    return similarity < threshold ? [] : [{ similarity, places: [distinct[a]!, distinct[b]!].map(getPlace) }];
  });
  return {
    copies: exact.reduce((sum, group) => sum + group.length - 1, 0),
    exact: exact.map((group) => ({ similarity: 1, places: group.map(getPlace) })),
    near,
  };
}

function getPlace({ path, line }: PlacedInstruction): { path: string; line: number } {
  return { path, line };
}

/** Hashes of each run of three words, of all words together where there are fewer. */
function listShingles(text: string): Set<number> {
  const words = text.split(/\s+/u);
  const count = Math.max(1, words.length - SHINGLE + 1);
  return new Set(Array.from({ length: count }, (_, i) => hashText(words.slice(i, i + SHINGLE).join(' '))));
}

/** FNV-1a of 32 bits, mixed. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash >>> 0, 0);
}

/** One of many independent hashes of a number. */
function mix(value: number, seed: number): number {
  let hash = (value ^ Math.imul(seed + 1, 0x9e3779b9)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function addTo<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** Pairs that share a band of their signatures, each once; an example goes with a few of those before it. */
function findCandidates(shingles: readonly ReadonlySet<number>[]): [a: number, b: number][] {
  const signatures = shingles.map(sign);
  const pairs = new Map<string, [number, number]>();
  for (let band = 0; band < VALUES; band += BAND) {
    const firsts = new Map<string, number[]>();
    for (const [index, signature] of signatures.entries()) {
      const key = signature.slice(band, band + BAND).join();
      for (const other of (firsts.get(key) ?? []).slice(-COMPARED)) pairs.set(`${other},${index}`, [other, index]);
      addTo(firsts, key, index);
    }
  }
  return [...pairs.values()];
}

function sign(shingles: ReadonlySet<number>): number[] {
  return Array.from({ length: VALUES }, (_, seed) => {
    let least = 2 ** 32;
    for (const shingle of shingles) least = Math.min(least, mix(shingle, seed));
    return least;
  });
}

function computeJaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let shared = 0;
  for (const value of a) if (b.has(value)) shared++;
  return shared / (a.size + b.size - shared);
}
