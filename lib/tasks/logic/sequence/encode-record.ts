import { checkOptions, expectOneOf, expectString } from '../../../core/index.js';
import { parseFormula, printFormula } from '../../../logic/index.js';
import type { LogicRecord } from '../../../logic/index.js';
import type { TokenSpan } from '../../../text/index.js';
import type { EncodedInstruction } from '../../instruct/encode-instruction.js';
import { BAR, COLON, logicSections } from './vocabulary.js';
import type { LogicSection, LogicVocabulary } from './vocabulary.js';

/** The sections that are written, by mode. */
const SECTIONS = {
  full: logicSections,
  noThought: ['atoms', 'connectors', 'formula'],
  formulaOnly: ['formula'],
} as const satisfies Record<string, readonly LogicSection[]>;

/** What a model writes: all, all but the reasoning, or the formula alone. */
export const logicModes = ['full', 'noThought', 'formulaOnly'] as const;

/** A mode of {@link logicModes}. */
export type LogicMode = (typeof logicModes)[number];

/** Options of {@link encodeLogicRecord}. */
export interface EncodeLogicOptions {
  /** The sections that are written. Default: noThought. */
  mode?: LogicMode | undefined;
}

/** What a sequence is made of. */
export type LogicExample = Pick<LogicRecord, 'input' | 'formula' | 'atoms' | 'connectors' | 'reasoning'>;

/** A sentence and what is to be written of it, in tokens. */
export interface EncodedLogicRecord extends EncodedInstruction {
  /** The tokens that the model writes: all behind the prompt, with the one that ends it. */
  readonly answers: readonly [TokenSpan];
  /** The tokens of each section, with the one that starts it. */
  readonly sections: Partial<Readonly<Record<LogicSection, TokenSpan>>>;
}

/**
 * The sections of a mode.
 *
 * @param mode - one of {@link logicModes}
 * @returns the sections in their order
 */
export function listLogicSections(mode: LogicMode): readonly LogicSection[] {
  return SECTIONS[expectOneOf('listLogicSections', 'mode', mode, logicModes)];
}

/**
 * Writes a sentence as the prompt of a model: `<|bos|><|input|> SENTENCE <|output|>`.
 *
 * @param input - the sentence; whatever it says, its text never becomes a special token
 * @param vocabulary - of the model
 * @returns the ids
 * @throws ArgumentError for lone surrogates
 */
export function encodeLogicPrompt(input: string, vocabulary: LogicVocabulary): Uint32Array {
  expectString('encodeLogicPrompt', 'input', input);
  const { bos, tokenizer, output } = vocabulary;
  return Uint32Array.from([bos, vocabulary.input, ...tokenizer.encode(` ${input.trim()}`), output]);
}

/**
 * Writes a record as a sequence to learn from: its prompt, the sections of the mode and `<|eos|>`. Atoms are written
 * `p: GLOSS|q: GLOSS`, connectors `∧: CUE|¬: CUE`, and the formula symbol by symbol without spaces.
 *
 * @param record - the sentence, its formula and what led there
 * @param vocabulary - of the model
 * @param options - the mode
 * @returns ids and the spans of what the model writes
 * @throws ArgumentError for a formula that is none, and for an unknown mode
 */
export function encodeLogicRecord(
  record: LogicExample,
  vocabulary: LogicVocabulary,
  options: EncodeLogicOptions = {},
): EncodedLogicRecord {
  const { mode = 'noThought' } = checkOptions('encodeLogicRecord', options, { mode: true });
  const ids = Array.from(encodeLogicPrompt(record.input, vocabulary));
  const answer = ids.length;
  const sections: Partial<Record<LogicSection, TokenSpan>> = {};
  for (const section of listLogicSections(mode)) {
    const start = ids.length;
    ids.push(vocabulary.sections[section], ...encodeSection[section](record, vocabulary));
    sections[section] = { start, end: ids.length };
  }
  ids.push(vocabulary.eos);
  return { ids: Uint32Array.from(ids), answers: [{ start: answer, end: ids.length }], sections };
}

const encodeSection: Record<LogicSection, (record: LogicExample, vocabulary: LogicVocabulary) => number[]> = {
  thought: ({ reasoning }, vocabulary) => vocabulary.encodeWords(reasoning.join(' ')),
  atoms: ({ atoms }, vocabulary) =>
    encodeEntries(
      atoms.map(({ letter, gloss }) => [letter, gloss]),
      vocabulary,
    ),
  connectors: ({ connectors }, vocabulary) =>
    encodeEntries(
      connectors.map(({ symbol, cue }) => [symbol, cue]),
      vocabulary,
    ),
  formula: ({ formula }, vocabulary) => vocabulary.encodeSymbols(printFormula(parseFormula(formula))),
};

function encodeEntries(entries: readonly (readonly [mark: string, words: string])[], vocabulary: LogicVocabulary) {
  return entries.flatMap(([mark, words], place) => [
    ...vocabulary.encodeSymbols(`${place > 0 ? BAR : ''}${mark}${COLON}`),
    ...vocabulary.encodeWords(words),
  ]);
}
