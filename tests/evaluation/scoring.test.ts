import { describe, expect, test } from '@jest/globals';
import { splitBlocks, decodeDocument, evaluate, scoreDocuments, scoreTokens } from '../../lib/evaluation/index.js';
import { iterateWindows } from '../../lib/evaluation/scoring/score-windows.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { manualSeed, memory, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import { ByteTokenizer, CharTokenizer, WordTokenizer } from '../../lib/text/index.js';
import type { Tokenizer } from '../../lib/text/index.js';

const vocabSize = 7;
const ids = Array.from({ length: 41 }, (_, i) => (i * i + 3 * i) % vocabSize);
const tokenizer = new CharTokenizer([...'abcdefg']);
const text = tokenizer.decode(ids);

function newModel(): Gpt {
  manualSeed(1);
  return new Gpt({ vocabSize, contextLength: 8, width: 8, layers: 2, heads: 2, initStd: 0.7 });
}

/** −ln P of a token after a context, read by itself. */
function lossByHand(model: LanguageModel, context: readonly number[], next: number): number {
  return noGrad(() =>
    scope(() => {
      const logits = model.forward(tensor([context], { dtype: 'int64' }), { training: false });
      return -logits.select(1, -1).logSoftmax(-1).select(1, next).item();
    }),
  );
}

describe('windows', () => {
  test('predict every token but the first once, with as much context as there is', () => {
    const windows = [...iterateWindows(0, 11, { context: 4, stride: 2 })];
    expect(windows.map(({ start, from, end }) => [start, from, end])).toEqual([
      [0, 1, 5],
      [2, 5, 7],
      [4, 7, 9],
      [6, 9, 11],
    ]);
    for (const length of [0, 1, 2, 5, 6, 30]) {
      for (const [context, stride] of [
        [4, 4],
        [4, 1],
        [1, 1],
        [40, 3],
      ] as const) {
        const found = [...iterateWindows(0, length, { context, stride })];
        const predicted = found.flatMap(({ from, end }) => Array.from({ length: end - from }, (_, i) => from + i));
        expect(predicted).toEqual(Array.from({ length: Math.max(0, length - 1) }, (_, i) => i + 1));
        for (const { start, end } of found) expect(end - 1 - start).toBeLessThanOrEqual(context);
      }
    }
  });
});

describe('scoreTokens', () => {
  test.each([1, 3, 8])('stride %d: each loss is that of the token after its window', async (stride) => {
    const model = newModel();
    const [scores] = await scoreTokens(model, [ids], { stride });
    for (const { start, from, end } of iterateWindows(0, ids.length, { context: 8, stride })) {
      for (let at = from; at < end; at++) {
        expect(scores!.losses[at - 1]).toBeCloseTo(lossByHand(model, ids.slice(start, at), ids[at]!), 4);
      }
    }
    model.dispose();
  });

  test('hits are where the token was the likeliest', async () => {
    const model = newModel();
    const [scores] = await scoreTokens(model, [ids]);
    for (const [at, loss] of scores!.losses.entries()) if (loss < Math.LN2) expect(scores!.hits[at]).toBe(1);
    expect(scores!.hits.some((hit) => hit === 0)).toBe(true);
    model.dispose();
  });

  test('sequences of all lengths side by side don’t see each other', async () => {
    for (const model of [newModel(), new LstmLanguageModel({ vocabSize, embeddingDim: 4, width: 8 })]) {
      const sequences = [ids, ids.slice(0, 2), [], ids.slice(5, 6), ids.slice(3, 20)];
      const together = await scoreTokens(model, sequences, { context: 8, batchSize: 3 });
      expect(together.map(({ losses }) => losses.length)).toEqual([40, 1, 0, 0, 16]);
      for (const [i, sequence] of sequences.entries()) {
        const [alone] = await scoreTokens(model, [sequence], { context: 8, batchSize: 1 });
        const near = [...alone!.losses].map((loss): unknown => expect.closeTo(loss, 4));
        expect([...together[i]!.losses]).toEqual(near);
      }
      model.dispose();
    }
  });

  test('a carried state predicts each token from all before it', async () => {
    manualSeed(3);
    const model = new LstmLanguageModel({ vocabSize, embeddingDim: 4, width: 8, dropout: 0.5 });
    const sequences = [ids, ids.slice(7, 30), ids.slice(3, 5)];
    const carried = await scoreTokens(model, sequences, { context: 8, stateful: true });
    for (const [i, sequence] of sequences.entries()) {
      for (const [at, loss] of carried[i]!.losses.entries()) {
        expect(loss).toBeCloseTo(lossByHand(model, sequence.slice(0, at + 1), sequence[at + 1]!), 4);
      }
    }
    const before = memory.stats().liveSlots;
    const learning = { context: 8, stateful: true, dynamic: { learningRate: 1e-9 } };
    const [learned] = await scoreTokens(model, sequences, learning);
    for (const [at, loss] of learned!.losses.entries()) expect(loss).toBeCloseTo(carried[0]!.losses[at]!, 4);
    expect(memory.stats().liveSlots).toBe(before);
    await expect(scoreTokens(model, sequences, { context: 8, stride: 4, stateful: true })).rejects.toThrow(/no stride/);
    model.dispose();
    const limited = newModel();
    await expect(scoreTokens(limited, sequences, { stateful: true })).rejects.toMatchObject({
      code: 'PAL_UNSUPPORTED',
    });
    limited.dispose();
  });

  test.each([{ context: 9 }, { stride: 9 }, { stride: 0 }, { batchSize: 0 }, { dynamic: { learningRate: 0 } }])(
    'refuses %j',
    async (options) => {
      const model = newModel();
      await expect(scoreTokens(model, [ids], options)).rejects.toThrow(/\[PAL_ARGUMENT\] score/);
      model.dispose();
    },
  );
});

