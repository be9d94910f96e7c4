import { raise } from '../../../core/index.js';
import { isSentence, joinAtoms, parseFormula } from '../../../logic/index.js';
import type { Formula, RecordAtom } from '../../../logic/index.js';
import { formalize } from '../formalize/formalize.js';
import type { FormalizeOptions } from '../formalize/formalize-options.js';
import type { FormalizedSentence } from '../formalize/read-output.js';

/** Premises and a conclusion as people write them. */
export interface WrittenArgument {
  /** Sentences or formulas; at least one. */
  premises: readonly string[];
  conclusion: string;
}

/** An argument in formulas that share their letters. */
export interface FormalizedArgument {
  premises: Formula[];
  conclusion: Formula;
  /** The clauses of letters that sentences name, in the order of their first mention. */
  atoms: RecordAtom[];
  /** The words of each premise that say its outermost connective; undefined of formulas, and where there are none. */
  cues: (string | undefined)[];
}

/** What is read of a sentence; of a formula nothing but itself. */
interface ReadPart {
  formula: Formula;
  sentence?: FormalizedSentence;
}

const SYMBOLS = { not: '¬', and: '∧', or: '∨', implies: '→', iff: '↔', atom: '' } as const;

/**
 * Writes an argument of sentences in formulas for `verifyArgument`: each sentence is formalised alone, then clauses with the
 * same words become one letter. Letters of formulas that stand among sentences mean the letters of these, p the first clause
 * that is mentioned.
 *
 * @param argument - sentences, formulas, or some of each; see `isSentence`
 * @param options - of `formalize`; sentences are always constrained
 * @returns formulas, the clauses of their letters and the words that name fallacies
 * @throws ArgumentError as `formalize`, and for a formula that cannot be parsed
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example
 * const found = await formalizeArgument({ premises: ['Si llueve, me mojo.', 'Me mojo.'], conclusion: 'Llueve.' }, options);
 * verifyArgument(found.premises, found.conclusion, { cues: found.cues }).fallacy; // affirmingTheConsequent
 */
export async function formalizeArgument(
  { premises, conclusion }: WrittenArgument,
  options: Omit<FormalizeOptions, 'constrained' | 'onToken'>,
): Promise<FormalizedArgument> {
  const texts = [...premises, conclusion];
  const sentences = await formalize(texts.filter(isSentence), { ...options, constrained: true });
  const parts = texts.map((text): ReadPart => {
    if (!isSentence(text)) return { formula: parseFormula(text) };
    const sentence = sentences.shift()!;
    return { formula: sentence.ast ?? refuseUnread(text), sentence };
  });
  return joinParts(parts);
}

/**
 * Brings the formulas of several sentences into letters that they share.
 *
 * @param parts - formulas, with the sentence of each that has one; the last is the conclusion
 * @returns the argument
 */
export function joinParts(parts: readonly ReadPart[]): FormalizedArgument {
  const read = parts.filter(({ sentence }) => sentence !== undefined);
  const { formulas: joined, atoms } = joinAtoms(
    read.map(({ formula, sentence }) => ({ formula, atoms: sentence!.atoms })),
  );
  const formulas = parts.map((part) => (part.sentence === undefined ? part.formula : joined[read.indexOf(part)]!));
  const cues = parts.slice(0, -1).map(findCue);
  return { premises: formulas.slice(0, -1), conclusion: formulas.at(-1)!, atoms, cues };
}

function findCue({ formula, sentence }: ReadPart): string | undefined {
  return sentence?.connectors.find(({ symbol }) => symbol === SYMBOLS[formula.kind])?.cue;
}

function refuseUnread(text: string): never {
  return raise('PAL_DATA', {
    where: 'formalizeArgument',
    expected: 'a formula of each sentence',
    received: `none of ${JSON.stringify(text)}`,
    fix: 'Shorten the sentence, or give more maxNewTokens.',
  });
}
