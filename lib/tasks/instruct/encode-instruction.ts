import { raise } from '../../core/index.js';
import { ChatTemplate, addSpecialTokens, encodeAnswers, findEndTokens } from '../../text/index.js';
import type { TokenSpan, Tokenizer } from '../../text/index.js';
import type { Instruction } from './instruction.js';

/** An example in tokens. */
export interface EncodedInstruction {
  readonly ids: Uint32Array;
  /** The tokens that the model writes, in rising order. */
  readonly answers: readonly TokenSpan[];
  /** What each token is as a target, for losses that tell targets apart (default: nothing is said). */
  readonly labels?: Uint16Array | undefined;
  /** Tokens at which a further document begins, which sees nothing of those before (default: none). */
  readonly breaks?: readonly number[] | undefined;
}

/** The way of models without a template of their own. */
const PLAIN_TEMPLATE = `{%- for message in messages %}
{%- if message.role == 'assistant' %}
{{- '### Response:\\n' + message.content + eos_token + '\\n\\n' }}
{%- elif message.role == 'user' %}
{{- '### Instruction:\\n' + message.content + '\\n\\n' }}
{%- else %}
{{- message.content + '\\n\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '### Response:\\n' }}
{%- endif %}`;

/**
 * The template for models that have none: headings for instruction and response, and the token that ends a text behind
 * each response.
 *
 * @param tokenizer - of the model
 * @returns the template; it belongs to the model from then on and is stored with it
 * @throws ArgumentError when the tokenizer has no token that ends a text
 */
export function createPlainTemplate(tokenizer: Tokenizer): ChatTemplate {
  const { id } = requireEndToken(tokenizer);
  const [name] = Object.entries(tokenizer.specialTokens ?? {}).find(([, other]) => other === id)!;
  return new ChatTemplate(PLAIN_TEMPLATE, { tokens: { eos_token: name } });
}

/**
 * Writes an example as tokens, with those that the model writes: answers with the token that ends each. Where a template
 * ends the last answer without one, the token that ends a text follows.
 *
 * @param instruction - the example
 * @param tokenizer - of the model
 * @param template - of the model
 * @returns ids and the spans of answers, at least one token of them
 * @throws DataError when the template rewrites earlier turns, and with its own words for what it refuses
 * @throws ArgumentError when the tokenizer has no token that ends a text and needs one
 */
export function encodeInstruction(
  instruction: Instruction,
  tokenizer: Tokenizer,
  template: ChatTemplate,
): EncodedInstruction {
  if (instruction.type === 'text') return encodeText(instruction, tokenizer);
  const { ids, answers } = encodeAnswers(tokenizer, template, instruction.messages);
  const last = answers.at(-1)!;
  const special = new Set(Object.values(tokenizer.specialTokens ?? {}));
  if (last.end < ids.length || special.has(ids[last.end - 1]!)) return { ids, answers };
  const ended = Uint32Array.from([...ids, requireEndToken(tokenizer).id]);
  return { ids: ended, answers: [...answers.slice(0, -1), { start: last.start, end: ended.length }] };
}

/** A text between the tokens that stand around one; a token across the seam of prompt and completion is the model's. */
function encodeText(
  { prompt, completion }: Extract<Instruction, { type: 'text' }>,
  tokenizer: Tokenizer,
): EncodedInstruction {
  const whole = Array.from(addSpecialTokens(tokenizer, tokenizer.encode(prompt + completion)));
  const { id, added } = requireEndToken(tokenizer);
  const ids = Uint32Array.from(added ? whole : [...whole, id]);
  const given = [...(tokenizer.template?.before ?? []), ...tokenizer.encode(prompt)];
  const differing = given.findIndex((token, i) => token !== ids[i]);
  return { ids, answers: [{ start: differing < 0 ? given.length : differing, end: ids.length }] };
}

/** The token that ends a text, and whether the tokenizer puts it there by itself. */
function requireEndToken(tokenizer: Tokenizer): { id: number; added: boolean } {
  const own = tokenizer.template?.after.at(-1);
  if (own !== undefined) return { id: own, added: true };
  const [id] = findEndTokens(tokenizer);
  if (id !== undefined) return { id, added: false };
  return raise('PAL_ARGUMENT', {
    where: 'encodeInstruction',
    expected: 'a tokenizer with a token that ends a text, such as <END>',
    received: `one of type ${tokenizer.type} without`,
    fix: 'Without it a model never learns to stop: train the tokenizer with specialTokens: ["<END>"].',
  });
}
