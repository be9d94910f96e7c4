/** The share of trigrams that occurred before, 0 … 1; 0 for fewer than four tokens. */
export function repeatedTrigrams(ids: readonly number[]): number {
  const trigrams = ids.slice(2).map((id, index) => `${ids[index]!},${ids[index + 1]!},${id}`);
  return trigrams.length < 2 ? 0 : 1 - new Set(trigrams).size / trigrams.length;
}

/** The number of tokens in the longest span that occurs twice, overlaps included. */
export function longestRepeatedSpan(ids: readonly number[]): number {
  let longest = 0;
  // lengths[j]: tokens in which the texts that end at i and at j − 1 agree, backwards.
  const lengths = new Uint32Array(ids.length + 1);
  for (let i = 1; i < ids.length; i++) {
    for (let j = i; j > 0; j--) {
      lengths[j] = ids[i] === ids[j - 1] ? lengths[j - 1]! + 1 : 0;
      longest = Math.max(longest, lengths[j]!);
    }
  }
  return longest;
}
