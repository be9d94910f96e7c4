import { joinArgument, scorePrediction, parseFormula, verifyArgument } from '../../../logic/index.js';
import type { ArgumentSentence, ArgumentVerdict, GeneratedArgument } from '../../../logic/index.js';
import { joinParts } from '../arguments/formalize-argument.js';
import type { DetectedFallacy } from '../detective/detect.js';
import type { FormalizedSentence } from '../formalize/read-output.js';

/**
 * What became of an argument: `passed` where the model was right about it, so that there is nothing to learn; `confirmed`
 * where it was wrong and the judges stand by the argument; `rejected` where they do not.
 */
export interface Judgement {
  outcome: 'passed' | 'confirmed' | 'rejected';
  /** What the model said: a verdict on what it formalised, or a label. */
  found: string;
  /** Why it was rejected. */
  reason?: string;
  /** What a formaliser is to learn: the sentences that it misread. */
  sentences?: ArgumentSentence[];
}

/** Judges of what is new: true where something nearly the same was drawn before. */
export type IsKnown = (text: string) => boolean;

/**
 * Judges a formal fallacy and what a formaliser made of it. It is confirmed as hard where the formaliser's formulas are valid,
 * those of the argument are a fallacy by the verifier, and a sentence was misread.
 *
 * @param argument - with its formulas
 * @param written - what the formaliser wrote of premises and conclusion
 * @param isKnown - of its text
 * @returns the judgement, with the sentences to learn from
 */
export function judgeFallacy(
  argument: GeneratedArgument,
  written: readonly FormalizedSentence[],
  isKnown: IsKnown,
): Judgement {
  const found = verifyWritten(written);
  if (found !== 'valid') return { outcome: 'passed', found };
  const sentences = [...argument.premises, argument.conclusion].filter((one, place) => isMisread(one, written[place]!));
  const { status } = verifyGold(argument);
  if (status !== 'formalFallacy') return reject(found, `the verifier calls it ${status}`);
  if (isKnown(argument.text)) return reject(found, 'known');
  return sentences.length === 0
    ? reject(found, 'every sentence was read right')
    : { outcome: 'confirmed', found, sentences };
}

/**
 * Judges a valid argument and what a detective found in it. It is confirmed as a false alarm where the detective names a
 * fallacy and the verifier calls it valid, without begging the question and without premises that contradict each other.
 *
 * @param argument - with its formulas
 * @param found - by the detective
 * @param isKnown - of its text
 * @returns the judgement
 */
export function judgeAlarm(argument: GeneratedArgument, { label }: DetectedFallacy, isKnown: IsKnown): Judgement {
  if (label === 'none') return { outcome: 'passed', found: label };
  const { status, flags } = verifyGold(argument);
  if (status !== 'valid') return reject(label, `the verifier calls it ${status}`);
  if (flags.petitio) return reject(label, 'it begs the question');
  if (flags.inconsistentPremises !== false) return reject(label, 'its premises contradict each other');
  return isKnown(argument.text) ? reject(label, 'known') : { outcome: 'confirmed', found: label };
}

function reject(found: string, reason: string): Judgement {
  return { outcome: 'rejected', found, reason };
}

function verifyGold(argument: GeneratedArgument): ArgumentVerdict {
  const { premises, conclusion } = joinArgument(argument);
  return verifyArgument(premises, conclusion);
}

/** The verdict on the formulas of a model; `none` where a sentence got none. */
function verifyWritten(written: readonly FormalizedSentence[]): ArgumentVerdict['status'] | 'none' {
  const parts = written.flatMap((sentence) =>
    sentence.ast === undefined ? [] : [{ formula: sentence.ast, sentence }],
  );
  if (parts.length < written.length) return 'none';
  const { premises, conclusion } = joinParts(parts);
  return verifyArgument(premises, conclusion).status;
}

function isMisread({ formula, atoms }: ArgumentSentence, { ast, atoms: written }: FormalizedSentence): boolean {
  const reference = { formula: parseFormula(formula), atoms };
  return scorePrediction({ formula: ast!, atoms: written }, reference).semantic < 1;
}
