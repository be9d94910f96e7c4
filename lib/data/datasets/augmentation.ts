import { Random, expectString, raise } from '../../core/index.js';
import { iterateDocuments } from '../../text/index.js';
import type { TextSource } from '../../text/index.js';

/**
 * Other texts that say what a document says, as paraphrases or translations there and back; none, one or several. Random
 * numbers are the document's own: the same seed gives the same texts.
 */
export type Augmentation = (text: string, random: Random) => Iterable<string> | AsyncIterable<string>;

/**
 * The variants of some documents of a source; of the others nothing is made.
 *
 * @param selected - the documents, by number
 * @throws ArgumentError when a variant is no text
 * @throws DataError when the source ends before the last of them, as one that is read once does
 */
export async function* generateVariants(
  source: TextSource,
  selected: ReadonlySet<number>,
  augmentation: Augmentation,
  seed: number,
): AsyncGenerator<string> {
  const random = new Random(seed).split('augmentation');
  let left = selected.size;
  let document = 0;
  for await (const text of iterateDocuments(source)) {
    if (selected.has(document)) {
      for await (const variant of augmentation(text, random.split(document))) {
        yield expectString('prepare', 'a variant', variant);
      }
      left--;
    }
    document++;
    if (left === 0) return;
  }
  refuseSpent(document, selected.size);
}

function refuseSpent(documents: number, selected: number): never {
  raise('PAL_DATA', {
    where: 'prepare',
    expected: `a source that can be read twice, with the ${selected} documents to make variants of`,
    received: `${documents} documents the second time`,
    fix: 'Pass an array of texts, files, or an object whose [Symbol.asyncIterator] starts anew.',
    details: { documents, selected },
  });
}
