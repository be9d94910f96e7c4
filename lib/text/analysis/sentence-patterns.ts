import { FUNCTION_WORDS, guessLanguage } from './function-words.js';
import type { Language } from './function-words.js';
import { PhraseCounter } from './phrase-counter.js';
import type { CountedPhrase } from './phrase-counter.js';
import { isWord } from './tokens.js';

const OPENING_WORDS = 3;
const LONGEST_SKELETON = 16;
const TOKENS_TO_TELL = 5000;
const MAX_ENTRIES = 200_000;

/** Openings and skeletons of sentences. */
export interface SentencePatterns {
  /** Whose function words the skeletons show. */
  language: Language;
  /** The first three words, in small letters. */
  openings: CountedPhrase[];
  /** Function words and marks, with `_` for the words between. */
  skeletons: CountedPhrase[];
}

/** Counts openings and skeletons of sentences; the language is told from the first ones where it is not given. */
export class SentencePatternCounter {
  readonly #openings = new PhraseCounter(MAX_ENTRIES);
  readonly #skeletons = new PhraseCounter(MAX_ENTRIES);
  #language: Language | undefined;
  #waiting: string[][] = [];
  #waitingTokens = 0;

  constructor(language: Language | undefined) {
    this.#language = language;
  }

  add(sentence: readonly string[]): void {
    const tokens = sentence.map((token) => token.toLowerCase());
    const opening = tokens.filter(isWord).slice(0, OPENING_WORDS);
    if (opening.length === OPENING_WORDS) this.#openings.add(opening.join(' '));
    if (this.#language !== undefined) {
      this.#addSkeleton(tokens, this.#language);
      return;
    }
    this.#waiting.push(tokens);
    this.#waitingTokens += tokens.length;
    if (this.#waitingTokens >= TOKENS_TO_TELL) this.#decide();
  }

  /** The commonest patterns. */
  result(top: number): SentencePatterns {
    const language = this.#decide();
    return { language, openings: this.#openings.commonest(top), skeletons: this.#skeletons.commonest(top) };
  }

  #decide(): Language {
    const language = (this.#language ??= guessLanguage(this.#waiting.flat()));
    for (const tokens of this.#waiting) this.#addSkeleton(tokens, language);
    this.#waiting = [];
    return language;
  }

  #addSkeleton(tokens: readonly string[], language: Language): void {
    const parts: string[] = [];
    for (const token of tokens) {
      const part = isWord(token) && !FUNCTION_WORDS[language].has(token) ? '_' : token;
      if (part !== '_' || parts.at(-1) !== '_') parts.push(part);
      if (parts.length > LONGEST_SKELETON) return;
    }
    if (parts.some((part) => FUNCTION_WORDS[language].has(part))) this.#skeletons.add(parts.join(' '));
  }
}
