import { listShingles } from '../data/clean/near-duplicates.js';
import { normalizeInput } from '../data/clean/normalize-input.js';

/** Where a 5-gram stands, and the length that it gives to the vector of its sentence. */
interface Posting {
  place: number;
  weight: number;
}

/** Finds among sentences the one most like another, by the cosine of their character 5-grams weighed by TF-IDF. */
export class NearestSentence {
  readonly #postings = new Map<string, Posting[]>();
  readonly #norms: Float64Array;
  readonly #count: number;

  /** Reads the sentences to search. */
  constructor(sentences: readonly string[]) {
    this.#count = sentences.length;
    for (const [place, sentence] of sentences.entries()) {
      for (const [gram, weight] of countGrams(sentence)) {
        const postings = this.#postings.get(gram);
        if (postings === undefined) this.#postings.set(gram, [{ place, weight }]);
        else postings.push({ place, weight });
      }
    }
    this.#norms = new Float64Array(sentences.length);
    for (const postings of this.#postings.values()) {
      const rarity = this.#measureRarity(postings.length);
      for (const { place, weight } of postings) this.#norms[place]! += (weight * rarity) ** 2;
    }
    for (const [place, sum] of this.#norms.entries()) this.#norms[place] = Math.sqrt(sum);
  }

  /** The inverse document frequency, smoothed. */
  #measureRarity(documents: number): number {
    return Math.log((1 + this.#count) / (1 + documents)) + 1;
  }

  /** The place of the nearest sentence, of equal ones the first; undefined where none shares a 5-gram. */
  find(sentence: string): number | undefined {
    const products = new Map<number, number>();
    for (const [gram, count] of countGrams(sentence)) {
      const postings = this.#postings.get(gram) ?? [];
      const factor = count * this.#measureRarity(postings.length) ** 2;
      for (const { place, weight } of postings) products.set(place, (products.get(place) ?? 0) + factor * weight);
    }
    let [best, highest]: [number | undefined, number] = [undefined, 0];
    for (const [place, product] of products) {
      const cosine = product / this.#norms[place]!;
      if (cosine > highest || (cosine === highest && place < best!)) [best, highest] = [place, cosine];
    }
    return best;
  }
}

function countGrams(sentence: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const gram of listShingles(normalizeInput(sentence))) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
}
