import { Turns, checkOptions, expectPositiveInteger, expectRange } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';
import { NumberList } from '../corpus/number-list.js';
import type { Span, SpanList } from '../corpus/spans.js';
import type { SplitName } from '../corpus/split.js';
import type { Corpus, TokenRow } from '../corpus/tokens.js';
import { ContaminationWork } from './contamination-work.js';
import { countSharedWindows, measureShingleOverlap } from './containment.js';
import type { ShingleOverlap } from './containment.js';
import { findExactDuplicates, getDocumentSpans } from './exact.js';

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
  /** Called now and then with the tokens that were passed and those to pass. */
  onProgress?: (done: number, total: number) => void;
  /** Ends the check with an error of code PAL_ABORTED. */
  signal?: AbortSignal | undefined;
}

/** The keys of {@link ContaminationOptions}. */
export const contaminationKeys: OptionChecks<ContaminationOptions> = {
  tokenizer: true,
  shingle: true,
  threshold: true,
  window: true,
  examples: true,
  onProgress: true,
  signal: true,
};

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
/** How often the tokens of both splits of a pair are passed. */
const PASSES = 3;
/** Documents after which the work can be left. */
const STEP = 2 ** 12;

const PAIRS = [
  ['validation', 'train'],
  ['test', 'train'],
  ['test', 'validation'],
] as const;

/**
 * Looks for duplicates between validation or test split and the splits before them: whole documents, documents and passages
 * with few changes, and windows. A shared text lets a model score by memory, so its scores on that split mean little.
 * The work is done in slices of some milliseconds, so this thread stays free for others.
 *
 * @param parts - at least two; passages are compared at any offset
 * @param options - shingle length and thresholds
 * @throws ArgumentError when an option is out of range
 * @throws PalabraError of code PAL_ABORTED when the signal says so
 * @see https://arxiv.org/abs/2107.06499 Lee et al. 2022, Deduplicating Training Data Makes Language Models Better
 */
export async function checkContamination(
  parts: Partial<Record<SplitName, Corpus<TokenRow> | undefined>>,
  options: ContaminationOptions,
): Promise<ContaminationReport> {
  checkOptions('checkContamination', options, contaminationKeys);
  const where = 'checkContamination';
  const { tokenizer } = options;
  const settings: Settings = {
    tokenizer,
    shingle: expectPositiveInteger(where, 'shingle', options.shingle ?? chooseShingleLength(parts, tokenizer)),
    threshold: expectRange(where, 'threshold', options.threshold ?? 0.3, { above: 0, max: 1 }),
    examples: expectRange(where, 'examples', options.examples ?? 5, { min: 0 }),
    window: 0,
  };
  settings.window = expectPositiveInteger(where, 'length', options.window ?? 6 * settings.shingle);
  const pairs = PAIRS.flatMap(([heldOut, reference]) => {
    const [a, b] = [parts[heldOut], parts[reference]];
    return a === undefined || b === undefined ? [] : [{ heldOut, reference, a, b }];
  });
  const total = PASSES * pairs.reduce((sum, { a, b }) => sum + a.tokens.length + b.tokens.length, 0);
  const work = new ContaminationWork(new Turns(where, options.signal), total, options.onProgress ?? ((): void => {}));
  const found: PairContamination[] = [];
  for (const { heldOut, reference, a, b } of pairs) {
    found.push({ heldOut, reference, ...(await comparePair(a, b, settings, work)) });
  }
  return { shingle: settings.shingle, threshold: settings.threshold, pairs: found };
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
  const where = 'countDuplicateWindows';
  expectPositiveInteger(where, 'length', length);
  const work = new ContaminationWork(new Turns(where), heldOut.length + reference.length, () => {});
  return await compareWindows(heldOut, reference, length, work);
}

