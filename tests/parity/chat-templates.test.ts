import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random, isPalabraError } from '../../lib/core/index.js';
import { readContents } from '../../lib/models/storage/gguf/contents.js';
import { openGguf } from '../../lib/tensor/index.js';
import { ChatTemplate, encodeChat, parseChatTemplate, parseTokenizer } from '../../lib/text/index.js';
import type { ChatMessage } from '../../lib/text/index.js';
import { chatTemplates, specialTokens, templateTokens } from '../helpers/chat-templates.js';
import { describeWithPython, python } from '../helpers/python.js';
import { findSmolLm } from '../helpers/smollm.js';

/** Conversations for each template. */
const CONVERSATIONS = 200;

const sayings = [
  ...['Hello', ' a ', '\n\nTwo lines\n', '', '   ', "They're 1234567 – isn't it?", '¿Qué tal? ¡Año nuevo!', '👩‍👩‍👧‍👦 😀'],
  ...[
    '{{ messages }} {% if x %}',
    '<b>&amp; "quoted" \\n',
    'def f(x):\n\treturn x  # \t tab',
    '色は匂へど',
    'user\nassistant',
  ],
  ...['[INST] x [/INST]', '<<SYS>>', 'Ends with a space ', 'a\r\nb', '\u00a0x\u2003', 'e\u0301 é'],
];

interface Conversation {
  messages: ChatMessage[];
  prompted: boolean;
}

/** Turns of the user and the model, at times a system's before, seldom out of turn. */
function inventConversation(random: Random): Conversation {
  const say = (role: string): ChatMessage => ({
    role,
    content: Array.from({ length: 1 + random.integer(3) }, () => sayings[random.integer(sayings.length)]!).join(' '),
  });
  const turns = Array.from({ length: 1 + random.integer(6) }, (_, i) => say(i % 2 === 0 ? 'user' : 'assistant'));
  if (random.integer(20) === 0) turns.push(say('user'), say('user'));
  return {
    messages: [...(random.integer(3) === 0 ? [say('system')] : []), ...turns],
    prompted: turns.at(-1)!.role === 'user' && random.integer(4) > 0,
  };
}

type Answer = { text: string; ids: number[] } | { refused: string };

describeWithPython('chat templates beside transformers', () => {
  let folder = '';
  let file: Record<string, unknown>;
  let own: ChatTemplate;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palabra-chat-'));
    using gguf = openGguf(findSmolLm());
    const contents = readContents(gguf).tokenizer!;
    own = parseChatTemplate(contents.config)!;
    const known = contents.tokenizer as { added_tokens: { id: number; content: string }[]; model: { vocab: object } };
    const names = specialTokens.filter((name) => !known.added_tokens.some(({ content }) => content === name));
    const size = Object.keys(known.model.vocab).length;
    const flags = { special: true, normalized: false, single_word: false, lstrip: false, rstrip: false };
    const added = names.map((content, i) => ({ id: size + i, content, ...flags }));
    file = { ...known, added_tokens: [...known.added_tokens, ...added] };
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(file));
    await writeFile(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast' }),
    );
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true }));

  test(`${CONVERSATIONS} conversations by each of six templates: the same text, ids and refusals`, () => {
    const random = new Random(7);
    const conversations = Array.from({ length: CONVERSATIONS }, () => inventConversation(random));
    const templates = [
      own,
      ...Object.entries(chatTemplates).map(
        ([name, source]) => new ChatTemplate(source, { tokens: templateTokens[name as keyof typeof chatTemplates] }),
      ),
    ];
    const request = templates.map(({ source, tokens }) => ({ source, tokens, conversations }));
    const answers = python('tests/parity/chat_templates.py', { input: { folder, templates: request } })
      .json as Answer[];
    const tokenizer = parseTokenizer(file);
    const encode = (template: ChatTemplate, { messages, prompted }: Conversation): Answer => {
      try {
        const { ids, text } = encodeChat(tokenizer, template, messages, { addGenerationPrompt: prompted });
        return { text, ids: [...ids] };
      } catch (error) {
        if (!isPalabraError(error) || error.code !== 'PAL_ARGUMENT') throw error;
        return { refused: /says: (.*)\.$/u.exec(error.message)![1]! };
      }
    };
    const refused = answers.filter((answer) => 'refused' in answer).length;
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(answers.length / 2);
    for (const [i, template] of templates.entries()) {
      for (const [j, conversation] of conversations.entries()) {
        expect(encode(template, conversation)).toEqual(answers[i * CONVERSATIONS + j]);
      }
    }
  }, 300_000);
});
