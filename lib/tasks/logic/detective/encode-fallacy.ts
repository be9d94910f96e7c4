import type { FallacyRecord } from '../../../logic/index.js';
import type { EncodedInstruction } from '../../instruct/encode-instruction.js';
import { encodeLogicPrompt } from '../sequence/encode-record.js';
import type { DetectiveVocabulary } from './vocabulary.js';

/** Tokens before a text in its prompt, and behind it. */
const [BEFORE, BEHIND] = [2, 1];
/** The words that commit a fallacy are named by so many of their first tokens and as many of their last ones. */
export const EDGE = 2;

/** What is learned from. */
export type FallacyExample = Pick<FallacyRecord, 'text' | 'label' | 'span' | 'severity'>;

/**
 * Writes a text as the prompt of a detective: `<|bos|><|input|> TEXT <|output|>`.
 *
 * @param text - whatever it says, it never becomes a special token
 * @param vocabulary - of the model
 * @returns the ids
 */
export function encodeDetectivePrompt(text: string, vocabulary: DetectiveVocabulary): Uint32Array {
  return encodeLogicPrompt(text, vocabulary.logic);
}

/**
 * Writes a text and its fallacy: the prompt, the label's token, and for a fallacy its severity as a digit and the very
 * tokens of the text at which the words that commit it begin and end, two each; then `<|eos|>`.
 *
 * @param example - the text and its label
 * @param vocabulary - of the model
 * @returns ids and the span of what the model writes
 */
export function encodeFallacy(example: FallacyExample, vocabulary: DetectiveVocabulary): EncodedInstruction {
  const { text, label, span, severity } = example;
  const prompt = encodeDetectivePrompt(text, vocabulary);
  const { logic, labels, severities } = vocabulary;
  const found = span === null ? [] : [severities[severity - 1]!, ...cutEdges(text, span, prompt, vocabulary)];
  const ids = Uint32Array.from([...prompt, labels[label], ...found, logic.eos]);
  return { ids, answers: [{ start: prompt.length, end: ids.length }] };
}

/**
 * The tokens of a text in its prompt.
 *
 * @param prompt - of {@link encodeDetectivePrompt}
 * @returns those between the tokens that name its sides
 */
export function listTextTokens<T extends readonly number[] | Uint32Array>(prompt: T): T {
  return prompt.slice(BEFORE, prompt.length - BEHIND) as T;
}

/** The first tokens that share a byte with a part of the text, and the last ones. */
function cutEdges(
  text: string,
  span: readonly [number, number],
  prompt: Uint32Array,
  { tokenizer }: DetectiveVocabulary,
): Uint32Array {
  const tokens = listTextTokens(prompt);
  const ends = listEnds(tokens, tokenizer);
  // The prompt has a space before the text, and the text without white space around it.
  const before = text.length - text.trimStart().length;
  const measure = (place: number): number => 1 + Buffer.byteLength(text.slice(before, place).normalize('NFC'));
  const first = Math.min(
    ends.findIndex((byte) => byte > measure(span[0])),
    tokens.length - EDGE,
  );
  const last = Math.max(
    ends.findIndex((byte) => byte >= measure(span[1])),
    EDGE - 1,
  );
  return Uint32Array.from([...tokens.slice(first, first + EDGE), ...tokens.slice(last + 1 - EDGE, last + 1)]);
}

/** The byte that each token ends before. */
function listEnds(tokens: Uint32Array, tokenizer: DetectiveVocabulary['tokenizer']): number[] {
  let end = 0;
  return Array.from(tokens, (id) => (end += tokenizer.tokenBytes(id).length));
}

/**
 * Finds the words between edges: from the first place of the first tokens to the last place behind it of the last ones.
 *
 * @param text - as it was given
 * @param edges - the first tokens and the last ones, {@link EDGE} each
 * @param prompt - of the text
 * @param vocabulary - of the model
 * @returns their place in the text in UTF-16 units, without white space around; null where they don't stand there
 */
export function locateEdges(
  text: string,
  edges: readonly number[],
  prompt: readonly number[],
  { tokenizer }: DetectiveVocabulary,
): readonly [number, number] | null {
  const tokens = listTextTokens(prompt);
  const [head, tail] = [edges.slice(0, EDGE), edges.slice(EDGE)];
  const first = findRun(tokens, head, 0);
  const last = first < 0 ? -1 : findLastRun(tokens, tail, first) + EDGE;
  if (edges.length !== 2 * EDGE || last < EDGE) return null;
  const ends = listEnds(Uint32Array.from(tokens), tokenizer);
  const bytes = Buffer.from(` ${text.trim()}`.normalize('NFC'));
  const read = (from: number, to: number): string => bytes.subarray(from, to).toString();
  const from = first === 0 ? 0 : ends[first - 1]!;
  const words = read(from, ends[last - 1]!).trim();
  const start = text.indexOf(words, Math.max(0, read(0, from).length - 1));
  return start < 0 || words === '' ? null : [start, start + words.length];
}

/**
 * Finds tokens in a row.
 *
 * @param tokens - of a text
 * @param run - what is looked for
 * @param from - the first place that counts
 * @returns the first place of the run; −1 without any
 */
export function findRun(tokens: readonly number[], run: readonly number[], from: number): number {
  for (let start = from; start + run.length <= tokens.length; start++)
    if (run.every((id, i) => tokens[start + i] === id)) return start;
  return -1;
}

/** The last place of a run from one place on; −1 without any. */
function findLastRun(tokens: readonly number[], run: readonly number[], from: number): number {
  for (let start = tokens.length - run.length; start >= from; start--)
    if (findRun(tokens.slice(start, start + run.length), run, 0) === 0) return start;
  return -1;
}
