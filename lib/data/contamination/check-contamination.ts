import { expectPositiveInteger, expectRange } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';
import { listDocumentSpans } from '../corpus/split.js';
import type { Span, SplitName } from '../corpus/split.js';
import type { Corpus, TokenRow } from '../corpus/tokens.js';
import { measureShingleOverlap } from './containment.js';
import { hashDocument } from './exact.js';

/** Options of {@link checkContamination}. */
export interface ContaminationOptions {
  /** The tokenizer of the ids. */
  tokenizer: Tokenizer;
  /** Tokens in a shingle, the unit of likeness. Default: as many as 25 bytes of text take. */
  shingle?: number;
  /** The share of its shingles that one other document must hold for a near duplicate. Default: 0.3. */
  threshold?: number;
  /** Tokens in a window that counts as duplicate when it occurs word for word. Default: six shingles, about a sentence. */
  window?: number;
  /** The most examples a pair of splits. Default: 5. */
  examples?: number;
}

/** A document, or a passage of a long one, that another split holds too. */
export interface DuplicateExample {
  /** The start in the held-out split, in tokens. */
  start: number;
  end: number;
  /** The document of the other split, by number. */
  document: number;
  /** The share of its shingles found there; 1 for exact duplicates. */
  similarity: number;
  /** The first characters. */
  text: string;
}

/** Duplicates between a held-out split and another one. */
export interface PairContamination {
  heldOut: SplitName;
  reference: SplitName;
  /** Documents and passages compared; those shorter than a shingle are left out. */
  compared: number;
  /** Documents that the reference holds with every token. */
  exact: number;
  /** Documents and passages that one document of the reference mostly holds. */
  near: number;
  /** Windows of the held-out split, and the number of them that occur in the reference word for word. */
  windows: { length: number; count: number; duplicates: number };
  examples: DuplicateExample[];
}

/** Duplicates between the splits of a corpus. */
export interface ContaminationReport {
  shingle: number;
  threshold: number;
  pairs: PairContamination[];
}

/** Bytes of text in a shingle, about five words. */
const SHINGLE_BYTES = 25;
/** Long documents are compared in passages of this many shingle lengths. */
const PASSAGE = 40;
const EXAMPLE_CHARACTERS = 80;

const PAIRS = [
  ['validation', 'train'],
  ['test', 'train'],
  ['test', 'validation'],
] as const;

/**
 * Looks for duplicates between validation or test split and the splits before them: whole documents, documents and passages
 * with few changes, and windows. A shared text lets a model score by memory, so its scores on that split mean little.
 *
 * @param parts - at least two; passages are compared at any offset
 * @param options - shingle length and thresholds
 * @throws ArgumentError when an option is out of range
 * @see https://arxiv.org/abs/2107.06499 Lee et al. 2022, Deduplicating Training Data Makes Language Models Better
 */
export async function checkContamination(
  parts: Partial<Record<SplitName, Corpus<TokenRow> | undefined>>,
  options: ContaminationOptions,
): Promise<ContaminationReport> {
  const where = 'checkContamination';
  const { tokenizer } = options;
  const settings: Settings = {
    tokenizer,
    shingle: expectPositiveInteger(where, 'shingle', options.shingle ?? chooseShingleLength(parts, tokenizer)),
    threshold: expectRange(where, 'threshold', options.threshold ?? 0.3, { above: 0, max: 1 }),
    examples: expectRange(where, 'examples', options.examples ?? 5, { min: 0 }),
    window: options.window,
  };
  const pairs: PairContamination[] = [];
  for (const [heldOut, reference] of PAIRS) {
    const [a, b] = [parts[heldOut], parts[reference]];
    if (a !== undefined && b !== undefined) pairs.push({ heldOut, reference, ...(await comparePair(a, b, settings)) });
  }
  return { shingle: settings.shingle, threshold: settings.threshold, pairs };
}

/**
 * Counts the windows of one row that occur in another word for word, at any place there.
 *
 * @param heldOut - cut into windows one after another
 * @param reference - searched in one pass
 * @param length - tokens in a window
 */