async function compareWindows(
  heldOut: TokenRow,
  reference: TokenRow,
  length: number,
  work: ContaminationWork,
): Promise<PairContamination['windows']> {
  const count = Math.floor(heldOut.length / length);
  return { length, count, duplicates: await countSharedWindows(heldOut, reference, length, work) };
}

type Settings = Required<Pick<ContaminationOptions, 'tokenizer' | 'shingle' | 'threshold' | 'examples'>> & {
  window: number;
};

async function comparePair(
  heldOut: Corpus<TokenRow>,
  reference: Corpus<TokenRow>,
  settings: Settings,
  work: ContaminationWork,
): Promise<Omit<PairContamination, 'heldOut' | 'reference'>> {
  const { tokenizer, shingle, examples, window } = settings;
  const exact = await findExactDuplicates(heldOut, reference, shingle, work);
  const { starts, ends, left } = await work.run(listPassages(heldOut, exact, shingle));
  const overlap = await measureShingleOverlap(
    heldOut.tokens,
    { starts, end: (unit) => ends[unit]! },
    reference,
    shingle,
    work,
  );
  const near = await work.run(collectNear({ starts, ends }, overlap, settings));
  const shown = [...listExact(heldOut, exact, examples), ...near.examples].slice(0, examples);
  return {
    compared: left + starts.length,
    exact: left,
    near: near.count,
    windows: await compareWindows(heldOut.tokens, reference.tokens, window, work),
    examples: shown.map((one) => ({ ...one, text: decodeStart(heldOut.tokens, one, tokenizer) })),
  };
}

type Example = Omit<DuplicateExample, 'text'>;

/** The first documents that the reference holds too. */
function listExact(heldOut: Corpus<TokenRow>, exact: Int32Array, most: number): Example[] {
  const { starts, end } = getDocumentSpans(heldOut);
  const examples: Example[] = [];
  for (let i = 0; i < exact.length && examples.length < most; i++) {
    if (exact[i]! >= 0) examples.push({ start: starts[i]!, end: end(i), document: exact[i]!, similarity: 1 });
  }
  return examples;
}

/** The passages of documents that have no exact duplicate; `left` counts those that have one. */
function* listPassages(
  heldOut: Corpus<TokenRow>,
  exact: Int32Array,
  shingle: number,
): Generator<number, SpanList & { left: number }> {
  const documents = getDocumentSpans(heldOut);
  const [starts, ends] = [new NumberList(), new NumberList()];
  let left = 0;
  for (let document = 0; document < exact.length; document++) {
    if (exact[document]! >= 0) left++;
    else {
      for (const { start, end } of splitPassages(documents.starts[document]!, documents.end(document), shingle)) {
        starts.push(start);
        ends.push(end);
      }
    }
    if (document % STEP === 0) yield 0;
  }
  return { starts: starts.view(), ends: ends.view(), left };
}

/** The number of passages that are near duplicates, and the nearest of them. */
function* collectNear(
  { starts, ends }: SpanList,
  { shingles, found, document }: ShingleOverlap,
  { threshold, examples: most }: Settings,
): Generator<number, { count: number; examples: Example[] }> {
  const examples: Example[] = [];
  let count = 0;
  for (let unit = 0; unit < starts.length; unit++) {
    if (unit % STEP === 0) yield 0;
    const similarity = found[unit]! / shingles[unit]!;
    if (!(similarity >= threshold)) continue;
    count++;
    if (examples.length === most && similarity <= (examples.at(-1)?.similarity ?? Infinity)) continue;
    const place = examples.findIndex((other) => other.similarity < similarity);
    const example = { start: starts[unit]!, end: ends[unit]!, document: document[unit]!, similarity };
    examples.splice(place < 0 ? examples.length : place, 0, example);
    examples.length = Math.min(examples.length, most);
  }
  return { count, examples };
}

/** A document in passages of nearly equal length; none when it is shorter than a shingle. */
function splitPassages(start: number, end: number, shingle: number): Span[] {
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