describe('scoreDocuments', () => {
  test('agrees with evaluate on windows side by side', async () => {
    const model = newModel();
    const split = Uint32Array.from(ids.slice(0, 33));
    const { loss } = await evaluate(model, split);
    const found = await scoreDocuments(model, tokenizer, [text.slice(0, 33)]);
    expect(found.loss).toBeCloseTo(loss, 5);
    expect(found.perplexity).toBeCloseTo(Math.exp(loss), 4);
    model.dispose();
  });

  test('more context never hurts a count: the figures by hand', async () => {
    const model = newModel();
    const found = await scoreDocuments(model, tokenizer, ['abc', 'ga'], { stride: 4 });
    const losses = [lossByHand(model, [0], 1), lossByHand(model, [0, 1], 2), lossByHand(model, [6], 0)];
    const nats = losses[0]! + losses[1]! + losses[2]!;
    expect(found).toMatchObject({ tokens: 3, words: 2, bytes: 3, context: 8, stride: 4, firstToken: 'not predicted' });
    expect(found.nats).toBeCloseTo(nats, 4);
    expect(found.wordPerplexity).toBeCloseTo(Math.exp(nats / 2), 3);
    expect(found.bitsPerByte).toBeCloseTo(nats / 3 / Math.LN2, 4);
    expect(found.documents.map(({ tokens }) => tokens)).toEqual([2, 1]);
    expect(found.documents[1]!.nats).toBeCloseTo(losses[2]!, 4);
    model.dispose();
  });

  test('a start token makes the first one count too', async () => {
    const model = newModel();
    const found = await scoreDocuments(model, tokenizer, ['abc'], { startToken: 6 });
    expect(found).toMatchObject({ tokens: 3, bytes: 3, firstToken: 'after a start token' });
    const first = lossByHand(model, [6], 0);
    const rest = await scoreDocuments(model, tokenizer, ['gabc']);
    expect(found.nats).toBeCloseTo(rest.nats, 4);
    expect(found.nats).toBeGreaterThan(first);
    model.dispose();
  });

  test('documents of ids keep what no text can hold: tokens at the ends, and words that are not known', async () => {
    const words = await WordTokenizer.train('the cat sat. the cat sat.', { words: 4 });
    const { '<UNK>': unknown = -1, '<START>': start = -1, '<END>': end = -1 } = words.specialTokens;
    manualSeed(4);
    const model = new Gpt({ vocabSize: words.size, contextLength: 16, width: 8, layers: 1, heads: 2 });
    const inner = [...words.encode('the cat sat.')];
    const ids = [start, ...inner, unknown, end];
    const document = decodeDocument(ids, words);
    expect(document.text).toBe('the cat sat . <UNK>');
    const found = await scoreDocuments(model, words, [document]);
    expect(found).toMatchObject({ tokens: 6, unknown: 1, words: 5, bytes: 19, firstToken: 'after a start token' });
    const [byHand] = await scoreTokens(model, [ids]);
    expect(found.nats).toBeCloseTo(
      byHand!.losses.reduce((a, b) => a + b),
      9,
    );
    // Through its text, the unknown word would come back as three tokens and the ends would be lost.
    const text = await scoreDocuments(model, words, [document.text]);
    expect(text).toMatchObject({ tokens: 6, unknown: 3, firstToken: 'not predicted' });
    const mixed = await scoreDocuments(model, words, [document, decodeDocument(inner, words)]);
    expect(mixed.firstToken).toBe('after a start token where there is one');
    const started = await scoreDocuments(model, words, [document, 'the cat'], { startToken: start });
    expect(started).toMatchObject({ tokens: 6 + 2, firstToken: 'after a start token' });
    model.dispose();
  });

  test('words, bytes and nats are those of what is predicted: the first token is in none of them', async () => {
    const words = await WordTokenizer.train('the cat sat. the cat sat.', { words: 4 });
    manualSeed(4);
    const model = new Gpt({ vocabSize: words.size, contextLength: 16, width: 8, layers: 1, heads: 2 });
    const found = await scoreDocuments(model, words, ['the cat']);
    expect(found).toMatchObject({ tokens: 1, words: 1, bytes: 4, characters: 4 });
    expect(found.wordPerplexity).toBeCloseTo(Math.exp(found.nats), 9);
    const alone = await scoreDocuments(model, words, ['the cat', ' cat sat', 'zebra cat sat'], { stride: 4 });
    expect(alone.documents.map(({ words: w, bytes }) => [w, bytes])).toEqual([[1, 4], [1, 4], [2, 8]]); // prettier-ignore
    model.dispose();
  });

  test('special tokens of a template stand around a text, unless they are not asked for', async () => {
    const model = newModel();
    const { type, size } = tokenizer;
    const begun: Tokenizer = {
      ...{ type, size, template: { before: [6], after: [] }, encode: (given) => tokenizer.encode(given) },
      ...{
        decode: (given) => tokenizer.decode(given),
        tokenBytes: (id) => tokenizer.tokenBytes(id),
        toJSON: () => ({}),
      },
    };
    const found = await scoreDocuments(model, begun, ['abc']);
    expect(found).toMatchObject({ tokens: 3, bytes: 3 });
    expect(found.nats).toBeCloseTo((await scoreDocuments(model, tokenizer, ['abc'], { startToken: 6 })).nats, 6);
    const plain = await scoreDocuments(model, begun, ['abc'], { addSpecialTokens: false });
    expect(plain).toMatchObject({ tokens: 2, firstToken: 'not predicted' });
    model.dispose();
  });

  test('ids in blocks: all of them, once, in order', () => {
    const document = decodeDocument(ids, tokenizer);
    const blocks = splitBlocks(document, tokenizer, 10);
    expect(blocks.flatMap((block) => [...Array.from(block.ids)])).toEqual(ids);
    expect(blocks.map((block) => block.text).join('')).toBe(text);
    expect(blocks).toHaveLength(4);
    expect(splitBlocks(document, tokenizer)).toHaveLength(1);
  });

  test('random weights of no spread: every figure is that of the vocabulary', async () => {
    manualSeed(2);
    const model = new Gpt({ vocabSize: 256, contextLength: 8, width: 8, layers: 1, heads: 2, initStd: 1e-6 });
    const found = await scoreDocuments(model, new ByteTokenizer(), ['höhe und weite', 'mehr']);
    expect(found.perplexity).toBeCloseTo(256, 1);
    expect(found.bitsPerByte).toBeCloseTo(8, 4);
    expect(found.tokens).toBe(14 + 3);
    // The ö takes two of the 17 bytes.
    expect([found.bytes, found.characters]).toEqual([17, 16]);
    expect(found.bitsPerCharacter).toBeCloseTo((8 * 17) / 16, 4);
    model.dispose();
  });

  test('dynamic evaluation learns a pattern, then leaves the weights as they were', async () => {
    const model = newModel();
    const pattern = tokenizer.decode(Array.from({ length: 400 }, (_, i) => i % 5));
    const bits = () => Object.values(model.stateDict()).map((value) => value.bits());
    const before = bits();
    const plain = await scoreDocuments(model, tokenizer, [pattern]);
    const dynamic = await scoreDocuments(model, tokenizer, [pattern], { dynamic: { learningRate: 0.1 } });
    expect(dynamic.dynamic).toBe(true);
    expect(dynamic.loss).toBeLessThan(0.8 * plain.loss);
    // The first window is scored before anything was learned.
    expect(bits()).toEqual(before);
    expect(Object.values(model.namedParameters()).every((value) => value.grad === undefined)).toBe(true);
    model.dispose();
  });

  test('leaves no tensor behind and ends when the signal fires', async () => {
    const model = newModel();
    const run = () => scoreDocuments(model, tokenizer, [text], { stride: 3, dynamic: { learningRate: 0.01 } });
    await run();
    const before = memory.stats().liveSlots;
    await run();
    expect(memory.stats().liveSlots).toBe(before);
    const signal = AbortSignal.abort();
    await expect(scoreDocuments(model, tokenizer, [text], { signal })).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    model.dispose();
  });

  test('refuses texts without a token to predict, and another vocabulary', async () => {
    const model = newModel();
    await expect(scoreDocuments(model, tokenizer, ['a', ''])).rejects.toThrow(/\[PAL_DATA\] scoreDocuments/);
    await expect(scoreDocuments(model, new ByteTokenizer(), ['ab'])).rejects.toThrow(/7 tokens.*byte tokenizer of 256/);
    model.dispose();
  });
});
