import type { Tokenizer } from '../../text/index.js';

/** Names of the tokens that end a text. */
const ENDS = ['<END>', '<|endoftext|>', '<|im_end|>', '</s>', '<eos>', '[EOS]'];
/** Names of the tokens that are no text. */
const NO_TEXT = ['<UNK>', '<PAD>', '<START>', '<unk>', '<pad>', '<s>', '<bos>', '[UNK]', '[PAD]', '[BOS]'];

/** Names of the tokens that texts start with, the likeliest first; GPT-2 puts one between texts. */
const STARTS = ['<START>', '<s>', '<bos>', '[BOS]', '<|endoftext|>'];

/**
 * The id that a text starts with: that of `<START>` or its like, where the tokenizer has one.
 * @param tokenizer - only its `specialTokens` are read
 * @returns the id of the first known name; undefined where there is none
 */
export function findStartToken({ specialTokens = {} }: Tokenizer): number | undefined {
  const name = STARTS.find((start) => Object.hasOwn(specialTokens, start));
  return name === undefined ? undefined : specialTokens[name];
}

/**
 * The ids that end a text: those of `<END>` and its like, where the tokenizer has them.
 * @param tokenizer - only its `specialTokens` are read
 * @returns the ids, in the order of the tokenizer; none where it has no such token
 */
export function findEndTokens(tokenizer: Tokenizer): number[] {
  return findByName(tokenizer, ENDS);
}

/**
 * The ids that are no text: those of `<UNK>`, `<PAD>`, `<START>` and their like, where the tokenizer has them.
 * @param tokenizer - only its `specialTokens` are read
 * @returns the ids, in the order of the tokenizer; none where it has no such token
 */
export function findSuppressedTokens(tokenizer: Tokenizer): number[] {
  return findByName(tokenizer, NO_TEXT);
}

function findByName({ specialTokens = {} }: Tokenizer, names: readonly string[]): number[] {
  return Object.entries(specialTokens).flatMap(([name, id]) => (names.includes(name) ? [id] : []));
}
