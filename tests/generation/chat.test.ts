import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../lib/core/index.js';
import {
  chat,
  comparedPresets,
  demonstrate,
  generateTexts,
  generationPresets,
  resolvePreset,
} from '../../lib/generation/index.js';
import type { ChatOptions, DemoSection } from '../../lib/generation/index.js';
import { Gpt, generationConfigSchema } from '../../lib/models/index.js';
import { manualSeed, memory } from '../../lib/tensor/index.js';
import { ByteTokenizer, CharTokenizer, WordTokenizer } from '../../lib/text/index.js';
import { CountingModel } from '../helpers/counting-model.js';

const letters = new CharTokenizer([...'abcdefgh']);

/** What a session shows, line by line, after its greeting. */
async function session(typed: string[], options: Partial<ChatOptions> = {}) {
  let shown = '';
  const lines = Readable.from(typed);
  const settings = { maxTokens: 3, temperature: 0 };
  const write = (text: string) => void (shown += text);
  const answers = await chat({ model: new CountingModel(8), tokenizer: letters, lines, write, settings, ...options });
  return { answers, lines: shown.trimEnd().split('\n').slice(1) };
}

describe('chat', () => {
  test('continues each line until exit or quit', async () => {
    expect(await session(['ab', '', 'cd', 'exit', 'ef'])).toEqual({ answers: 2, lines: ['cde', 'efg'] });
    expect((await session(['quit', 'ab'])).answers).toBe(0);
  });

  test('config shows and changes settings', async () => {
    const { lines } = await session(['config', 'config maxTokens=1', 'a', 'config preset=greedy maxTokens=2', 'a']);
    expect(lines).toEqual([
      '{"temperature":0,"maxTokens":3}',
      '{"temperature":0,"maxTokens":1}',
      'b',
      '{"temperature":0,"maxTokens":2}',
      'bc',
    ]);
    expect((await session(['config temperature=off'])).lines).toEqual(['{"maxTokens":3}']);
  });

  test('says what it does not understand and goes on', async () => {
    const { lines, answers } = await session(['config temperatur=1', 'config x', 'config preset=gredy', 'xyz', 'a']);
    const said = lines.join('\n');
    expect(said).toMatch(/temperatur: unknown key. Did you mean .*temperature/);
    expect(said).toMatch(/expected name=value/);
    expect(said).toMatch(/Did you mean .*greedy/);
    // A letter that the tokenizer doesn't know; the lines before have codes of their own.
    expect(lines.at(-2)).toMatch(/\[PAL_ARGUMENT\].*"x"/);
    expect(lines.at(-1)).toBe('bcd');
    expect(answers).toBe(2);
  });

  test('asks before each line', async () => {
    let shown = '';
    const write = (text: string) => void (shown += text);
    await session(['ab', '', 'config', 'exit', 'cd'], { write, ask: () => write('> ') });
    expect(shown.split('\n').slice(1)).toEqual(['> cde', '> > {"temperature":0,"maxTokens":3}', '> ']);
  });

  test('one answer can be stopped', async () => {
    const { lines } = await session(['ab', 'config'], { signal: () => AbortSignal.abort() });
    expect(lines).toEqual([' [stopped]', '{"temperature":0,"maxTokens":3}']);
  });
});

describe('demo', () => {
  test('shows four ways and what memory they take', async () => {
    manualSeed(1);
    const model = new Gpt({ vocabSize: 8, contextLength: 16, width: 8, layers: 1, heads: 2 });
    const run = async () => {
      const parts: DemoSection[] = [];
      const shown = demonstrate(model, letters, { prompts: ['abc', 'de'] });
      for (;;) {
        const { value, done } = await shown.next();
        if (done) return { parts, memory: value };
        parts.push(value);
      }
    };
    const { parts, memory: held } = await run();
    expect(parts.map(({ texts }) => texts.map(({ ids }) => ids.length))).toEqual([
      [30, 30],
      [30, 30],
      [40],
      [25, 25, 25],
    ]);
    expect(parts.every(({ tokensPerSecond }) => tokensPerSecond > 0)).toBe(true);
    expect(held).toMatchObject({ tokens: 3, weights: model.parameterCount() * 4 });
    expect(held.state).toBeGreaterThan(0);
    const before = memory.stats().liveSlots;
    expect((await run()).parts[3]!.texts).toEqual(parts[3]!.texts);
    expect(memory.stats().liveSlots).toBe(before);
    model.dispose();
  });
});

describe('presets', () => {
  test.each(Object.entries(generationPresets))('%s is valid and runs', async (_, preset) => {
    parseConfig('test', generationConfigSchema, preset);
    const [text] = await generateTexts(new CountingModel(8), letters, ['ab'], { ...preset, maxTokens: 2, seed: 1 });
    expect(text!.ids.length).toBe(2);
  });

  test('penalties of what came before are left out where tokens are letters', async () => {
    const { repetitionPenalty: _, repetitionWindow: __, ...plain } = generationPresets.standard;
    expect(resolvePreset('standard', letters)).toEqual(plain);
    expect(resolvePreset('standard', new ByteTokenizer())).toEqual(plain);
    expect(resolvePreset('advanced', letters)).toEqual({ maxTokens: 100, minTokens: 20, temperature: 0.8, topP: 0.9, topK: 40 }); // prettier-ignore
    const words = await WordTokenizer.train('the cat sat');
    expect(resolvePreset('standard', words)).toEqual(generationPresets.standard);
  });

  test('compared ones exist and differ', () => {
    expect(Object.keys(generationPresets)).toEqual(expect.arrayContaining([...comparedPresets]));
    expect(new Set(comparedPresets.map((name) => JSON.stringify(generationPresets[name]))).size).toBe(
      comparedPresets.length,
    );
  });

  test('a frequency penalty of 0.1 and a presence penalty of −0.1 subtract 0.1 · (count − 1)', () => {
    const { frequencyPenalty, presencePenalty } = generationPresets.advanced;
    const subtracted = [1, 2, 3].map((count) => count * frequencyPenalty + presencePenalty);
    expect(subtracted.map((value) => Number(value.toFixed(6)))).toEqual([0, 0.1, 0.2]);
  });
});
