import { formatSuggestion, raise, show } from '../../../core/index.js';
import type { GgufMetadata } from '../../../tensor/index.js';
import { preTokenizers } from './pre-tokenizers.js';
import type { PreTokenizerKind } from './pre-tokenizers.js';

/** Kinds of tokens in a file. */
const [UNKNOWN, CONTROL, USER_DEFINED] = [2, 3, 4];

/** The tokens of a file that have a part of their own. */
const ROLES = { bos: 'bos', eos: 'eos', unk: 'unknown', pad: 'padding' } as const;
type Role = keyof typeof ROLES;

/** The tokenizer of a file as a Hugging Face folder holds it. */
export interface TokenizerFiles {
  /** The content of `tokenizer.json`. */
  tokenizer: Record<string, unknown>;
  /** The content of `tokenizer_config.json`. */
  config: Record<string, unknown>;
}

const toKey = (name: string): string => `tokenizer.ggml.${name}`;

/**
 * The tokenizer that a file holds.
 * @param metadata - the values of a file
 * @returns the contents of the folder's files; undefined where the file has no tokenizer
 * @throws CheckpointError naming a key that is missing, contradicts another or has a kind that is not known
 */
export function createTokenizerFiles(metadata: GgufMetadata): TokenizerFiles | undefined {
  const model = metadata.text(toKey('model'));
  if (model === undefined) return undefined;
  if (model !== 'gpt2') refuse(metadata, 'model', 'gpt2, byte-pair encoding of bytes', show(model));
  const tokens = metadata.required(toKey('tokens'), metadata.texts(toKey('tokens')));
  const vocabulary = createVocabulary(metadata, tokens);
  const kind = findKind(metadata);
  const tokenizer = {
    ...{ version: '1.0', truncation: null, padding: null },
    added_tokens: createAddedTokens(metadata, tokens),
    normalizer: null,
    pre_tokenizer: kind.preTokenizer,
    post_processor: createPostProcessor(metadata, tokens, kind),
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null },
      ...{ fuse_unk: false, byte_fallback: false, ignore_merges: kind.ignoreMerges },
      vocab: Object.fromEntries(vocabulary),
      merges: createMerges(metadata, vocabulary),
    },
  };
  return { tokenizer, config: createConfig(metadata, tokens) };
}

/** Ids by token. */
function createVocabulary(metadata: GgufMetadata, tokens: readonly string[]): Map<string, number> {
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    const other = ids.get(token);
    if (other !== undefined) refuse(metadata, 'tokens', 'every token once', `${show(token)} at ${other} and ${id}`);
    ids.set(token, id);
  }
  return ids;
}

function createMerges(metadata: GgufMetadata, ids: ReadonlyMap<string, number>): [string, string][] {
  const merges = metadata.required(toKey('merges'), metadata.texts(toKey('merges')));
  return merges.map((merge, i) => {
    const at = merge.indexOf(' ', 1);
    const [left, right] = [merge.slice(0, at), merge.slice(at + 1)];
    const fits = at > 0 && ids.has(left) && ids.has(right) && ids.has(left + right);
    return fits ? [left, right] : refuse(metadata, 'merges', 'two tokens that make a third', `${show(merge)} at ${i}`);
  });
}

function findKind(metadata: GgufMetadata): PreTokenizerKind {
  const pre = metadata.text(toKey('pre'));
  if (pre !== undefined && Object.hasOwn(preTokenizers, pre)) return preTokenizers[pre]!;
  const known = Object.keys(preTokenizers);
  const fix = pre === undefined ? 'The file was written before there were such kinds.' : formatSuggestion(pre, known);
  return refuse(metadata, 'pre', `one of ${known.join(', ')}`, pre === undefined ? 'none' : show(pre), fix);
}

