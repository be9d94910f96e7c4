/** How text is cut before byte-pair encoding, by the `pre` kinds of files. */

/** The settings that follow from a kind. */
export interface PreTokenizerKind {
  /** The value of `pre_tokenizer` in a `tokenizer.json`. */
  preTokenizer: object;
  /** A piece that is in the vocabulary is one token, whatever the merges say. */
  ignoreMerges: boolean;
  /** A text starts with the token for that, where the file says nothing of it. */
  addsStart: boolean;
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

/** LLaMA 3's expression, with how many digits make a piece. */
function createExpression(digits: string): string {
  return `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
}

function createByteLevel(useRegex: boolean): object {
  return { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: useRegex };
}

function createSequence(...pretokenizers: object[]): object {
  return { type: 'Sequence', pretokenizers };
}

function createSplit(expression: string): object {
  const split = { type: 'Split', pattern: { Regex: expression }, behavior: 'Isolated', invert: false };
  return createSequence(split, createByteLevel(false));
}

const plain = { ignoreMerges: false, addsStart: false };
const gpt2: PreTokenizerKind = { ...plain, preTokenizer: createByteLevel(true) };
/** Each digit alone, then GPT-2's expression. */
const digits: PreTokenizerKind = {
  ...plain,
  preTokenizer: createSequence({ type: 'Digits', individual_digits: true }, createByteLevel(true)),
};
const llama3: PreTokenizerKind = {
  preTokenizer: createSplit(createExpression('\\p{N}{1,3}')),
  ...{ ignoreMerges: true, addsStart: true },
};
const threeDigits: PreTokenizerKind = { ...llama3, ...plain };
const qwen2: PreTokenizerKind = { ...plain, preTokenizer: createSplit(createExpression('\\p{N}')) };

function assignKind(kind: PreTokenizerKind, ...names: string[]): Record<string, PreTokenizerKind> {
  return Object.fromEntries(names.map((name) => [name, kind]));
}

/** Every kind that is known. Others cut text differently, and a wrong cut makes a model worse without a word. */
export const preTokenizers: Readonly<Record<string, PreTokenizerKind>> = {
  ...assignKind(gpt2, 'gpt-2', 'gpt2', 'phi-2', 'mpt', 'olmo', 'jais', 'trillion', 'granite-docling'),
  ...assignKind(digits, 'smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'minerva-7b'),
  ...assignKind(llama3, 'llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'midm-2.0', 'lfm2'),
  ...assignKind(threeDigits, 'dbrx', 'smaug-bpe', 'chatglm-bpe', 'glm4'),
  ...assignKind(qwen2, 'qwen2', 'stablelm2', 'hunyuan', 'deepseek-r1-qwen', 'megrez'),
};
