import { expect } from '@jest/globals';
import type { Random } from '../../../lib/core/index.js';
import { checkContamination, encodeCorpus } from '../../../lib/data/index.js';
import type { Corpus, PairContamination } from '../../../lib/data/index.js';
import { ByteTokenizer } from '../../../lib/text/index.js';

export const tokenizer = new ByteTokenizer();

export const encoded = (documents: string[]): Promise<Corpus> => encodeCorpus(documents, { tokenizer });

/** What a test part has of a training part. */
export async function compare(train: string[], test: string[], options = {}): Promise<PairContamination> {
  const parts = { train: await encoded(train), test: await encoded(test) };
  const { pairs } = await checkContamination(parts, { tokenizer, ...options });
  expect(pairs).toHaveLength(1);
  return pairs[0]!;
}

/** Replaces, drops or doubles a share of the words. */
export function edited(text: string, share: number, random: Random): string {
  return text
    .split(' ')
    .flatMap((word) => {
      if (random.float() >= share) return [word];
      return [['changed'], [], [word, word]][random.integer(3)]!;
    })
    .join(' ');
}
