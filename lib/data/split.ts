import { Random, expectOneOf, expectRange, raise } from '../core/index.js';
import type { Corpus, TokenArray } from './corpus.js';

/** How a corpus is divided before any window is cut. */
export interface SplitOptions {
  /**
   * `block`: one cut row, training first, then validation, then test. `document`: whole documents, drawn
   * with `seed`, until each part has its share of the tokens. Default: `block`.
   */
  by?: 'block' | 'document';
  /** The share of the validation part in [0, 1). Default: 0. */
  validation?: number;
  /** The share of the test part in [0, 1). Default: 0. */
  test?: number;
  /** Draws the documents. Default: 0. */
  seed?: number;
}

/** The parts of a corpus; they share no token position. Parts with share 0 are empty. */
export interface Split {
  train: TokenArray;
  validation: TokenArray;
  test: TokenArray;
}

/**
 * Divides a corpus into training, validation and test part.
 *
 * @throws ArgumentError when the shares leave nothing to train on
 * @throws DataError when there are too few documents to draw from
 */
export function splitCorpus(corpus: Corpus, options: SplitOptions = {}): Split {
  const where = 'splitCorpus';
  const by = expectOneOf(where, 'split.by', options.by ?? 'block', ['block', 'document'] as const);
  const validation = expectRange(where, 'split.validation', options.validation ?? 0, { min: 0, below: 1 });
  const test = expectRange(where, 'split.test', options.test ?? 0, { min: 0, below: 1 });
  expectRange(where, 'split.validation + split.test', validation + test, { min: 0, below: 1 });
  if (by === 'block') return splitBlocks(corpus.tokens, validation, test);
  return splitDocuments(corpus, validation, test, options.seed ?? 0);
}

function splitBlocks(tokens: TokenArray, validation: number, test: number): Split {
  const testStart = tokens.length - Math.round(tokens.length * test);
  const validationStart = testStart - Math.round(tokens.length * validation);
  return {
    train: tokens.subarray(0, validationStart),
    validation: tokens.subarray(validationStart, testStart),
    test: tokens.subarray(testStart),
  };
}

function splitDocuments(corpus: Corpus, validation: number, test: number, seed: number): Split {
  const { tokens, starts } = corpus;
  const parts = 1 + Number(validation > 0) + Number(test > 0);
  if (starts.length < parts) refuseFew(starts.length, parts);
  const order = [...new Random(seed).split('documents').permutation(starts.length)];
  const sizeOf = (document: number): number => (starts[document + 1] ?? tokens.length) - starts[document]!;
  const testDocuments = takeShare(order, sizeOf, tokens.length * test, parts - 1);
  const validationDocuments = takeShare(order, sizeOf, tokens.length * validation, 1);
  const gather = (documents: number[]): TokenArray => gatherDocuments(corpus, documents, sizeOf);
  return { train: gather(order), validation: gather(validationDocuments), test: gather(testDocuments) };
}

/** Takes documents off the front of `order` until they hold `wanted` tokens, and leaves at least `spare`. */
function takeShare(order: number[], sizeOf: (document: number) => number, wanted: number, spare: number): number[] {
  const taken: number[] = [];
  for (let held = 0; held < wanted && order.length > spare;) {
    const document = order.shift()!;
    taken.push(document);
    held += sizeOf(document);
  }
  return taken;
}

/** The tokens of some documents, in the order of the corpus. */
function gatherDocuments(corpus: Corpus, documents: number[], sizeOf: (document: number) => number): TokenArray {
  const { tokens, starts } = corpus;
  const length = documents.reduce((sum, document) => sum + sizeOf(document), 0);
  const gathered = tokens.BYTES_PER_ELEMENT === 2 ? new Uint16Array(length) : new Uint32Array(length);
  let offset = 0;
  for (const document of documents.sort((a, b) => a - b)) {
    const start = starts[document]!;
    gathered.set(tokens.subarray(start, start + sizeOf(document)), offset);
    offset += sizeOf(document);
  }
  return gathered;
}

function refuseFew(documents: number, parts: number): never {
  raise('PAL_DATA', {
    where: 'splitCorpus',
    expected: `at least ${parts} documents for ${parts} parts`,
    received: String(documents),
    fix: "Split by: 'block' instead.",
  });
}
