import { raise, show } from '../../../core/index.js';
import type { Tokenizer } from '../../../text/index.js';

/** The special tokens of sentences and their formulas, by id. */
export const logicTokens = [
  ...(['<|pad|>', '<|bos|>', '<|eos|>', '<|unk|>', '<|input|>', '<|output|>'] as const),
  ...(['<|thought|>', '<|atoms|>', '<|connectors|>', '<|formula|>'] as const),
] as const;

/** The sections that a model writes, in their order. */
export const logicSections = ['thought', 'atoms', 'connectors', 'formula'] as const;

/** A section of {@link logicSections}. */
export type LogicSection = (typeof logicSections)[number];

/** The connectives, each a token of its own. */
export const connectives = ['¬', '∧', '∨', '→', '↔'] as const;

/** What stands between the letter of an atom, or a connective, and its words. */
export const COLON = ':';

/** What stands between two atoms or two connectors; no word has it. */
export const BAR = '|';

/** All that a formula is written with, and the marks of the other sections. */
const SYMBOLS = [...connectives, '(', ')', ...'abcdefghijklmnopqrstuvwxyz0123456789', COLON, BAR];

/** A tokenizer of sentences and formulas, with the ids that have a meaning of their own. */
export class LogicVocabulary {
  readonly tokenizer: Tokenizer;
  readonly pad: number;
  readonly bos: number;
  readonly eos: number;
  readonly unk: number;
  readonly input: number;
  readonly output: number;
  /** The id that starts each section. */
  readonly sections: Readonly<Record<LogicSection, number>>;
  /** The ids of connectives, parentheses, letters, digits, `:` and `|`, each one token. */
  readonly symbols: ReadonlyMap<string, number>;
  readonly #symbolOf: ReadonlyMap<number, string>;
  readonly #sectionOf: ReadonlyMap<number, LogicSection>;

  /**
   * Reads the ids of a tokenizer.
   *
   * @param tokenizer - made by {@link trainLogicTokenizer}, or of the same tokens
   * @throws ArgumentError when it lacks a special token, or a symbol of formulas isn't one token
   */
  constructor(tokenizer: Tokenizer) {
    const find = (name: (typeof logicTokens)[number]): number =>
      tokenizer.specialTokens?.[name] ?? refuse(`the special token ${name}`, tokenizer);
    this.tokenizer = tokenizer;
    this.pad = find('<|pad|>');
    this.bos = find('<|bos|>');
    this.eos = find('<|eos|>');
    this.unk = find('<|unk|>');
    this.input = find('<|input|>');
    this.output = find('<|output|>');
    this.sections = {
      thought: find('<|thought|>'),
      atoms: find('<|atoms|>'),
      connectors: find('<|connectors|>'),
      formula: find('<|formula|>'),
    };
    this.symbols = new Map(SYMBOLS.map((symbol) => [symbol, findSymbol(tokenizer, symbol)]));
    this.#symbolOf = new Map([...this.symbols].map(([symbol, id]) => [id, symbol]));
    this.#sectionOf = new Map(logicSections.map((section) => [this.sections[section], section]));
  }

  /**
   * The symbol that an id stands for by itself.
   *
   * @param id - of any token
   * @returns a connective, a parenthesis, a letter, a digit, `:` or `|`; undefined for other tokens
   */
  readSymbol(id: number): string | undefined {
    return this.#symbolOf.get(id);
  }

  /**
   * The section that an id starts.
   *
   * @param id - of any token
   * @returns the section; undefined for other tokens
   */
  readSection(id: number): LogicSection | undefined {
    return this.#sectionOf.get(id);
  }

  /**
   * Writes a formula, a letter or a connective symbol by symbol, without spaces.
   *
   * @param text - of symbols and spaces
   * @returns an id for each symbol
   * @throws ArgumentError for a character that isn't one
   */
  encodeSymbols(text: string): number[] {
    return Array.from(text.replaceAll(' ', ''), (symbol) => this.symbols.get(symbol) ?? refuseSymbol(symbol, text));
  }

  /**
   * Writes words as they stand behind a mark: with a space before them, and / where they have |.
   *
   * @param text - any well-formed text
   * @returns its ids, none of them a special token or that of `|`
   * @throws ArgumentError for lone surrogates
   */
  encodeWords(text: string): number[] {
    return Array.from(this.tokenizer.encode(` ${text.replaceAll(BAR, '/').trim()}`));
  }
}

function findSymbol(tokenizer: Tokenizer, symbol: string): number {
  const ids = tokenizer.encode(symbol);
  return ids.length === 1 ? ids[0]! : refuse(`${symbol} as one token`, tokenizer);
}

function refuse(missing: string, { type, size }: Tokenizer): never {
  return raise('PAL_ARGUMENT', {
    where: 'LogicVocabulary',
    expected: `a tokenizer with ${missing}`,
    received: `one of type ${type} and ${size} tokens without`,
    fix: 'Make one with trainLogicTokenizer.',
  });
}

function refuseSymbol(symbol: string, text: string): never {
  return raise('PAL_ARGUMENT', {
    where: 'LogicVocabulary.encodeSymbols',
    expected: 'connectives ¬ ∧ ∨ → ↔, parentheses, letters a–z and digits',
    received: `${show(symbol)} in ${show(text)}`,
  });
}
