import { createHash } from 'node:crypto';
import type { PlacedInstruction } from './duplicates.js';

/** Validation examples of a file at least, where it has twice as many. */
const LEAST = 4;

/**
 * Chooses validation examples of each file by their hashes: the same examples are chosen again in every run, whatever
 * their order, and a copy never lies on the other side, in whatever file. Examples of a group are chosen together.
 *
 * @param examples - of all files
 * @param share - of the different examples of a file, in [0, 1), a group counted as one; at least four, at most half
 * @param trained - hashes of examples that were trained on before: neither they nor their groups are chosen (default: none)
 * @returns the hashes of validation examples
 */
export function chooseValidation(
  examples: readonly PlacedInstruction[],
  share: number,
  trained: ReadonlySet<string> = new Set(),
): Set<string> {
  const units = nameUnits(examples);
  const files = new Map<string, Set<string>>();
  for (const { path, hash } of examples) files.set(path, (files.get(path) ?? new Set()).add(units.get(hash)!));
  const known = new Set([...trained].map((hash) => units.get(hash)));
  const chosen = new Set([...files.values()].flatMap((names) => chooseUnits(names, share, known)));
  return new Set([...units].flatMap(([hash, unit]) => (chosen.has(unit) ? [hash] : [])));
}

/** The unit of each hash: its group, the first by name where copies have several, or the hash itself. */
function nameUnits(examples: readonly PlacedInstruction[]): Map<string, string> {
  const units = new Map<string, string>();
  for (const { hash, group } of examples) {
    const [unit, other] = [group === undefined ? hash : `group ${group}`, units.get(hash) ?? hash];
    if (other === hash || (unit !== hash && unit < other)) units.set(hash, unit);
  }
  return units;
}

function chooseUnits(units: ReadonlySet<string>, share: number, known: ReadonlySet<string | undefined>): string[] {
  const count = share === 0 ? 0 : Math.min(Math.max(LEAST, Math.ceil(share * units.size)), Math.floor(units.size / 2));
  // Hashed once more, so that the choice owes nothing to other uses of the hash.
  return [...units]
    .filter((unit) => !known.has(unit))
    .sort((a, b) => (draw(a) < draw(b) ? -1 : 1))
    .slice(0, count);
}

function draw(hash: string): string {
  return createHash('sha256').update(`validation ${hash}`).digest('hex');
}
