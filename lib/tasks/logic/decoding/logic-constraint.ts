import { checkNested, checkOptions, expectOneOf, expectPositiveInteger, raise } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import type { ConstraintMatcher, LogitConstraint } from '../../../generation/index.js';
import { listLogicSections, logicModes } from '../sequence/encode-record.js';
import type { LogicMode } from '../sequence/encode-record.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';
import { outputLimitKeys, outputLimits } from './output-state.js';
import type { OutputLimits, OutputState } from './output-state.js';
import { startOutput } from './section-states.js';
import { GlossWords, glossWordsKinds } from './gloss-words.js';
import type { GlossWordsKind } from './gloss-words.js';
import { TokenTable } from './token-table.js';

/** Settings of {@link LogicConstraint}. */
export interface LogicConstraintOptions {
  /** The sections that are written (default `noThought`). */
  mode?: LogicMode | undefined;
  /** Tokens in which the output has to be complete (default 256). */
  maxTokens?: number | undefined;
  /**
   * The words of clauses: those of the sentence, other forms of its verbs and the most common ones (default), or any.
   */
  glossWords?: 'sentence' | 'any' | undefined;
  /** The most atoms, connectors, open parentheses and connectives (default 16, 32, 16 and 64). */
  limits?: Partial<OutputLimits> | undefined;
}

/** The keys of {@link LogicConstraintOptions}. */
export const logicConstraintKeys: OptionChecks<LogicConstraintOptions> = {
  mode: true,
  maxTokens: true,
  glossWords: true,
  limits: checkNested(outputLimitKeys),
};

/**
 * Lets a model write nothing but whole outputs: the sections of a mode in their order, atoms with the letters in theirs,
 * and a formula of the declared atoms, complete before the tokens run out. Where just enough of them are left, all that
 * leads away from the end is refused.
 */
export class LogicConstraint implements LogitConstraint {
  private readonly table: TokenTable;
  private readonly begin: OutputState;
  private readonly maxTokens: number;
  private readonly glossWords: GlossWordsKind;

  /**
   * Prepares the tokens of a vocabulary.
   * @param vocabulary - of the model
   * @param options - mode, tokens and bounds
   * @throws ArgumentError for fewer tokens than a whole output has, and for an unknown mode
   */
  constructor(vocabulary: LogicVocabulary, options: LogicConstraintOptions = {}) {
    const {
      mode = 'noThought',
      maxTokens = 256,
      glossWords = 'sentence',
      limits,
    } = checkOptions('LogicConstraint', options, logicConstraintKeys);
    expectOneOf('LogicConstraint', 'mode', mode, logicModes);
    expectPositiveInteger('LogicConstraint', 'maxTokens', maxTokens);
    this.glossWords = expectOneOf('LogicConstraint', 'glossWords', glossWords, glossWordsKinds);
    this.table = new TokenTable(vocabulary);
    this.begin = startOutput({ sections: listLogicSections(mode), limits: { ...outputLimits, ...limits } });
    this.maxTokens = maxTokens;
    if (maxTokens < this.begin.need) refuseRoom(this.begin.need, maxTokens);
  }

  /**
   * Starts an output.
   * @param prompt - ids of the sentence with its marks; without it clauses are made of any words
   * @returns a matcher of its own
   */
  start(prompt?: readonly number[]): LogicMatcher {
    const { table, begin, maxTokens } = this;
    if (prompt === undefined || this.glossWords === 'any') return new LogicMatcher(table, begin, maxTokens);
    const { tokenizer, input, output } = table.vocabulary;
    const sentence = tokenizer.decode(prompt.slice(prompt.indexOf(input) + 1, prompt.indexOf(output)));
    return new LogicMatcher(table, begin, maxTokens, new GlossWords(sentence, table.bytes));
  }
}

/** One output under a {@link LogicConstraint}. */
export class LogicMatcher implements ConstraintMatcher {
  /** True once the tokens that were left refused what the model could else have written. */
  forced = false;

  constructor(
    private readonly table: TokenTable,
    private state: OutputState,
    private room: number,
    private readonly words?: GlossWords,
    private word = words?.root,
  ) {}

  /** A matcher of its own that has taken the same tokens. */
  fork(): LogicMatcher {
    const copy = new LogicMatcher(this.table, this.state, this.room, this.words, this.word);
    copy.forced = this.forced;
    return copy;
  }

  allow(allowed: Uint8Array): void {
    if (this.state.need === 0) {
      allowed[this.table.vocabulary.eos] = 1;
      return;
    }
    const { mask, bounded } = this.table.select(this.state, this.room);
    const guided = this.words !== undefined && this.state.words?.ofClause === true;
    allowed.set(guided ? this.words.restrict(this.word!, mask) : mask);
    this.forced ||= bounded;
  }

  accept(id: number): void {
    if (this.state.need === 0) return;
    const inClause = this.state.words?.ofClause === true;
    this.state = this.table.step(this.state, id) ?? refuseToken(id);
    const word = inClause ? this.words?.step(this.word!, this.table.bytes[id]) : undefined;
    this.word = word ?? this.words?.root;
    this.room--;
  }
}

function refuseRoom(need: number, maxTokens: number): never {
  raise('PAL_ARGUMENT', {
    where: 'LogicConstraint',
    expected: `maxTokens of at least ${need}, as many as a whole output has`,
    received: String(maxTokens),
  });
}

function refuseToken(id: number): never {
  raise('PAL_ARGUMENT', {
    where: 'LogicMatcher.accept',
    expected: 'a token that was allowed',
    received: `the token ${id}`,
  });
}
