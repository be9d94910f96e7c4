import { checkOptions, expectOneOf, expectString } from '../../../core/index.js';
import { parseFormula, printFormula } from '../../../logic/index.js';
import type { LogicRecord } from '../../../logic/index.js';
import type { TokenSpan } from '../../../text/index.js';
import type { EncodedInstruction } from '../../instruct/encode-instruction.js';
import { encodeClasses, targetLabels } from './labels.js';
import { BAR, COLON, logicSections } from './vocabulary.js';
import type { LogicSection, LogicVocabulary } from './vocabulary.js';

/** The sections that are written, by mode. */
const SECTIONS = {
  full: logicSections,
  noThought: ['atoms', 'connectors', 'formula'],
  noConnectors: ['atoms', 'formula'],
  formulaOnly: ['formula'],
} as const satisfies Record<string, readonly LogicSection[]>;

/** What a model writes: all, all but the reasoning, atoms and formula, or the formula alone. */
export const logicModes = ['full', 'noThought', 'noConnectors', 'formulaOnly'] as const;

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
  /** What each token is as a target; see `targetLabels`. */
  readonly labels: Uint16Array;
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
  const prompt = encodeLogicPrompt(record.input, vocabulary);
  const writer = new SequenceWriter(prompt);
  const sections: Partial<Record<LogicSection, TokenSpan>> = {};
  for (const section of listLogicSections(mode)) {
    const start = writer.ids.length;
    writer.write([vocabulary.sections[section]]);
    for (const { ids, label } of writeSection[section](record, vocabulary)) writer.write(ids, label);
    sections[section] = { start, end: writer.ids.length };
  }
  writer.write([vocabulary.eos]);
  const { ids, labels } = writer;
  labels[prompt.length] = encodeClasses(parseFormula(record.formula));
  const answers = [{ start: prompt.length, end: ids.length }] as const;
  return { ids: Uint32Array.from(ids), answers, sections, labels: Uint16Array.from(labels) };
}

/** Some tokens that are the same as targets. */
interface Piece {
  ids: readonly number[];
  label?: number;
}

/** The tokens of a sequence so far, with their labels. */
class SequenceWriter {
  readonly ids: number[];
  readonly labels: number[];

  constructor(prompt: Iterable<number>) {
    this.ids = [...prompt];
    this.labels = this.ids.map(() => 0);
  }

  write(ids: readonly number[], label = 0): void {
    this.ids.push(...ids);
    this.labels.push(...ids.map(() => label));
  }
}

/** Writes a section behind its mark. */
type SectionWriter = (record: LogicExample, vocabulary: LogicVocabulary) => Piece[];

const writeSection: Record<LogicSection, SectionWriter> = {
  thought: ({ reasoning }, vocabulary) => [
    { ids: vocabulary.encodeWords(reasoning.join(' ')), label: targetLabels.text },
  ],
  atoms: ({ atoms }, vocabulary) =>
    writeEntries(
      atoms.map(({ letter, gloss }) => [letter, gloss]),
      vocabulary,
      targetLabels.text,
    ),
  connectors: ({ connectors }, vocabulary) =>
    writeEntries(
      connectors.map(({ symbol, cue }) => [symbol, cue]),
      vocabulary,
    ),
  formula: ({ formula }, vocabulary) => [
    { ids: vocabulary.encodeSymbols(printFormula(parseFormula(formula))), label: targetLabels.formula },
  ],
};

function writeEntries(
  entries: readonly (readonly [mark: string, words: string])[],
  vocabulary: LogicVocabulary,
  label = 0,
): Piece[] {
  return entries.flatMap(([mark, words], place) => [
    { ids: vocabulary.encodeSymbols(`${place > 0 ? BAR : ''}${mark}${COLON}`) },
    { ids: vocabulary.encodeWords(words), label },
  ]);
}
