import type { createNativeError } from '../core/errors/index.js';

/** The pre-tokenizer: byte-pair encoding merges only within the pretokens that it cuts text into. */
export type PretokenPattern = 'none' | 'metaspace' | 'gpt-2' | 'gpt-2-digits' | 'llama-3' | 'qwen-2';

/** A vocabulary for byte-pair encoding. Ids are below 2^24; 2^32 − 1 stands for none. */
export interface BpeSettings {
  pattern: PretokenPattern;
  /** Left, right and merged id of each merge, in the order of their ranks. */
  merges: Uint32Array;
  /** The id of each of the 256 bytes; empty where only characters have ids. */
  bytes: Uint32Array;
  /** Code point and id of each character; left out where the symbols are bytes. */
  characters?: Uint32Array | undefined;
  /** The same for the last character of a pretoken; left out where it is like the others. */
  endings?: Uint32Array | undefined;
  /** The id of an unknown character; left out where that is an error. */
  unknown?: number | undefined;
  /** Makes neighbouring unknown characters one token. */
  fuseUnknown: boolean;
  /** UTF-8 of pretokens that are one token whatever the merges say, one after another. */
  words?: Uint8Array | undefined;
  /** Byte length and id of each of them. */
  wordParts: Uint32Array;
}

/** Settings of {@link TextAddon.trainBpe}. */
export interface BpeTrainingSettings {
  vocabSize: number;
  minFrequency: number;
  specialTokens: readonly string[];
  /** Symbols are characters instead of bytes. */
  characters: boolean;
  /** All 256 bytes are symbols, not only those that occur. */
  allBytes: boolean;
  /** Suffix of the written form of a token that ends a pretoken; empty for none. */
  ending: string;
}

/** A trained vocabulary: special tokens, symbols, merged tokens. */
export interface BpeTrained {
  /** UTF-8 of all tokens, one after another. */
  texts: Uint8Array;
  /** Byte length of each token, and 1 where it ends a pretoken, else 0. */
  parts: Uint32Array;
  /** Left, right and merged id of each merge. */
  merges: Uint32Array;
}

/** The ids of some documents, one after another, and how many each has. */
export interface EncodedTexts {
  ids: Uint32Array;
  counts: Uint32Array;
}

/** A vocabulary that encodes; freed when it is forgotten. */
export interface NativeBpe {
  readonly native: 'bpe';
}

/** Documents on their way to a job; freed when they are forgotten. */
export interface NativeTexts {
  readonly native: 'texts';
}

/** Counts of pretokens; freed when it is forgotten. */
export interface NativeWordCounts {
  readonly native: 'word counts';
}

/** Called when a job has ended. */
export type JobDone<Result> = (error: Error | undefined, result: Result) => void;

/** The text part of `palabra.node`, which needs no libtorch. Jobs run on a thread of their own, one after another. */
export interface TextAddon {
  initialize(makeError: typeof createNativeError): void;
  bpe(settings: BpeSettings): NativeBpe;
  /** The ids of a text, on this thread. */
  encode(bpe: NativeBpe, text: string): Uint32Array;
  texts(): NativeTexts;
  /** Adds to the last document, and ends it when told to; returns the bytes held. */
  appendText(texts: NativeTexts, text: string, ends: boolean): number;
  /** Encodes documents, which are empty from then on; returns the job's number. */
  encodeTexts(bpe: NativeBpe, texts: NativeTexts, done: JobDone<EncodedTexts>): number;
  wordCounts(pattern: PretokenPattern): NativeWordCounts;
  /** Counts the pretokens of documents, which are empty from then on; returns the job's number. */
  countTexts(counts: NativeWordCounts, texts: NativeTexts, done: JobDone<undefined>): number;
  trainBpe(counts: NativeWordCounts, settings: BpeTrainingSettings, done: JobDone<BpeTrained>): number;
  /** Lets a job end early, with PAL_ABORTED. */
  abort(job: number): void;
  /** Ends the thread; later jobs are refused. */
  stop(): void;
}
