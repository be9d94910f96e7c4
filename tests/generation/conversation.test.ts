import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Conversation, converse, generateTexts } from '../../lib/generation/index.js';
import type { ConverseOptions } from '../../lib/generation/index.js';
import { BpeTokenizer, ChatTemplate, encodeChat } from '../../lib/text/index.js';
import { chatTemplates, specialTokens, templateTokens } from '../helpers/chat-templates.js';
import { CountingModel } from '../helpers/counting-model.js';

const template = new ChatTemplate(chatTemplates.chatml, { tokens: templateTokens.chatml });
let tokenizer: BpeTokenizer;
let model: CountingModel;
let folder = '';
beforeAll(async () => {
  tokenizer = await BpeTokenizer.train('user assistant system', { vocabSize: 268, specialTokens });
  model = new CountingModel(tokenizer.size);
  folder = await mkdtemp(join(tmpdir(), 'palabra-conversation-'));
});
afterAll(() => rm(folder, { recursive: true }));

const decode = (ids: Uint32Array): string => tokenizer.decode(ids);

describe('a conversation', () => {
  test('is a prompt that ends where the model begins', () => {
    const conversation = new Conversation({ tokenizer, template, system: 'Be kind' });
    conversation.ask('a');
    conversation.answer('b');
    conversation.ask('c <|im_end|>');
    expect(decode(conversation.encode(10))).toBe(
      '<|im_start|>system\nBe kind<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n' +
        '<|im_start|>user\nc <|im_end|><|im_end|>\n<|im_start|>assistant\n',
    );
    expect([...conversation.encode(10)].filter((id) => id === tokenizer.specialTokens['<|im_end|>'])).toHaveLength(4);
    conversation.reset();
    expect(conversation.messages).toEqual([{ role: 'system', content: 'Be kind' }]);
  });

  test('is cut by whole turns, the oldest first; system and question stay', () => {
    const conversation = new Conversation({ tokenizer, template, system: 'S', contextLength: 120 });
    for (const name of ['one', 'two', 'three', 'four']) {
      conversation.ask(`${name}?`);
      conversation.answer(`${name}!`);
    }
    conversation.ask('five?');
    const text = decode(conversation.encode(40));
    expect(text).toMatch(/^<\|im_start\|>system\nS<\|im_end\|>\n<\|im_start\|>user\n/);
    expect(text).toContain('five?');
    expect(text).not.toContain('one');
    expect(text.includes('two?')).toBe(text.includes('two!'));
    expect(conversation.encode(40).length).toBeLessThanOrEqual(80);
    expect(decode(conversation.encode(1)).length).toBeGreaterThan(text.length);
    expect(conversation.messages).toHaveLength(10);
  });

  test('a question that is too long by itself is refused, whatever came before', () => {
    const conversation = new Conversation({ tokenizer, template, contextLength: 40 });
    conversation.ask('a');
    conversation.answer('b');
    conversation.ask('z'.repeat(60));
    expect(() => conversation.encode(10)).toThrow(/\[PAL_ARGUMENT\] Conversation.encode.*context of 40 tokens/);
    expect(conversation.takeBack()?.content).toBe('z'.repeat(60));
    expect(conversation.encode(10).length).toBeLessThan(40);
  });
});

describe('converse', () => {
  async function talk(typed: string[], options: Partial<ConverseOptions> = {}) {
    let shown = '';
    const write = (text: string) => void (shown += text);
    const settings = { maxTokens: 3, temperature: 0 };
    const answers = await converse({
      model,
      tokenizer,
      template,
      lines: Readable.from(typed),
      write,
      settings,
      ...options,
    });
    return { answers, shown: shown.slice(shown.indexOf('/exit')).split('\n').slice(1) };
  }

  test('answers what generation writes behind the rendered turns', async () => {
    const { answers, shown } = await talk(['Hello', '', '/exit', 'lost']);
    const { ids } = encodeChat(tokenizer, template, [{ role: 'user', content: 'Hello' }], {
      addGenerationPrompt: true,
    });
    const [text] = await generateTexts(model, tokenizer, [ids], { maxTokens: 3, temperature: 0 });
    expect(answers).toBe(1);
    expect(shown[0]).toBe(text!.text);
  });

  test('an answer ends with the token that ends a turn', async () => {
    const end = tokenizer.specialTokens['<|im_end|>']!;
    const { ids } = encodeChat(tokenizer, template, [{ role: 'user', content: 'x' }], { addGenerationPrompt: true });
    const next = (ids.at(-1)! + 1) % tokenizer.size;
    const settings = { maxTokens: 400, temperature: 0, suppressTokens: [] };
    const [free] = await generateTexts(model, tokenizer, [ids], { ...settings, endTokens: [end] });
    const { shown } = await talk(['x'], { settings });
    expect(free!.finish).toBe('end');
    expect(next).not.toBe(end);
    expect(shown.join('\n').trimEnd()).toBe(free!.text.trimEnd());
  });

  test('commands change the conversation, and it is written as JSON', async () => {
    const path = join(folder, 'talk.json');
    const typed = [
      'first',
      '/system Be brief',
      '/reset',
      '//slash',
      `/save ${path}`,
      `/save ${path}`,
      '/launch',
      '/config',
    ];
    const { shown, answers } = await talk(typed);
    const { messages } = JSON.parse(await readFile(path, 'utf8')) as { messages: { role: string; content: string }[] };
    expect(answers).toBe(2);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
    expect([messages[0]!.content, messages[1]!.content]).toEqual(['Be brief', '/slash']);
    const text = shown.join('\n');
    expect(text).toMatch(/\[PAL_FILE\].*EEXIST/);
    expect(text).toMatch(/\[PAL_ARGUMENT\].*\/launch/);
    expect(text).toContain('{"temperature":0,"maxTokens":3}');
  });

  test('a stopped answer leaves no question without one', async () => {
    const path = join(folder, 'stopped.json');
    const { shown } = await talk(['never', `/save ${path}`], { signal: () => AbortSignal.abort() });
    expect(shown.join('\n')).toContain('[stopped]');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ messages: [] });
  });
});
