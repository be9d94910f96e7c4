/** Text to token ids and back, without libtorch. */
export type { PiecePattern } from '../native/text.js';
export { BpeTokenizer } from './bpe-tokenizer.js';
export type { BpeTrainOptions } from './bpe-training.js';
export type { BpeSpelling, BpeVocabulary } from './bpe-vocabulary.js';
export * from './analysis/index.js';
export { ByteTokenizer } from './byte-tokenizer.js';
export { CharTokenizer } from './char-tokenizer.js';
export type { CharTokenizerOptions } from './char-tokenizer.js';
export * from './preprocess/index.js';
export { gpt2Tokenizer } from './gpt2-tokenizer.js';
export type { Normalizer } from './normalizer.js';
export { StreamDecoder } from './stream-decoder.js';
export { loadTokenizer, saveTokenizer, tokenizerFromJSON } from './tokenizer-file.js';
export { documentsOf } from './tokenizer.js';
export type { TextSource, Tokenizer, TokenizerJSON } from './tokenizer.js';
export { WordTokenizer } from './word-tokenizer.js';
export type { WordTrainOptions } from './word-tokenizer.js';
export type { WordSplit, WordVocabulary } from './word-vocabulary.js';
