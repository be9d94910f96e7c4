import { checkOptions, raise } from '../../../core/index.js';
import { fallacyLabels } from '../../../logic/index.js';
import type { FallacyLabel, FallacyRecord } from '../../../logic/index.js';
import type { Tokenizer } from '../../../text/index.js';
import { trainLogicTokenizer } from '../sequence/train-tokenizer.js';
import type { LogicTokenizerOptions } from '../sequence/train-tokenizer.js';
import { LogicVocabulary } from '../sequence/vocabulary.js';

/** The special token of each label. */
const LABEL_TOKENS = fallacyLabels.map((label) => `<|${label}|>` as const);

/** A tokenizer of texts and their fallacies, with the ids that have a meaning of their own. */
export class DetectiveVocabulary {
  readonly logic: LogicVocabulary;
  /** The id that names each label. */
  readonly labels: Readonly<Record<FallacyLabel, number>>;
  /** The ids of the digits 1 to 3. */
  readonly severities: readonly number[];

  /**
   * Reads the ids of a tokenizer.
   *
   * @param tokenizer - made by {@link trainDetectiveTokenizer}
   * @throws ArgumentError when it lacks a token
   */
  constructor(readonly tokenizer: Tokenizer) {
    this.logic = new LogicVocabulary(tokenizer);
    const entries = fallacyLabels.map((label, place) => {
      const id = tokenizer.specialTokens?.[LABEL_TOKENS[place]!];
      return [label, id ?? refuseToken(LABEL_TOKENS[place]!)] as const;
    });
    this.labels = Object.fromEntries(entries) as Record<FallacyLabel, number>;
    this.severities = ['1', '2', '3'].map((digit) => this.logic.symbols.get(digit)!);
  }
}

/**
 * Learns the tokens of texts, as {@link trainLogicTokenizer} does, with a special token for each label.
 *
 * @param records - of the training split alone
 * @param options - the size
 * @returns the tokenizer
 */
export async function trainDetectiveTokenizer(
  records: readonly Pick<FallacyRecord, 'text'>[],
  options: Omit<LogicTokenizerOptions, 'extraTokens'> = {},
): Promise<Tokenizer> {
  const settings = checkOptions('trainDetectiveTokenizer', options, {
    vocabSize: true,
    minFrequency: true,
    signal: true,
  });
  const texts = records.map(({ text }) => ({ input: text, formula: '', atoms: [], connectors: [], reasoning: [] }));
  return await trainLogicTokenizer(texts, { ...settings, extraTokens: LABEL_TOKENS });
}

function refuseToken(name: string): never {
  return raise('PAL_ARGUMENT', {
    where: 'DetectiveVocabulary',
    expected: `a tokenizer with the special token ${name}`,
    received: 'one without',
    fix: 'Train the model with trainDetective.',
  });
}
