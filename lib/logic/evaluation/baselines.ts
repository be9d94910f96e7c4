import { normalizeInput } from '../data/clean/normalize-input.js';
import type { LogicRecord } from '../data/records/record.js';
import { NearestSentence } from './nearest-sentence.js';
import type { LogicPrediction } from './prediction.js';

/** A way to guess a formula without understanding. */
export type BaselineName = 'always_implies' | 'most_frequent' | 'nearest_sentence';

/** Guesses the formula of a sentence. */
type Guess = (input: string) => string;

/**
 * Guesses the formulas of sentences: always p → q; the most frequent formula of training sentences with the same words of a
 * connective, of all that stand in the sentence the longest; and that of the nearest training sentence.
 *
 * @param records - sentences; their formulas are not looked at
 * @param train - sentences to learn from; without any only p → q is guessed
 * @returns predictions by the name of the baseline, one a record
 */
export function predictBaselines(
  records: readonly LogicRecord[],
  train: readonly LogicRecord[],
): Partial<Record<BaselineName, LogicPrediction[]>> {
  const predict = (guess: Guess): LogicPrediction[] =>
    records.map(({ id, input }) => ({ id, input, formula: guess(input) }));
  const always = predict(() => 'p → q');
  if (train.length === 0) return { always_implies: always };
  const frequent = learnFrequent(train);
  const nearest = new NearestSentence(train.map(({ input }) => input));
  const copy: Guess = (input) => {
    const place = nearest.find(input);
    return place === undefined ? frequent(input) : train[place]!.formula;
  };
  return { always_implies: always, most_frequent: predict(frequent), nearest_sentence: predict(copy) };
}

function learnFrequent(train: readonly LogicRecord[]): Guess {
  const all = new Map<string, number>();
  const byCue = new Map<string, Map<string, number>>();
  for (const { formula, connectors } of train) {
    addCount(all, formula);
    for (const cue of new Set(connectors.map(({ cue }) => readCue(cue)))) {
      if (!byCue.has(cue)) byCue.set(cue, new Map());
      addCount(byCue.get(cue)!, formula);
    }
  }
  const cues = [...byCue.keys()].sort((a, b) => b.length - a.length);
  const otherwise = findMostFrequent(all);
  const answers = new Map(cues.map((cue) => [cue, findMostFrequent(byCue.get(cue)!)]));
  return (input) => {
    const text = ` ${normalizeInput(input)} `;
    const cue = cues.find((words) => hasParts(text, words.split('…')));
    return cue === undefined ? otherwise : answers.get(cue)!;
  };
}

/** The words of a connective for comparison, each part between spaces. */
function readCue(cue: string): string {
  return cue
    .split('…')
    .map((part) => ` ${normalizeInput(part)} `)
    .join('…');
}

/** True where parts stand in a text in their order; a space may belong to two of them. */
function hasParts(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const place = text.indexOf(part, from);
    if (place === -1) return false;
    from = place + part.length - 1;
  }
  return true;
}

function addCount(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Of equally frequent ones the first that was seen. */
function findMostFrequent(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
