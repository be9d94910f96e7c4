import { describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { generateTexts } from '../../lib/generation/index.js';
import type { ConstraintMatcher, LogitConstraint } from '../../lib/generation/index.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import { manualSeed, memory } from '../../lib/tensor/index.js';
import { CharTokenizer } from '../../lib/text/index.js';

const tokenizer = new CharTokenizer([...'abc.']);
const [A, B, , STOP] = [0, 1, 2, 3];

/** An automaton over ids: which may follow each state, and the state that follows. */
function createAutomaton(next: Readonly<Record<string, Readonly<Record<number, string>>>>): LogitConstraint {
  return {
    start(): ConstraintMatcher {
      let state = 'start';
      return {
        allow: (allowed) => Object.keys(next[state]!).forEach((id) => (allowed[Number(id)] = 1)),
        accept: (id) => void (state = next[state]![id] ?? state),
      };
    },
  };
}

/** Texts of (ab)+ and a full stop. */
const pairs = createAutomaton({
  start: { [A]: 'a' },
  a: { [B]: 'b' },
  b: { [A]: 'a', [STOP]: 'end' },
  end: { [STOP]: 'end' },
});
const everything = createAutomaton({ start: { 0: 'start', 1: 'start', 2: 'start', 3: 'start' } });

const models = {
  gpt: () => new Gpt({ vocabSize: tokenizer.size, contextLength: 24, width: 16, layers: 2, heads: 2 }),
  lstm: () => new LstmLanguageModel({ vocabSize: tokenizer.size, embeddingDim: 8, width: 12 }),
};

describe.each(Object.entries(models))('%s', (_, make) => {
  const options = { maxTokens: 20, endTokens: [STOP], samples: 3, seed: 5 };

  test('every text is one of the automaton, and replayed passes write what eager ones do', async () => {
    manualSeed(2);
    using model = make();
    const prompts = ['c', 'cba'];
    const replayed = await generateTexts(model, tokenizer, prompts, { ...options, constraint: pairs });
    const eager = await generateTexts(model, tokenizer, prompts, { ...options, constraint: pairs, eager: true });
    expect(replayed.map(({ ids }) => ids)).toEqual(eager.map(({ ids }) => ids));
    for (const { ids, finish } of replayed) {
      const text = tokenizer.decode(ids);
      expect(text).toMatch(finish === 'end' ? /^(ab)+\.$/ : /^(ab){10}$/);
    }
    expect(new Set(replayed.map(({ ids }) => ids.length)).size).toBeGreaterThan(1);
  });

  test('filters apply to what is allowed, and one that allows everything changes nothing', async () => {
    manualSeed(2);
    using model = make();
    const greedy = await generateTexts(model, tokenizer, ['c'], { ...options, topK: 1, constraint: pairs });
    for (const { ids } of greedy) expect(tokenizer.decode(ids)).toMatch(/^(ab)+\.?$/);
    const free = await generateTexts(model, tokenizer, ['ca'], options);
    expect(await generateTexts(model, tokenizer, ['ca'], { ...options, constraint: everything })).toEqual(free);
  });

  test('one that allows nothing is refused, and no tensor stays', async () => {
    manualSeed(2);
    const before = memory.stats().liveSlots;
    const nothing = createAutomaton({ start: {} });
    for (const eager of [false, true]) {
      using model = make();
      const text = generateTexts(model, tokenizer, ['c'], { ...options, constraint: nothing, eager });
      await expect(text).rejects.toThrow(/PAL_ARGUMENT.*no token that is not banned/);
    }
    expect(memory.stats().liveSlots).toBe(before);
  });
});

test('a text starts its own matcher after its prompt, and it sees every token', async () => {
  manualSeed(2);
  using model = models.gpt();
  const seen: number[][] = [];
  const constraint: LogitConstraint = {
    start: (prompt) => {
      const text = [...prompt];
      seen.push(text);
      const random = new Random(prompt.length);
      return { allow: (allowed) => allowed.fill(1, 0, 1 + random.integer(3)), accept: (id) => text.push(id) };
    },
  };
  const texts = await generateTexts(model, tokenizer, ['ab', 'c'], {
    maxTokens: 6,
    seed: 1,
    forcedTokens: [2],
    constraint,
  });
  expect(seen).toEqual([
    [A, B, ...texts[0]!.ids],
    [2, ...texts[1]!.ids],
  ]);
});
