import { describe, expect, test } from '@jest/globals';
import { generateMany, generateTexts } from '../../lib/generation/index.js';
import type { GenerateManyOptions, GeneratedText, LabelledToken } from '../../lib/generation/index.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { manualSeed, memory, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import { CharTokenizer } from '../../lib/text/index.js';
import type { Tokenizer } from '../../lib/text/index.js';
import { CountingModel } from '../helpers/counting-model.js';

const letters = new CharTokenizer([...'abcdefghijklmnop']);
const vocabSize = letters.size;
const prompts = ['abc', 'p', 'fedcbafedcba', 'ab'];

const makers: Record<string, () => LanguageModel> = {
  gpt: () => new Gpt({ vocabSize, contextLength: 24, width: 16, layers: 2, heads: 2, initStd: 0.6 }),
  'gpt, learned positions': () =>
    new Gpt({
      vocabSize,
      contextLength: 24,
      width: 16,
      layers: 1,
      heads: 2,
      initStd: 0.6,
      positions: { type: 'learned' },
    }),
  'gpt, windows of 6 tokens': () =>
    new Gpt({
      ...{ vocabSize, contextLength: 24, width: 16, layers: 2, heads: 2, initStd: 0.6 },
      attention: { type: 'slidingWindow', window: 6 },
    }),
  lstm: () => new LstmLanguageModel({ vocabSize, embeddingDim: 8, width: 24, layers: 2 }),
};

function seeded(make: () => LanguageModel): LanguageModel {
  manualSeed(5);
  return make();
}

/** Texts as what can be compared: ids and why they ended, log-probabilities apart. */
function idsOf(texts: readonly GeneratedText[]) {
  return texts.map(({ prompt, sample, text, ids, finish }) => ({ prompt, sample, text, ids, finish }));
}