/** Tokens that are found in text before all else; control tokens are special, what no text is encoded as. */
function createAddedTokens(metadata: GgufMetadata, tokens: readonly string[]): object[] {
  const kinds = metadata.numbers(toKey('token_type')) ?? [];
  if (kinds.length !== 0 && kinds.length !== tokens.length)
    refuse(metadata, 'token_type', `${tokens.length} kinds, one a token`, String(kinds.length));
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return tokens.flatMap((content, id) => {
    const kind = kinds[id];
    if (kind !== UNKNOWN && kind !== CONTROL && kind !== USER_DEFINED) return [];
    if (content === '') refuse(metadata, 'tokens', 'a name for each token of a kind of its own', `none at ${id}`);
    return [{ id, content, ...flags, special: kind !== USER_DEFINED }];
  });
}

/**
 * The id of a token that has a part of its own.
 * @param metadata - the values of a file
 * @param name - the key between `tokenizer.ggml.` and `_token_id`
 * @param count - of the tokens
 * @returns the id, or undefined where the file has none
 * @throws CheckpointError for an id that no token has
 */
export function readTokenId(metadata: GgufMetadata, name: string, count: number): number | undefined {
  const id = metadata.number(toKey(`${name}_token_id`));
  if (id === undefined || (Number.isInteger(id) && id >= 0 && id < count)) return id;
  return refuse(metadata, `${name}_token_id`, `an id below ${count}`, String(id));
}

/** Puts the tokens of start and end around a text, where the file says so. */
function createPostProcessor(metadata: GgufMetadata, tokens: readonly string[], kind: PreTokenizerKind): object | null {
  const start = metadata.boolean(toKey('add_bos_token')) ?? kind.addsStart;
  const end = metadata.boolean(toKey('add_eos_token')) ?? false;
  const around = [...(start ? ['bos'] : []), 'text', ...(end ? ['eos'] : [])];
  if (around.length === 1) return null;
  const ids = new Map(
    around.filter((part) => part !== 'text').map((part) => [part, readTokenId(metadata, part, tokens.length)]),
  );
  for (const [part, id] of ids)
    if (id === undefined) refuse(metadata, `${part}_token_id`, 'an id, as it is added', 'none');
  const name = (part: string) => tokens[ids.get(part)!]!;
  const write = (sequence: string, type: number) =>
    around.map((part) =>
      part === 'text'
        ? { Sequence: { id: sequence, type_id: type } }
        : { SpecialToken: { id: name(part), type_id: type } },
    );
  const special = [...ids.keys()].map((part) => [
    name(part),
    { id: name(part), ids: [ids.get(part)], tokens: [name(part)] },
  ]);
  return {
    type: 'TemplateProcessing',
    single: write('A', 0),
    pair: [...write('A', 0), ...write('B', 1)],
    special_tokens: Object.fromEntries(special) as object,
  };
}

function createConfig(metadata: GgufMetadata, tokens: readonly string[]): Record<string, unknown> {
  const roles = (Object.keys(ROLES) as Role[]).flatMap((role) => {
    const id = readTokenId(metadata, ROLES[role], tokens.length);
    return id === undefined ? [] : [[`${role}_token`, tokens[id]!]];
  });
  const context = metadata.number(`${metadata.text('general.architecture') ?? ''}.context_length`);
  const templates = readChatTemplates(metadata);
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    ...(Object.fromEntries(roles) as object),
    ...(context !== undefined && { model_max_length: context }),
    ...(templates !== undefined && { chat_template: templates }),
  };
}

/** The template, or several by name. */
function readChatTemplates(metadata: GgufMetadata): string | object[] | undefined {
  const main = metadata.text('tokenizer.chat_template');
  const names = metadata.texts('tokenizer.chat_templates') ?? [];
  if (names.length === 0) return main;
  const named = names.map((name) => {
    const at = `tokenizer.chat_template.${name}`;
    return { name, template: metadata.required(at, metadata.text(at)) };
  });
  return [...(main === undefined ? [] : [{ name: 'default', template: main }]), ...named];
}

function refuse({ path }: GgufMetadata, name: string, expected: string, received: string, fix = ''): never {
  const details = { path, key: toKey(name) };
  raise('PAL_CHECKPOINT', { where: path, expected: `${toKey(name)}: ${expected}`, received, fix, details });
}
