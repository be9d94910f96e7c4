/** The parts of the lexicon that sentences are made from. */
export const slices = ['all', 'train', 'validation', 'test'] as const;

/** A part of {@link slices}. */
export type Slice = (typeof slices)[number];

/**
 * The slice that an entry of the lexicon belongs to: eight tenths train, a tenth each the others, by a hash of its text.
 *
 * @param entry - a predicate's entry
 * @returns the slice
 */
export function findSlice(entry: string): Exclude<Slice, 'all'> {
  let hash = 0x811c9dc5;
  for (let i = 0; i < entry.length; i++) hash = Math.imul(hash ^ entry.charCodeAt(i), 0x01000193);
  const tenth = (hash >>> 8) % 10;
  if (tenth === 0) return 'validation';
  return tenth === 1 ? 'test' : 'train';
}

/**
 * True where an entry may be used in a slice.
 *
 * @param entry - a predicate's entry
 * @param slice - the slice that is being made
 * @returns whether it belongs to it
 */
export function isInSlice(entry: string, slice: Slice): boolean {
  return slice === 'all' || findSlice(entry) === slice;
}