/** Requires log-probabilities that differ by no more than the rounding of sums in another order. */
function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  expect(Math.max(...found.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(1e-5);
}

const settings: Record<string, GenerateManyOptions> = {
  greedy: { temperature: 0, maxTokens: 40 },
  plain: { maxTokens: 40, seed: 3 },
  'all filters': {
    maxTokens: 40,
    seed: 4,
    temperature: 0.9,
    topK: 12,
    topP: 0.95,
    minP: 0.01,
    typicalP: 0.95,
    repetitionPenalty: 1.2,
    frequencyPenalty: 0.1,
    presencePenalty: 0.1,
    noRepeatNgram: 4,
    suppressTokens: [1],
  },
  'samples, forced tokens, an end': {
    maxTokens: 30,
    seed: 5,
    samples: 3,
    forcedTokens: [4, 4],
    endTokens: [7],
    minTokens: 6,
  },
  'a context that slides by one token': { maxTokens: 30, seed: 6, contextKeep: 24 },
};

describe.each(Object.entries(makers))('%s', (name, make) => {
  test.each(Object.entries(settings))('replayed and eager give the same texts: %s', async (_, options) => {
    const model = seeded(make);
    const given = name === 'lstm' ? { ...options, contextKeep: undefined } : options;
    const fast = await generateTexts(model, letters, prompts, given as GenerateManyOptions);
    const slow = await generateTexts(model, letters, prompts, { ...given, eager: true } as GenerateManyOptions);
    expect(idsOf(fast)).toEqual(idsOf(slow));
    for (const [i, { logProbabilities }] of fast.entries()) {
      expect(logProbabilities).toEqual(slow[i]!.logProbabilities.map((value): unknown => expect.closeTo(value, 4)));
      expect(logProbabilities.every((value) => value <= 0)).toBe(true);
    }
    model.dispose();
  });

  test('prompts of different lengths side by side give what each gives alone', async () => {
    const model = seeded(make);
    for (const options of [settings.greedy!, settings['all filters']!]) {
      const together = await generateTexts(model, letters, prompts, options);
      for (const [i, prompt] of prompts.entries()) {
        // The random numbers are those of the place in the list, whatever the prompts before it are.
        const alone = (await generateTexts(model, letters, Array<string>(i + 1).fill(prompt), options))[i]!;
        expect(idsOf([alone])).toEqual(idsOf([together[i]!]));
        expectClose(alone.logProbabilities, together[i]!.logProbabilities);
        const [greedy] = await generateTexts(model, letters, [prompt], settings.greedy);
        if (options === settings.greedy) expect(idsOf([{ ...greedy!, prompt: i }])).toEqual(idsOf([together[i]!]));
      }
    }
    model.dispose();
  });

  test('greedy text is the likeliest token after each prefix, read as a whole without any state', async () => {
    const model = seeded(make);
    const [text] = await generateTexts(model, letters, ['abc'], { temperature: 0, maxTokens: 20 });
    const ids = [0, 1, 2];
    for (const id of text!.ids) {
      const best = noGrad(() =>
        scope(() =>
          model
            .forward(tensor([ids], { dtype: 'int64' }), { training: false })
            .select(1, -1)
            .argmax(1)
            .item(),
        ),
      );
      expect(id).toBe(Number(best));
      ids.push(id);
    }
    model.dispose();
  });

  /** What a pass without any state over some tokens gives each next token, the likeliest first. */
  function likeliest(model: LanguageModel, ids: readonly number[]): { id: number; logProbability: number } {
    return noGrad(() =>
      scope(() => {
        const logits = model.forward(tensor([[...ids]], { dtype: 'int64' }), { training: false }).select(1, -1);
        const best = Number(logits.argmax(1).item());
        return { id: best, logProbability: logits.logSoftmax(-1).select(1, best).item<number>() };
      }),
    );
  }

  test.each([
    ['half of it is read again', {}, (read: number) => (read <= 24 ? read : 12 + ((read - 25) % 13))],
    ['it slides by one token', { contextKeep: 24 }, (read: number) => Math.min(24, read)],
    ['a little is read again', { contextKeep: 5 }, (read: number) => (read <= 24 ? read : 5 + ((read - 25) % 20))],
  ])('beyond a full context, text is what passes without any state give: %s', async (_, options, seen) => {
    if (name === 'lstm') return;
    const model = seeded(make);
    for (const eager of [false, true]) {
      const [text] = await generateTexts(model, letters, ['abc'], { temperature: 0, maxTokens: 70, eager, ...options });
      const ids = [0, 1, 2];
      for (const [step, id] of text!.ids.entries()) {
        const expected = likeliest(model, ids.slice(-seen(ids.length)));
        expect(id).toBe(expected.id);
        expect(text!.logProbabilities[step]).toBeCloseTo(expected.logProbability, 4);
        ids.push(id);
      }
    }
    model.dispose();
  });

  test('nothing is left behind, nor after an early end', async () => {
    const model = seeded(make);
    const run = async () => {
      await generateTexts(model, letters, prompts, { maxTokens: 30, seed: 1, samples: 2 });
      for await (const { id } of generateMany(model, letters, prompts, { seed: 2 })) if (id === 3) break;
    };
    await run();
    const before = memory.stats().liveSlots;
    await run();
    expect(memory.stats().liveSlots).toBe(before);
    model.dispose();
  });
});

test('where attention sees a window, what is read again gives the text of a context without end', async () => {
  const shape = { vocabSize, width: 16, layers: 2, heads: 2, initStd: 0.6 };
  const attention = { type: 'slidingWindow', window: 6 } as const;
  // Two layers of 6 tokens see 11; half of 24 is more.
  const [short, long] = [24, 400].map((contextLength) => seeded(() => new Gpt({ ...shape, contextLength, attention })));
  const options = { maxTokens: 150, seed: 8, samples: 2 };
  const texts = await generateTexts(short!, letters, prompts, options);
  expect(idsOf(texts)).toEqual(idsOf(await generateTexts(long!, letters, prompts, options)));
  const less = await generateTexts(short!, letters, prompts, { ...options, contextKeep: 3 });
  expect(idsOf(less)).not.toEqual(idsOf(texts));
  for (const model of [short!, long!]) model.dispose();
});

test('a long prompt is read in pieces, and the room of a state grows', async () => {
  manualSeed(6);
  const model = new Gpt({ vocabSize, contextLength: 420, width: 16, layers: 1, heads: 2, initStd: 0.6 });
  const options = { maxTokens: 250, seed: 9, samples: 2 };
  const long = ['abcdefghijklmnop'.repeat(10), 'ponmlkjihgfedcba'.repeat(9)];
  const fast = await generateTexts(model, letters, long, options);
  expect(idsOf(fast)).toEqual(idsOf(await generateTexts(model, letters, long, { ...options, eager: true })));
  model.dispose();
});

test('samples of a prompt differ, the same seed repeats them', async () => {
  const model = seeded(makers.gpt!);
  const run = (seed: number) => generateTexts(model, letters, ['ab'], { seed, samples: 4, maxTokens: 20 });
  const texts = (await run(1)).map(({ text }) => text);
  expect(new Set(texts).size).toBe(4);
  expect((await run(1)).map(({ text }) => text)).toEqual(texts);
  expect((await run(2)).map(({ text }) => text)).not.toEqual(texts);
  model.dispose();
});

test.each(Object.entries(makers))(
  '%s: rows that end, and rows that outgrow the context at other times, leave the others as they are',
  async (_, make) => {
    const model = seeded(make);
    const lengths = [1, 24, 7, 23, 2, 12];
    const many = lengths.map((length, i) =>
      'abcdefgh'
        .repeat(3)
        .slice(i % 3)
        .padEnd(24, 'c')
        .slice(0, length),
    );
    const options = { maxTokens: 70, seed: 9, endTokens: [7], minTokens: 4, temperature: 1.1 };
    for (const eager of [false, true]) {
      const together = await generateTexts(model, letters, many, { ...options, eager });
      expect(new Set(together.map(({ ids }) => ids.length)).size).toBeGreaterThan(2);
      for (const [i, prompt] of many.entries()) {
        const alone = (await generateTexts(model, letters, Array<string>(i + 1).fill(prompt), { ...options, eager }))[
          i
        ]!;
        expect(idsOf([alone])).toEqual(idsOf([together[i]!]));
        expectClose(alone.logProbabilities, together[i]!.logProbabilities);
      }
    }
    model.dispose();
  },
);

test('a long prompt beside a short one is read at once, not token by token', async () => {
  const model = new CountingModel(vocabSize);
  await generateTexts(model, letters, ['a', 'bcdefghab', 'c'], { maxTokens: 3, temperature: 0 });
  expect(model.reads).toEqual([1, 9, 1, 1]);
});

test('pieces come as they are made, labelled', async () => {
  const pieces: LabelledToken[] = [];
  const options = { maxTokens: 2, samples: 2, temperature: 0 };
  for await (const piece of generateMany(new CountingModel(vocabSize), letters, ['ab', 'e'], options))
    pieces.push(piece);
  const seen = pieces.map(({ prompt, sample, text, finish = '' }) => `${prompt}${sample}${text}${finish}`);
  expect(seen).toEqual(['00c', '01c', '10f', '11f', '00dlength', '01dlength', '10glength', '11glength']);
});

test('log-probabilities are those of the model, before any filter', async () => {
  const [text] = await generateTexts(seeded(makers.gpt!), letters, ['abc'], { temperature: 0, maxTokens: 3 });
  const [banned] = await generateTexts(seeded(makers.gpt!), letters, ['abc'], {
    temperature: 0,
    maxTokens: 1,
    suppressTokens: [text!.ids[0]!],
  });
  expect(banned!.logProbabilities[0]).toBeLessThan(text!.logProbabilities[0]!);
  const [forced] = await generateTexts(seeded(makers.gpt!), letters, ['abc'], {
    temperature: 0,
    maxTokens: 1,
    forcedTokens: [text!.ids[0]!],
  });
  expect(forced!.logProbabilities[0]).toBeCloseTo(text!.logProbabilities[0]!, 5);
});

describe('special tokens', () => {
  const special = { '<PAD>': 12, '<UNK>': 13, '<START>': 14, '<END>': 15 };
  const withSpecials: Tokenizer = Object.assign(new CharTokenizer([...'abcdefghijklmnop']), { specialTokens: special });

  test('<END> ends a text and is no part of it', async () => {
    const [text] = await generateTexts(new CountingModel(vocabSize), withSpecials, ['ijkl'], {
      suppressTokens: [],
      temperature: 0,
    });
    expect(text).toMatchObject({ text: 'mno', ids: [12, 13, 14, 15], finish: 'end' });
  });

  test('<UNK>, <PAD> and <START> are banned by default', async () => {
    const model = seeded(makers.gpt!);
    const texts = await generateTexts(model, withSpecials, ['abc'], {
      samples: 8,
      maxTokens: 60,
      seed: 2,
      endTokens: [],
    });
    const ids = texts.flatMap((text) => text.ids);
    expect(ids.filter((id) => [12, 13, 14].includes(id))).toEqual([]);
    expect(ids).toContain(15);
    model.dispose();
  });

  test('an empty prompt starts with <START>', async () => {
    const options = { suppressTokens: [], temperature: 0 };
    const [text] = await generateTexts(new CountingModel(vocabSize), withSpecials, [''], options);
    expect(text).toMatchObject({ text: '', ids: [15], finish: 'end' });
    await expect(generateTexts(new CountingModel(vocabSize), letters, [''])).rejects.toThrow(/has no <START>/);
  });

  test('minTokens holds the end back', async () => {
    const [text] = await generateTexts(new CountingModel(vocabSize), withSpecials, ['n'], {
      suppressTokens: [],
      minTokens: 3,
      temperature: 0,
      maxTokens: 8,
    });
    expect(text!.ids.slice(0, 3)).not.toContain(15);
  });
});

test('fewer rows than tokens are refused, with both sizes', async () => {
  await expect(generateTexts(new CountingModel(9), letters, ['a'])).rejects.toThrow(
    /\[PAL_ARGUMENT\] generate: .*tokenizer of at most 9 tokens.*received a char tokenizer of 16/,
  );
});

test('rows without a token are never sampled, whatever is banned and however likely they are', async () => {
  const model = seeded(() => new Gpt({ vocabSize: 64, contextLength: 24, width: 16, layers: 1, heads: 2, initStd: 2 }));
  for (const options of [{ temperature: 0 }, { seed: 1, samples: 8 }, { seed: 2, suppressTokens: [], samples: 8 }]) {
    for (const eager of [false, true]) {
      const texts = await generateTexts(model, letters, ['ab', 'abc'], { ...options, eager, maxTokens: 30 });
      expect(Math.max(...texts.flatMap(({ ids }) => ids))).toBeLessThan(letters.size);
    }
  }
  // The same model gives such rows to a tokenizer that has them.
  const whole = await generateTexts(
    model,
    new CharTokenizer(Array.from({ length: 64 }, (_, i) => String.fromCodePoint(97 + i))),
    ['ab'],
    { seed: 1, samples: 8, maxTokens: 30 },
  );
  expect(Math.max(...whole.flatMap(({ ids }) => ids))).toBeGreaterThanOrEqual(letters.size);
  model.dispose();
});

test('the same prompt again gives another text, the first prompt the one it gives alone', async () => {
  const model = seeded(makers.gpt!);
  for (const seeds of [{ seed: 3 }, {}]) {
    const options = { ...seeds, maxTokens: 30, samples: 2 };
    const texts = await generateTexts(model, letters, ['ab', 'ab', 'ab'], options);
    expect(new Set(texts.map(({ text }) => text)).size).toBe(6);
  }
  const [first] = await generateTexts(model, letters, ['ab', 'ab'], { seed: 3, maxTokens: 30 });
  const [alone] = await generateTexts(model, letters, ['ab'], { seed: 3, maxTokens: 30 });
  expect(first!.ids).toEqual(alone!.ids);
  model.dispose();
});

test('weights that are no numbers are refused', async () => {
  const model = seeded(makers.gpt!);
  noGrad(() => void (model as Gpt).norm.weight.fill_(NaN));
  for (const eager of [false, true]) {
    await expect(generateTexts(model, letters, ['ab'], { eager })).rejects.toThrow(/received NaN/);
  }
  model.dispose();
});

test('the event loop is free while steps are replayed', async () => {
  manualSeed(5);
  const model = new Gpt({ vocabSize, contextLength: 256, width: 256, layers: 6, heads: 4 });
  let turns = 0;
  let running = true;
  const turn = () => void (turns++, running && setImmediate(turn));
  setImmediate(turn);
  await generateTexts(model, letters, ['ab'], { maxTokens: 60, seed: 1 });
  running = false;
  expect(turns).toBeGreaterThan(300);
  model.dispose();
});

test('a signal stops a step under way', async () => {
  manualSeed(5);
  const model = new Gpt({ vocabSize, contextLength: 256, width: 256, layers: 6, heads: 4 });
  const signal = AbortSignal.timeout(100);
  const before = memory.stats().liveSlots;
  const many = generateTexts(model, letters, ['ab'], { maxTokens: 100_000, signal });
  await expect(many).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  expect(memory.stats().liveSlots).toBe(before);
  model.dispose();
});
