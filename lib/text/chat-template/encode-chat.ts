import { checkOptions, raise } from '../../core/index.js';
import { createTokenFinder } from '../tokenizers/added-tokens.js';
import type { Tokenizer } from '../tokenizers/tokenizer.js';
import { renderKeys } from './chat-template.js';
import type { ChatTemplate } from './chat-template.js';
import { SpecialText } from './special-text.js';
import type { ChatMessage, RenderOptions } from './message.js';

/** A conversation in tokens. */
export interface EncodedChat {
  ids: Uint32Array;
  /** What the ids say; special tokens that somebody typed are in it as they were typed. */
  text: string;
}

/** Tokens from `start` up to `end`. */
export interface TokenSpan {
  start: number;
  end: number;
}

/**
 * Writes a conversation as tokens. Special tokens are those that the template writes; what messages hold never becomes
 * one, whatever it says.
 *
 * @param tokenizer - of the model
 * @param template - of the model
 * @param messages - oldest first
 * @param options - as of `ChatTemplate.render`
 * @returns the ids, as `apply_chat_template` of transformers gives them, and their text
 * @throws ArgumentError and ConfigError as `ChatTemplate.render`
 */
export function encodeChat(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  messages: readonly ChatMessage[],
  options: RenderOptions = {},
): EncodedChat {
  checkOptions('encodeChat', options, renderKeys);
  const special = tokenizer.specialTokens ?? {};
  const typed = new SpecialText(Object.keys(special), [messages, options]);
  const rendered = template.render(typed.hide(messages), {
    ...options,
    ...(options.tools && { tools: typed.hide(options.tools) }),
  });
  const find = createTokenFinder(special) ?? ((text: string) => [text]);
  const parts = find(rendered).map((part) =>
    typeof part === 'number' ? [part] : Array.from(tokenizer.encode(typed.restore(part))),
  );
  return { ids: Uint32Array.from(parts.flat()), text: typed.restore(rendered) };
}

/** The role of the model. */
const MODEL = 'assistant';

/**
 * Finds the tokens of a conversation that the model writes: each of its turns from its first token up to and with the
 * token that ends it.
 *
 * @param tokenizer - of the model
 * @param template - of the model
 * @param messages - the whole conversation
 * @param options - as of {@link encodeChat}; a generation prompt is no part of a whole conversation
 * @returns the conversation, and a span for each turn of the role `assistant`, in their order
 * @throws DataError when the template rewrites earlier turns, so that what the model wrote can't be found
 * @throws ArgumentError and ConfigError as `ChatTemplate.render`
 */
export function encodeAnswers(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  messages: readonly ChatMessage[],
  options: Omit<RenderOptions, 'addGenerationPrompt'> = {},
): EncodedChat & { answers: TokenSpan[] } {
  checkOptions('encodeAnswers', options, { tools: true, variables: true });
  const encode = (count: number, addGenerationPrompt: boolean): EncodedChat =>
    encodeChat(tokenizer, template, messages.slice(0, count), { ...options, addGenerationPrompt });
  const whole = encode(messages.length, false);
  const special = new Set(Object.values(tokenizer.specialTokens ?? {}));
  const answers = messages.flatMap(({ role }, turn) => {
    if (role !== MODEL) return [];
    const start = findSeam(whole, encode(turn, true), turn);
    const end = findSeam(whole, encode(turn + 1, false), turn);
    return [{ start, end: cutBehindEnd(whole.ids, { start, end }, special) }];
  });
  return { ...whole, answers };
}

/**
 * Finds the special token that ends a turn of the model.
 *
 * @param tokenizer - of the model
 * @param template - of the model
 * @returns its id; undefined where the template ends turns in another way
 * @throws ConfigError as `ChatTemplate.render`
 */
export function findTurnEnd(tokenizer: Tokenizer, template: ChatTemplate): number | undefined {
  const messages = [
    { role: 'user', content: 'a' },
    { role: MODEL, content: 'b' },
  ];
  const { ids, answers } = encodeAnswers(tokenizer, template, messages);
  const last = ids[answers[0]!.end - 1];
  return Object.values(tokenizer.specialTokens ?? {}).find((id) => id === last);
}

/** The number of tokens that a conversation's beginning has in the whole; a token across the seam is not in it. */
function findSeam(whole: EncodedChat, beginning: EncodedChat, turn: number): number {
  if (!whole.text.startsWith(beginning.text)) throwRewritten(turn);
  const differing = beginning.ids.findIndex((id, i) => id !== whole.ids[i]);
  return differing < 0 ? beginning.ids.length : differing;
}

/** The end of an answer: behind its last special token, where the template writes more, such as a line break. */
function cutBehindEnd(ids: Uint32Array, { start, end }: TokenSpan, special: ReadonlySet<number>): number {
  for (let at = end; at > start; at--) if (special.has(ids[at - 1]!)) return at;
  return end;
}

function throwRewritten(turn: number): never {
  raise('PAL_DATA', {
    where: 'encodeAnswers',
    expected: 'a template that writes the turns before an answer as it writes them alone',
    received: `other text before or in message ${turn}`,
    fix: 'Train on conversations that end with the answer, one for each.',
    details: { turn },
  });
}
