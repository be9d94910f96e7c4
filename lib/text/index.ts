/** Text to token ids and back, without libtorch. */
export { ByteTokenizer } from './byte-tokenizer.js';
export { CharTokenizer } from './char-tokenizer.js';
export type { CharTokenizerOptions } from './char-tokenizer.js';
export * from './preprocess/index.js';
export { StreamDecoder } from './stream-decoder.js';
export { loadTokenizer, saveTokenizer, tokenizerFromJSON } from './tokenizer-file.js';
export { documentsOf } from './tokenizer.js';
export type { TextSource, Tokenizer, TokenizerJSON } from './tokenizer.js';