export async function countDuplicateWindows(
  heldOut: TokenRow,
  reference: TokenRow,
  length: number,
): Promise<PairContamination['windows']> {
  expectPositiveInteger('countDuplicateWindows', 'length', length);
  const count = Math.floor(heldOut.length / length);
  const units = Array.from({ length: count }, (_, i) => ({ start: i * length, end: (i + 1) * length }));
  const { found } = await measureShingleOverlap(heldOut, units, { tokens: reference, starts: [0] }, length);
  return { length, count, duplicates: found.reduce((sum, times) => sum + Math.min(1, times), 0) };
}

type Settings = Required<Pick<ContaminationOptions, 'tokenizer' | 'shingle' | 'threshold' | 'examples'>> &
  Pick<Partial<Record<keyof ContaminationOptions, number | undefined>>, 'window'>;

async function comparePair(
  heldOut: Corpus<TokenRow>,
  reference: Corpus<TokenRow>,
  settings: Settings,
): Promise<Omit<PairContamination, 'heldOut' | 'reference'>> {
  const { tokenizer, shingle, threshold, examples, window = 6 * shingle } = settings;
  const exact = findExactDuplicates(heldOut, reference, shingle);
  const documents = listDocumentSpans(heldOut.starts, heldOut.tokens.length);
  const units = documents.filter((span) => !exact.has(span.start)).flatMap((span) => splitPassages(span, shingle));
  const { shingles, found, document } = await measureShingleOverlap(heldOut.tokens, units, reference, shingle);
  const near = units.flatMap((span, unit) => {
    const similarity = found[unit]! / shingles[unit]!;
    return similarity >= threshold ? [{ ...span, document: document[unit]!, similarity }] : [];
  });
  const all = [...[...exact.values()], ...near.sort((a, b) => b.similarity - a.similarity)];
  return {
    compared: exact.size + units.length,
    exact: exact.size,
    near: near.length,
    windows: await countDuplicateWindows(heldOut.tokens, reference.tokens, window),
    examples: all.slice(0, examples).map((one) => ({ ...one, text: decodeStart(heldOut.tokens, one, tokenizer) })),
  };
}

/** The documents that the reference holds too, by their start. */
function findExactDuplicates(
  heldOut: Corpus<TokenRow>,
  reference: Corpus<TokenRow>,
  shortest: number,
): Map<number, Span & { document: number; similarity: number }> {
  const long = ({ start, end }: Span): boolean => end - start >= shortest;
  const wanted = new Map<string, Span[]>();
  for (const span of listDocumentSpans(heldOut.starts, heldOut.tokens.length).filter(long)) {
    const key = hashDocument(heldOut.tokens, span);
    const equal = wanted.get(key);
    if (equal === undefined) wanted.set(key, [span]);
    else equal.push(span);
  }
  const lengths = new Set([...wanted.values()].map(([first]) => first!.end - first!.start));
  const exact = new Map<number, Span & { document: number; similarity: number }>();
  listDocumentSpans(reference.starts, reference.tokens.length).forEach((span, document) => {
    if (!lengths.has(span.end - span.start)) return;
    for (const copy of wanted.get(hashDocument(reference.tokens, span)) ?? []) {
      if (!exact.has(copy.start)) exact.set(copy.start, { ...copy, document, similarity: 1 });
    }
  });
  return exact;
}

/** A document in passages of nearly equal length; none when it is shorter than a shingle. */
function splitPassages({ start, end }: Span, shingle: number): Span[] {
  const length = end - start;
  if (length < shingle) return [];
  const count = Math.ceil(length / (PASSAGE * shingle));
  const bound = (i: number): number => start + Math.floor((i * length) / count);
  return Array.from({ length: count }, (_, i) => ({ start: bound(i), end: bound(i + 1) }));
}

function chooseShingleLength(
  parts: Partial<Record<SplitName, Corpus<TokenRow> | undefined>>,
  tokenizer: Tokenizer,
): number {
  const tokens = (parts.train ?? parts.validation ?? parts.test)?.tokens.subarray(0, 10_000) ?? new Uint16Array();
  let bytes = 0;
  for (const id of tokens) bytes += tokenizer.tokenBytes(id).length;
  return Math.max(4, Math.round((SHINGLE_BYTES * tokens.length) / Math.max(1, bytes)));
}

function decodeStart(tokens: TokenRow, { start, end }: Span, tokenizer: Tokenizer): string {
  const ids = tokens.subarray(start, Math.min(end, start + EXAMPLE_CHARACTERS));
  return tokenizer.decode(ids).slice(0, EXAMPLE_CHARACTERS);
}
