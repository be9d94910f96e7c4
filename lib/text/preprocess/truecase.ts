import { Turns, checkOptions, expectPositiveInteger } from '../../core/index.js';
import { getPartText, iterateLineParts } from '../tokenizers/text-parts.js';
import type { OptionChecks } from '../../core/index.js';
import type { TextSource } from '../tokenizers/tokenizer.js';
import { findSentenceGaps } from './sentences.js';

const WORD = /\p{L}[\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** The characters between the start of a sentence and its first word. */
const OPENING = /^[^\p{N}.!?…。！？]*$/u;

/** Options of {@link trainTruecase}. */
export interface TruecaseOptions {
  /** The least count of a word within sentences. Default: 2. */
  minCount?: number;
  /** The most words, the commonest first. Default: 50,000. */
  maxForms?: number;
}

/** The keys of {@link TruecaseOptions}. */
export const truecaseKeys: OptionChecks<TruecaseOptions> = { minCount: true, maxForms: true };

/**
 * Learns the usual form of each word where it does not start a sentence: the table of `case: { type: 'truecase' }`.
 *
 * @returns words, the commonest first; equally common ones in the order of their code units
 * @example const forms = await trainTruecase(text); createPreprocessor({ case: { type: 'truecase', forms } });
 */
export async function trainTruecase(source: TextSource, options: TruecaseOptions = {}): Promise<string[]> {
  checkOptions('trainTruecase', options, truecaseKeys);
  const minCount = expectPositiveInteger('trainTruecase', 'minCount', options.minCount ?? 2);
  const maxForms = expectPositiveInteger('trainTruecase', 'maxForms', options.maxForms ?? 50_000);
  const counts = new Map<string, Map<string, number>>();
  const turns = new Turns('trainTruecase');
  for await (const parts of iterateLineParts(source)) {
    for (const part of parts) {
      for (const { word, first } of splitWords(getPartText(part))) if (!first) countWord(counts, word);
      if (turns.over) await turns.next();
    }
  }
  return [...counts.values()]
    .map((forms) => ({ total: sum(forms.values()), form: findCommonest(forms) }))
    .filter(({ total }) => total >= minCount)
    .sort((a, b) => b.total - a.total || (a.form < b.form ? -1 : 1))
    .slice(0, maxForms)
    .map(({ form }) => form);
}

/** Writes the first word of each sentence as it is written within sentences, where that is known. */
export function createTruecaser(forms: readonly string[]): (text: string) => string {
  const known = new Map(forms.map((form) => [form.toLowerCase(), form]));
  return (text) => {
    let result = '';
    let from = 0;
    for (const { word, index, first } of splitWords(text)) {
      const form = first ? known.get(word.toLowerCase()) : undefined;
      if (form === undefined) continue;
      result += text.slice(from, index) + form;
      from = index + word.length;
    }
    return result + text.slice(from);
  };
}

function* splitWords(text: string): Generator<{ word: string; index: number; first: boolean }> {
  let offset = 0;
  for (const line of text.split('\n')) {
    const starts = [0, ...Array.from(findSentenceGaps(line), ({ end }) => end)];
    let next = 0;
    for (const match of line.matchAll(WORD)) {
      let first = false;
      for (; next < starts.length && starts[next]! <= match.index; next++) {
        first = OPENING.test(line.slice(starts[next], match.index));
      }
      yield { word: match[0], index: offset + match.index, first };
    }
    offset += line.length + 1;
  }
}

function countWord(counts: Map<string, Map<string, number>>, word: string): void {
  const key = word.toLowerCase();
  const forms = counts.get(key) ?? new Map<string, number>();
  counts.set(key, forms.set(word, (forms.get(word) ?? 0) + 1));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The commonest form; of equally common ones the last by code units, which has the most small letters. */
function findCommonest(forms: ReadonlyMap<string, number>): string {
  return [...forms].sort(([a, m], [b, n]) => n - m || (a < b ? 1 : -1))[0]![0];
}
