import { raise } from '../../core/index.js';
import { byteCharacters } from '../tokenizers/bpe/byte-alphabet.js';
import { CharTokenizer } from '../tokenizers/char-tokenizer.js';
import { findPadToken, findStartToken, findUnknownToken } from '../tokenizers/special-tokens.js';
import type { Tokenizer, TokenizerJSON } from '../tokenizers/tokenizer.js';
import { isHuggingFaceForm } from './read.js';
import { writeAddedTokens } from './write-parts.js';

/** The files that `AutoTokenizer` reads. */
export interface HuggingFaceTokenizer {
  /** The content of `tokenizer.json`. */
  file: TokenizerJSON;
  /** The content of `tokenizer_config.json`. */
  config: Record<string, unknown>;
  /** The fields of `config.json` and `generation_config.json` for the tokens at the ends; null for none. */
  tokenIds: { bos_token_id: number | null; eos_token_id: number | number[] | null; pad_token_id: number | null };
}

/**
 * A tokenizer in the files of Hugging Face, where it gives the same ids: bytes and characters are written as byte-pair
 * encoding without merges.
 *
 * @param tokenizer - of any kind that palabra has
 * @param options - about the model
 * @param options.endTokens - the ids that end a text
 * @param options.contextLength - the most tokens of the model; undefined without a limit
 * @returns the contents of the files
 * @throws PalabraError of code PAL_UNSUPPORTED for a tokenizer whose stored form isn't theirs
 */
export function exportTokenizer(
  tokenizer: Tokenizer,
  options: { endTokens: readonly number[]; contextLength: number | undefined },
): HuggingFaceTokenizer {
  const { endTokens, contextLength } = options;
  const file = createFile(tokenizer);
  const [start, pad, unknown] = [findStartToken, findPadToken, findUnknownToken].map((find) => find(tokenizer));
  const nameOf = createNames(tokenizer, file);
  const named = { bos_token: start, eos_token: endTokens[0], pad_token: pad, unk_token: unknown };
  const tokens = Object.entries(named).flatMap(([key, id]) => (id === undefined ? [] : [[key, nameOf(id)]]));
  return {
    file,
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      ...(contextLength !== undefined && { model_max_length: contextLength }),
      ...(Object.fromEntries(tokens) as Record<string, string>),
    },
    tokenIds: {
      bos_token_id: start ?? null,
      eos_token_id: endTokens.length > 1 ? [...endTokens] : (endTokens[0] ?? null),
      pad_token_id: pad ?? null,
    },
  };
}

function createFile(tokenizer: Tokenizer): TokenizerJSON {
  if (tokenizer instanceof CharTokenizer) return writeCharacters(tokenizer);
  if (tokenizer.type === 'byte') return writeBytes();
  const stored = tokenizer.toJSON();
  if (isHuggingFaceForm(stored)) return stored;
  return raise('PAL_UNSUPPORTED', {
    where: 'saveHuggingFace',
    expected: 'a tokenizer of bytes, characters, words or byte-pair encoding',
    received: `one of type ${tokenizer.type}`,
  });
}

/** The name of a token, as the file has it. */
function createNames(tokenizer: Tokenizer, file: TokenizerJSON): (id: number) => string {
  const special = new Map(Object.entries(tokenizer.specialTokens ?? {}).map(([name, id]) => [id, name]));
  const { vocab } = file.model as { vocab: Record<string, number> };
  return (id) => special.get(id) ?? Object.keys(vocab).find((token) => vocab[token] === id) ?? '';
}

/** Characters, each a token, and a token for all others where there is one. */
function writeCharacters({ characters, unknownId }: CharTokenizer): TokenizerJSON {
  const unknown = characters.includes('\uFFFD') ? '<unk>' : '\uFFFD';
  const tokens = unknownId === undefined ? characters : [unknown, ...characters];
  return {
    ...createBpe(tokens, unknownId === undefined ? null : unknown),
    added_tokens: writeAddedTokens(unknownId === undefined ? {} : { [unknown]: unknownId }),
    pre_tokenizer: null,
    decoder: { type: 'Fuse' },
  };
}

/** The 256 bytes, each written as one character. */
function writeBytes(): TokenizerJSON {
  return {
    ...createBpe(byteCharacters, null),
    added_tokens: [],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  };
}

function createBpe(tokens: readonly string[], unknown: string | null) {
  return {
    ...{ version: '1.0', truncation: null, padding: null, normalizer: null, post_processor: null },
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: unknown, continuing_subword_prefix: null, end_of_word_suffix: null },
      ...{ fuse_unk: false, byte_fallback: false, ignore_merges: false },
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [],
    },
  };
}
