import { createHash } from 'node:crypto';
import type { PlacedInstruction } from './duplicates.js';

/** Validation examples of a file at least, where it has twice as many. */
const LEAST = 4;

/**
 * Chooses validation examples of each file by their hashes: the same examples are chosen again in every run, whatever
 * their order, and a copy never lies on the other side, in whatever file.
 *
 * @param examples - of all files
 * @param share - of the different examples of a file, in [0, 1); at least four of them, at most half
 * @param trained - hashes of examples that were trained on before: none of them is chosen (default: none)
 * @returns the hashes of validation examples
 */
export function chooseValidation(
  examples: readonly PlacedInstruction[],
  share: number,
  trained: ReadonlySet<string> = new Set(),
): Set<string> {
  const files = new Map<string, Set<string>>();
  for (const { path, hash } of examples) files.set(path, (files.get(path) ?? new Set()).add(hash));
  const chosen = [...files.values()].flatMap((hashes) => {
    const count =
      share === 0 ? 0 : Math.min(Math.max(LEAST, Math.ceil(share * hashes.size)), Math.floor(hashes.size / 2));
    // Hashed once more, so that the choice owes nothing to other uses of the hash.
    return [...hashes]
      .filter((hash) => !trained.has(hash))
      .sort((a, b) => (draw(a) < draw(b) ? -1 : 1))
      .slice(0, count);
  });
  return new Set(chosen);
}

function draw(hash: string): string {
  return createHash('sha256').update(`validation ${hash}`).digest('hex');
}
