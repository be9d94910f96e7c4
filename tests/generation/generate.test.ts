import { describe, expect, jest, test } from '@jest/globals';
import { generate } from '../../lib/generation/index.js';
import type { GenerateOptions } from '../../lib/generation/index.js';
import { Gpt } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { manualSeed, memory } from '../../lib/tensor/index.js';
import { ByteTokenizer, CharTokenizer } from '../../lib/text/index.js';
import type { Tokenizer } from '../../lib/text/index.js';
import { CountingModel } from '../helpers/counting-model.js';

const letters = new CharTokenizer([...'abcdefgh']);

async function collect(
  model: LanguageModel,
  prompt: string,
  options: GenerateOptions = {},
  tokenizer: Tokenizer = letters,
) {
  const pieces: { id: number; text: string }[] = [];
  for await (const piece of generate(model, tokenizer, prompt, options)) pieces.push(piece);
  return { pieces, text: pieces.map((piece) => piece.text).join('') };
}

describe('generate', () => {
  test.each<[object, string]>([
    [{ topk: 1 }, 'Did you mean "topK"?'],
    [{ temprature: 1 }, 'Did you mean "temperature"?'],
    [{ minTokens: -3 }, 'expected minTokens to be an integer of at least 0, received -3'],
    [{ endTokens: [99_999] }, 'expected endTokens to be a number of at least 0 and below 8, received 99999'],
    [{ stop: [''] }, 'expected stop to be a list of texts, none of them empty'],
    [{ stop: 'x' }, 'expected stop to be a list of texts'],
  ])('refuses %j', async (options, message) => {
    await expect(collect(new CountingModel(8), 'abc', options)).rejects.toThrow(message);
  });

  test('reads the prompt once, then one token at a time', async () => {
    const model = new CountingModel(8);
    const { pieces, text } = await collect(model, 'abc', { maxTokens: 6 });
    expect(text).toBe('defgha');
    expect(pieces[0]).toEqual({ id: 3, text: 'd', logProbability: expect.closeTo(0, 6) });
    expect(pieces.at(-1)).toMatchObject({ text: 'a', finish: 'length' });
    expect(model.reads).toEqual([3, 1, 1, 1, 1, 1]);
    expect(model.open).toBe(0);
  });

  test('ends before a stop string', async () => {
    expect((await collect(new CountingModel(8), 'a', { stop: ['ef'] })).text).toBe('bcd');
    expect((await collect(new CountingModel(8), 'a', { stop: ['ex'], maxTokens: 4 })).text).toBe('bcde');
  });

  test('goes on from the last half of a full context', async () => {
    const model = new CountingModel(8, 4);
    const { text } = await collect(model, 'ab', { maxTokens: 7 });
    expect(text).toBe('cdefgha');
    expect(model.reads).toEqual([2, 1, 1, 2, 1, 1, 2]);
    expect(model.open).toBe(0);
  });

  test('sees all but one token of a context of a prompt that is too long, and says so', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const read = async (prompt: string, options = {}) => {
      const model = new CountingModel(8, 4);
      const { text } = await collect(model, prompt, { maxTokens: 1, ...options });
      return { text, reads: model.reads };
    };
    expect(await read('abcdef')).toEqual({ text: 'g', reads: [3] });
    expect(await read('abcde')).toEqual({ text: 'f', reads: [3] });
    expect(await read('abcdef', { contextKeep: 2 })).toEqual({ text: 'g', reads: [2] });
    expect(await read('abcd')).toEqual({ text: 'e', reads: [4] });
    const kind = { type: 'PalabraPromptWarning', code: 'PAL_PROMPT' };
    expect(warn.mock.calls).toEqual([
      ['generate: a prompt of 6 tokens was cut to its last 3, as the context holds 4.', kind],
      ['generate: a prompt of 5 tokens was cut to its last 3, as the context holds 4.', kind],
      ['generate: a prompt of 6 tokens was cut to its last 2, as the context holds 4.', kind],
    ]);
    warn.mockRestore();
  });

  test('gives out whole characters only', async () => {
    const bytes = new ByteTokenizer();
    // The bytes C3 C4 … are each the start of a character that the next one does not continue.
    const { pieces } = await collect(new CountingModel(256), 'é', { maxTokens: 3 }, bytes);
    expect(pieces.map(({ id }) => id)).toEqual([0xaa, 0xab, 0xac]);
    expect(pieces.map(({ text }) => text)).toEqual(['\uFFFD', '\uFFFD', '\uFFFD']);
    const start = await collect(new CountingModel(256), 'Á', { maxTokens: 66 }, bytes);
    expect(start.pieces.at(-1)).toMatchObject({ id: 0xc3, text: '\uFFFD\uFFFD' });
    expect(start.pieces.at(-2)).toMatchObject({ id: 0xc2, text: '' });
  });

  test('frees the state when the reader leaves early or the signal fires', async () => {
    const model = new CountingModel(8);
    for await (const { id } of generate(model, letters, 'a')) if (id === 3) break;
    expect(model.open).toBe(0);
    const stop = new AbortController();
    const aborted = (async () => {
      for await (const { id } of generate(model, letters, 'a', { signal: stop.signal })) if (id === 3) stop.abort();
    })();
    await expect(aborted).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    expect(model.open).toBe(0);
  });

  test('leaves the event loop its turns', async () => {
    let turns = 0;
    let running = true;
    const turn = () => void (turns++, running && setImmediate(turn));
    setImmediate(turn);
    await collect(new CountingModel(8), 'a', { maxTokens: 50 });
    running = false;
    expect(turns).toBeGreaterThanOrEqual(50);
  });

  test.each([
    [{ temperature: -1 }, /generate.*temperature/],
    [{ maxTokens: -1 }, /maxTokens/],
    [{ topP: 2 }, /topP/],
  ])('refuses %j', async (options, message) => {
    await expect(collect(new CountingModel(8), 'a', options)).rejects.toThrow(message);
  });

  test('refuses an empty prompt', async () => {
    await expect(collect(new CountingModel(8), '')).rejects.toThrow(/\[PAL_ARGUMENT\] generate: .*at least one token/);
  });

  test('with a Gpt: the seed decides, greedy text needs none, and no tensor is left over', async () => {
    manualSeed(2);
    const model = new Gpt({ vocabSize: 8, contextLength: 16, width: 8, layers: 1, heads: 2, initStd: 1 });
    const run = async (options: GenerateOptions) => (await collect(model, 'ab', { maxTokens: 20, ...options })).text;
    await run({ seed: 1 });
    const before = memory.stats().liveSlots;
    expect(await run({ seed: 1 })).toBe(await run({ seed: 1 }));
    expect(await run({ seed: 1 })).not.toBe(await run({ seed: 2 }));
    expect(await run({ temperature: 0 })).toBe(await run({ temperature: 0 }));
    expect(memory.stats().liveSlots).toBe(before);
    model.dispose();
  });
});
