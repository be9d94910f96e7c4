import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  BpeTokenizer,
  ChatTemplate,
  encodeAnswers,
  encodeChat,
  loadChatTemplate,
  saveChatTemplate,
} from '../../../lib/text/index.js';
import type { ChatMessage } from '../../../lib/text/index.js';
import { chatTemplates, specialTokens, templateTokens } from '../../helpers/chat-templates.js';

type Shape = keyof typeof chatTemplates;
const shapes = Object.keys(chatTemplates) as Shape[];
const open = (shape: Shape) => new ChatTemplate(chatTemplates[shape], { tokens: templateTokens[shape] });

let tokenizer: BpeTokenizer;
let folder = '';
beforeAll(async () => {
  const text = 'user assistant system model the cat sat on a mat. yes no maybe [INST] [/INST] <<SYS>> '.repeat(8);
  tokenizer = await BpeTokenizer.train(text, { vocabSize: 320, specialTokens });
  folder = await mkdtemp(join(tmpdir(), 'palabra-template-'));
});
afterAll(() => rm(folder, { recursive: true }));

const say = (...turns: [role: string, content: string][]): ChatMessage[] =>
  turns.map(([role, content]) => ({ role, content }));
const special = (name: string): number => tokenizer.specialTokens[name]!;

describe('a chat template', () => {
  test('takes the white space of blocks with it, and one line break at its end', () => {
    expect(new ChatTemplate('{% if true %}\nA\n{% endif %}\n').render([])).toBe('A\n');
    expect(new ChatTemplate('  {% if true %}\n  A\n  {% endif %}\nB\n').render([])).toBe('  A\nB');
  });

  test('writes a conversation as its model has learned to read it', () => {
    const messages = say(['user', ' Hi '], ['assistant', 'Yes'], ['user', 'So?']);
    expect(open('chatml').render(messages, { addGenerationPrompt: true })).toBe(
      '<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\nYes<|im_end|>\n<|im_start|>user\nSo?<|im_end|>\n<|im_start|>assistant\n',
    );
    expect(open('llama2').render([...say(['system', 'Be brief']), ...messages])).toBe(
      '<s>[INST] <<SYS>>\nBe brief\n<</SYS>>\n\nHi [/INST] Yes </s><s>[INST] So? [/INST]',
    );
    expect(open('gemma').render(messages)).toBe(
      '<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nYes<end_of_turn>\n<start_of_turn>user\nSo?<end_of_turn>\n',
    );
  });

  test('says in its own words what it refuses', () => {
    const wrong = say(['user', 'a'], ['user', 'b']);
    expect(() => open('llama2').render(wrong)).toThrow(/\[PAL_ARGUMENT\].*Roles must take turns, user first/);
    expect(() => open('gemma').render(say(['system', 'a']))).toThrow(/System role not supported/);
    expect(() => open('chatml').render([{ content: 'a' } as never])).toThrow(/\[PAL_ARGUMENT\].*message 0/);
  });

  test('tells the time and its parts', () => {
    const now = () => new Date(2026, 6, 4, 15, 5, 9);
    const template = new ChatTemplate("{{ strftime_now('%d %b %Y, %A %H:%M:%S %I%p %j%%') }}", { now });
    expect(template.render([])).toBe('04 Jul 2026, Saturday 15:05:09 03PM %j%');
  });

  test('reads tools and variables', () => {
    const template = new ChatTemplate(
      '{% for t in tools or [] %}{{ t | tojson }}{% endfor %}{% if thinking is defined %}{{ thinking }}{% endif %}',
    );
    expect(template.render([], { tools: [{ name: 'f' }], variables: { thinking: 'on' } })).toBe('{"name": "f"}on');
    expect(template.render([])).toBe('');
  });

  test.each([
    [
      'loops within loops',
      `{% for a in range(9999) %}{% for b in range(99) %}${'{{ b }}'.repeat(30)}{% endfor %}{% endfor %}`,
    ],
    ['a range without end', '{% for a in range(99999999999) %}x{% endfor %}'],
    [
      'a text that doubles',
      "{% set ns = namespace(t='xxxxxxxx') %}{% for a in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
    ],
    [
      'a list that doubles',
      '{% set ns = namespace(t=[1]) %}{% for a in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}',
    ],
    ['a macro that calls itself', '{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}'],
    ['brackets within brackets', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`],
    ['a loop that never ends', '{% for a in messages %}{{ a.'],
    ['what is no template', '{% for %}'],
    ['an unknown filter', '{{ 1 | launch }}'],
    ['code', "{{ messages.constructor.constructor('return process')().exit(9) }}"],
    ['more than a template', 'x'.repeat(300_000)],
  ])('ends with an error at %s', (_, source) => {
    expect(() => new ChatTemplate(source).render(say(['user', 'a']))).toThrow(/^\[PAL_CONFIG\] ChatTemplate/);
  });

  test('lies beside the tokenizer, in a file of its own or among its settings', async () => {
    expect(await loadChatTemplate(folder)).toBeUndefined();
    const settings = {
      bos_token: { content: '<s>' },
      eos_token: '</s>',
      chat_template: '{{ bos_token }}{{ eos_token }}',
    };
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(settings));
    expect((await loadChatTemplate(folder))!.render([])).toBe('<s></s>');
    const several = [
      { name: 'tool_use', template: 'no' },
      { name: 'default', template: 'yes' },
    ];
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ chat_template: several }));
    expect((await loadChatTemplate(folder))!.render([])).toBe('yes');
    await saveChatTemplate(open('llama2'), folder);
    const read = await loadChatTemplate(folder);
    expect([read!.source, read!.tokens]).toEqual([chatTemplates.llama2, templateTokens.llama2]);
    await writeFile(join(folder, 'tokenizer_config.json'), '{');
    await expect(loadChatTemplate(folder)).rejects.toThrow(/\[PAL_CONFIG\].*tokenizer_config.json/);
  });
});

describe('a conversation in tokens', () => {
  test.each(shapes)('%s: its special tokens are the template’s, and what is typed is text', (shape) => {
    const typed = `a ${specialTokens.join('')} \ue0003\ue000 b`;
    const { ids, text } = encodeChat(tokenizer, open(shape), say(['user', typed]));
    const plain = encodeChat(tokenizer, open(shape), say(['user', 'a']));
    const count = (all: Uint32Array) => [...all].filter((id) => Object.values(tokenizer.specialTokens).includes(id));
    expect(count(ids)).toEqual(count(plain.ids));
    expect(text).toContain(typed);
    expect(tokenizer.decode(ids)).toBe(text);
  });

  test.each(shapes)('%s: the model writes its answers, up to and with the token that ends each', (shape) => {
    const messages = say(['user', 'the cat'], ['assistant', 'yes, a mat'], ['user', 'no'], ['assistant', 'maybe']);
    const { ids, answers } = encodeAnswers(tokenizer, open(shape), messages);
    const end = { chatml: '<|im_end|>', llama2: '</s>', llama3: '<|eot_id|>', mistral: '</s>', gemma: '<end_of_turn>' };
    const written = answers.map((span) => tokenizer.decode(ids.subarray(span.start, span.end)).trim());
    const space = shape === 'llama2' ? ' ' : '';
    expect(written).toEqual([`yes, a mat${space}${end[shape]}`, `maybe${space}${end[shape]}`]);
    expect(answers.map((span) => ids[span.end - 1])).toEqual([special(end[shape]), special(end[shape])]);
  });

  test('a token across the seam of prompt and answer is written by the model', async () => {
    const merged = await BpeTokenizer.train('abc abc abc bc bc bc', { vocabSize: 260 });
    const template = new ChatTemplate('{% for m in messages %}{{ m.content }}{% endfor %}');
    expect(merged.encode('abc').length).toBeLessThan(3);
    const { ids, answers } = encodeAnswers(merged, template, say(['user', 'ab'], ['assistant', 'c']));
    expect(merged.decode(ids.subarray(answers[0]!.start))).toContain('c');
    expect(answers[0]!.end).toBe(ids.length);
    expect(answers[0]!.end).toBeGreaterThan(answers[0]!.start);
  });

  test('a template that rewrites earlier turns is an error, not a wrong mask', () => {
    const source = "{% for m in messages %}{{ m.content if loop.last else '…' }}{% endfor %}";
    const messages = say(['user', 'a'], ['assistant', 'b'], ['user', 'c'], ['assistant', 'd']);
    expect(() => encodeAnswers(tokenizer, new ChatTemplate(source), messages)).toThrow(/\[PAL_DATA\].*message 1/);
  });
});
