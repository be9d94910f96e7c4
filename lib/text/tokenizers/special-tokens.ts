import type { Tokenizer } from './tokenizer.js';

/** Names of the tokens that end a text. */
const ENDS = [
  '<END>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|eot_id|>',
  '<|im_end|>',
  '</s>',
  '<eos>',
  '[EOS]',
  '<|eos|>',
];
/** Names of the tokens that are no text. */
const NO_TEXT = [
  ...['<UNK>', '<PAD>', '<START>', '<unk>', '<pad>', '<s>', '<bos>', '<|begin_of_text|>', '[UNK]', '[PAD]', '[BOS]'],
  ...['<|unk|>', '<|pad|>', '<|bos|>'],
];
/** Names of the tokens that fill rows up. */
const PADS = ['<PAD>', '<pad>', '[PAD]', '<|pad|>'];
/** Names of the tokens of what no other stands for. */
const UNKNOWNS = ['<UNK>', '<unk>', '[UNK]', '<|unk|>'];

/** Names of the tokens that texts start with, the likeliest first; GPT-2 puts one between texts. */
const STARTS = ['<START>', '<s>', '<bos>', '<|begin_of_text|>', '[BOS]', '<|bos|>', '<|endoftext|>'];

/**
 * Puts the special tokens around the ids of a text that stands by itself, as the tokenizer's template says.
 * @param tokenizer - only its `template` is read
 * @param ids - of the text
 * @returns the ids with those before and behind them; the same ids without a template
 */
export function addSpecialTokens(tokenizer: Pick<Tokenizer, 'template'>, ids: ArrayLike<number>): ArrayLike<number> {
  const { template } = tokenizer;
  if (template === undefined) return ids;
  return Uint32Array.from([...template.before, ...Array.from(ids), ...template.after]);
}

/**
 * The id that a text starts with: that of `<START>` or its like, where the tokenizer has one.
 * @param tokenizer - only its `specialTokens` and `template` are read
 * @returns the first id of the template, or that of the first known name; undefined where there is none
 */
export function findStartToken(tokenizer: Tokenizer): number | undefined {
  const { specialTokens = {}, template } = tokenizer;
  return template?.before[0] ?? findFirst(specialTokens, STARTS);
}

/**
 * The id that fills rows up, where the tokenizer has one.
 * @param tokenizer - only its `specialTokens` are read
 * @returns the id of the first known name; undefined where there is none
 */
export function findPadToken(tokenizer: Tokenizer): number | undefined {
  return findFirst(tokenizer.specialTokens, PADS);
}

/**
 * The id of what no other token stands for, where the tokenizer has one.
 * @param tokenizer - only its `specialTokens` are read
 * @returns the id of the first known name; undefined where there is none
 */
export function findUnknownToken(tokenizer: Pick<Tokenizer, 'specialTokens'>): number | undefined {
  return findFirst(tokenizer.specialTokens, UNKNOWNS);
}

function findFirst(special: Tokenizer['specialTokens'] = {}, names: readonly string[]): number | undefined {
  const name = names.find((known) => Object.hasOwn(special, known));
  return name === undefined ? undefined : special[name];
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
