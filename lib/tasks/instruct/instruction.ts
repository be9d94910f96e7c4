import { formatSuggestion, show } from '../../core/index.js';
import type { ChatMessage } from '../../text/index.js';

/** An example to learn from: a conversation, or a text of which the model writes the end. */
export type Instruction =
  | { readonly type: 'chat'; readonly messages: readonly ChatMessage[] }
  | { readonly type: 'text'; readonly prompt: string; readonly completion: string };

type Fields = Readonly<Record<string, unknown>>;
/** An example, or what is wrong with its record. */
export type ParsedInstruction = { instruction: Instruction } | { problem: string };

/** The forms of a record, by the fields that must be there. */
const FORMS: readonly { fields: readonly string[]; parse: (record: Fields) => ParsedInstruction }[] = [
  { fields: ['messages'], parse: ({ messages }) => parseMessages(messages) },
  { fields: ['instruction', 'output'], parse: parseInstructed },
  { fields: ['prompt', 'completion'], parse: parseCompletion },
  { fields: ['text'], parse: parseText },
];

/**
 * Reads an example from a record: `{messages}`, `{instruction, input?, output}`, `{prompt, completion}` or `{text}`.
 * More fields may stand beside them.
 *
 * @param value - of JSON
 * @returns the example, or what is wrong with the record in a few words
 */
export function parseInstruction(value: unknown): ParsedInstruction {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: `${show(value)} in place of an object` };
  }
  const record = value as Fields;
  const forms = FORMS.filter(({ fields }) => fields.every((name) => Object.hasOwn(record, name)));
  if (forms.length === 1) return forms[0]!.parse(record);
  if (forms.length > 1) {
    return { problem: `fields of several forms: ${forms.map(({ fields }) => fields.join(' and ')).join('; ')}` };
  }
  const names = FORMS.flatMap(({ fields }) => fields);
  const near =
    Object.keys(record)
      .map((name) => formatSuggestion(name, names))
      .find((hint) => hint !== '') ?? '';
  return {
    problem: `none of the forms {${FORMS.map(({ fields }) => fields.join(', ')).join('}, {')}}. ${near}`.trim(),
  };
}

function parseMessages(messages: unknown): ParsedInstruction {
  if (!Array.isArray(messages) || messages.length === 0)
    return { problem: `messages: ${show(messages)} in place of turns` };
  for (const [i, message] of (messages as unknown[]).entries()) {
    const { role, content } = (message ?? {}) as Fields;
    if (typeof role !== 'string') return { problem: `messages[${i}]: ${show(message)} has no role` };
    if (typeof content !== 'string' && content !== null) {
      return { problem: `messages[${i}].content: ${show(content)} in place of a text` };
    }
  }
  const turns = messages as ChatMessage[];
  const answered = turns.some(({ role, content }) => role === 'assistant' && content !== null && content !== '');
  return answered
    ? { instruction: { type: 'chat', messages: turns } }
    : { problem: 'no answer of the role "assistant"' };
}

function parseInstructed({ instruction, input = '', output }: Fields): ParsedInstruction {
  const problem = findNoText({ instruction, input, output }, ['output']);
  if (problem !== undefined) return { problem };
  const question = input === '' ? String(instruction) : `${String(instruction)}\n\n${String(input)}`;
  const messages = [
    { role: 'user', content: question },
    { role: 'assistant', content: output },
  ];
  return { instruction: { type: 'chat', messages } };
}

function parseCompletion({ prompt, completion }: Fields): ParsedInstruction {
  const problem = findNoText({ prompt, completion }, ['completion']);
  if (problem !== undefined) return { problem };
  return { instruction: { type: 'text', prompt: String(prompt), completion: String(completion) } };
}

function parseText({ text }: Fields): ParsedInstruction {
  const problem = findNoText({ text }, ['text']);
  return problem === undefined ? { instruction: { type: 'text', prompt: '', completion: String(text) } } : { problem };
}

/** What is wrong with fields that are to be text, some of them not empty. */
function findNoText(fields: Fields, filled: readonly string[]): string | undefined {
  const wrong = Object.entries(fields).find(([, value]) => typeof value !== 'string');
  if (wrong !== undefined) return `${wrong[0]}: ${show(wrong[1])} in place of a text`;
  const empty = filled.find((name) => (fields[name] as string).trim() === '');
  return empty === undefined ? undefined : `${empty}: an empty text`;
}

/**
 * The text of an example by which copies are found: its turns in lower case, white space made one.
 * @param instruction - an example
 * @returns a text that copies have in common
 */
export function normalizeInstruction(instruction: Instruction): string {
  const texts =
    instruction.type === 'chat'
      ? instruction.messages.map(({ role, content }) => `${role}\t${typeof content === 'string' ? content : ''}`)
      : [instruction.prompt, instruction.completion];
  return texts.map((text) => text.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim()).join('\n');
}
