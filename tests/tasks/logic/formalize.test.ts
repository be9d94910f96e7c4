import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { equivalent, generateRecord, listAtoms, parseFormula, printFormula } from '../../../lib/logic/index.js';
import { Gpt, saveModel } from '../../../lib/models/index.js';
import {
  LogicConstraint,
  LogicVocabulary,
  encodeLogicPrompt,
  encodeLogicRecord,
  formalize,
  logicModes,
  trainLogicTokenizer,
} from '../../../lib/tasks/index.js';
import type { FormalizeOptions, FormalizedSentence, FormalizedToken } from '../../../lib/tasks/index.js';
import { searchBeams } from '../../../lib/tasks/logic/decoding/beam-search.js';
import { TokenTable } from '../../../lib/tasks/logic/decoding/token-table.js';
import { outputLimits } from '../../../lib/tasks/logic/decoding/output-state.js';
import { startOutput } from '../../../lib/tasks/logic/decoding/section-states.js';
import { manualSeed, memory, noGrad } from '../../../lib/tensor/index.js';
import { palabra } from '../../helpers/cli.js';

const records = Array.from({ length: 60 }, (_, index) => generateRecord(index, { seed: 5, slice: 'train' }));
const inputs = records.map(({ input }) => input);

let vocabulary: LogicVocabulary;
beforeAll(async () => {
  vocabulary = new LogicVocabulary(await trainLogicTokenizer(records, { vocabSize: 700 }));
});

/** Random weights; with more rows than the tokenizer has tokens. */
function createModel(seed: number, spread = 1): Gpt {
  manualSeed(seed);
  const vocabSize = vocabulary.tokenizer.size + 4;
  const model = new Gpt({ vocabSize, contextLength: 192, width: 16, layers: 1, heads: 2 });
  noGrad(() => model.parameters().forEach((parameter) => parameter.mul_(spread)));
  return model;
}

const select = (model: Gpt, options: Partial<FormalizeOptions> = {}): FormalizeOptions => ({
  model,
  tokenizer: vocabulary.tokenizer,
  maxNewTokens: 40,
  ...options,
});

function expectWhole({ formula, formulaAscii, ast, atoms, valid, tokens, logProb }: FormalizedSentence): void {
  expect(valid).toBe(true);
  expect(parseFormula(formula!)).toEqual(ast);
  expect(equivalent(parseFormula(formulaAscii!), ast!)).toBe(true);
  expect(tokens.at(-1)).toBe(vocabulary.eos);
  const letters = atoms.map(({ letter }) => letter);
  if (tokens[0] !== vocabulary.sections.formula) expect(letters).toEqual(expect.arrayContaining(listAtoms(ast!)));
  expect(atoms.every(({ gloss }) => gloss.trim() === gloss && gloss !== '')).toBe(true);
  expect(logProb).toBeLessThan(0);
}

describe('a model of random weights', () => {
  test.each([
    ['greedy', {}],
    ['sampled', { temperature: 1, seed: 3 }],
    ['sampled hot among few', { temperature: 3, topK: 5, seed: 4 }],
    ['by beams', { beams: 3 }],
    ['formulas alone', { mode: 'formulaOnly', temperature: 1, seed: 5 }],
    ['with reasoning', { mode: 'full', temperature: 1, seed: 6 }],
    ['without connectors', { mode: 'noConnectors', temperature: 1, seed: 7 }],
    ['without connectors, by beams', { mode: 'noConnectors', beams: 3 }],
  ] as const)('%s: every output is a formula of declared atoms', async (_, options) => {
    using model = createModel(1, 3);
    const found = await formalize(inputs.slice(0, 40), select(model, options));
    expect(found).toHaveLength(40);
    found.forEach(expectWhole);
    for (const { tokens, finishReason } of found) expect([tokens.length <= 40, finishReason]).not.toContain('length');
  });

  test('1,000 outputs, none without a formula', async () => {
    using model = createModel(2, 2);
    const texts = Array.from({ length: 1000 }, (_, i) => inputs[i % inputs.length]!);
    const options = select(model, { temperature: 1.5, seed: 9, maxNewTokens: 16, batchSize: 250 });
    const found = await formalize(texts, options);
    expect(found.filter(({ valid, finishReason }) => valid && finishReason !== 'length')).toHaveLength(1000);
  }, 300_000);

  test('an output without connectors is atoms and a formula, also where the tokens run out', async () => {
    using model = createModel(7, 3);
    const options = select(model, { mode: 'noConnectors', temperature: 1, seed: 2, maxNewTokens: 12 });
    const { atoms, formula } = vocabulary.sections;
    for (const { tokens, connectors, atoms: declared } of await formalize(inputs.slice(0, 20), options)) {
      expect(tokens.filter((id) => Object.values(vocabulary.sections).includes(id))).toEqual([atoms, formula]);
      expect([connectors, declared.length > 0]).toEqual([[], true]);
    }
  });

  test('without the constraint nothing is sure', async () => {
    using model = createModel(2);
    const found = await formalize(inputs.slice(0, 8), select(model, { constrained: false, temperature: 1, seed: 1 }));
    expect(found.filter(({ valid }) => valid)).toEqual([]);
    expect(found.every(({ formula, ast }) => (formula === undefined) === (ast === undefined))).toBe(true);
  });

  test('side by side, sentences of many lengths give what each gives alone', async () => {
    using model = createModel(3, 3);
    const some = [...inputs.slice(0, 5), 'Llueve.'];
    for (const beams of [1, 3]) {
      const together = await formalize(some, select(model, { beams }));
      const alone: FormalizedSentence[] = [];
      for (const text of some) alone.push(await formalize(text, select(model, { beams })));
      expect(together.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
    }
  });

  test('beams find what is at least as likely as greedy, their sums are the model’s own, and nothing stays', async () => {
    using model = createModel(4, 4);
    const before = memory.stats().liveSlots;
    const greedy = await formalize(inputs.slice(0, 8), select(model));
    const beams = await formalize(inputs.slice(0, 8), select(model, { beams: 6 }));
    const gains = beams.map(({ logProb }, i) => logProb - greedy[i]!.logProb);
    expect(gains.filter((gain) => gain > 1e-6).length).toBeGreaterThan(4);
    expect(memory.stats().liveSlots).toBe(before);
  });

  test('one beam is the greedy output, and a matcher that starts anew takes what each of several has written', async () => {
    using model = createModel(4, 4);
    const texts = inputs.slice(0, 4);
    const constraint = new LogicConstraint(vocabulary, { maxTokens: 40 });
    const search = (beams: number) =>
      searchBeams({
        ...{ model, beams, maxTokens: 40, end: vocabulary.eos, suppressed: [] },
        prompts: texts.map((text) => Array.from(encodeLogicPrompt(text, vocabulary))),
        start: (prompt) => constraint.start(prompt),
      });
    const greedy = await formalize(texts, select(model));
    expect((await search(1)).map(({ ids }) => ids)).toEqual(greedy.map(({ tokens }) => tokens));
    for (const [place, { ids, ended }] of (await search(5)).entries()) {
      const matcher = constraint.start(Array.from(encodeLogicPrompt(texts[place]!, vocabulary)));
      const refused = ids.filter((id) => {
        const allowed = new Uint8Array(vocabulary.tokenizer.size);
        matcher.allow(allowed);
        if (allowed[id] === 1) matcher.accept(id);
        return allowed[id] !== 1;
      });
      expect([refused, ended]).toEqual([[], true]);
    }
  });

  test('tokens come as they are written, and a signal ends it', async () => {
    using model = createModel(5, 3);
    const heard: FormalizedToken[] = [];
    const found = await formalize(
      inputs.slice(0, 3),
      select(model, { batchSize: 2, onToken: (token) => heard.push(token) }),
    );
    for (const [sentence, { tokens }] of found.entries())
      expect(heard.filter((token) => token.sentence === sentence).map(({ id }) => id)).toEqual(tokens);
    const controller = new AbortController();
    const stopped = formalize(inputs, select(model, { signal: controller.signal, onToken: () => controller.abort() }));
    await expect(stopped).rejects.toThrow(/PAL_ABORTED/);
    await expect(formalize(inputs, select(model, { beams: 2, signal: AbortSignal.abort() }))).rejects.toThrow(
      /PAL_ABORTED/,
    );
  });
});

test('every record that the encoder writes is one that the constraint lets through, token by token', () => {
  for (const mode of logicModes) {
    const constraint = new LogicConstraint(vocabulary, { mode, maxTokens: 512 });
    for (const record of records) {
      const { ids, answers } = encodeLogicRecord(record, vocabulary, { mode });
      const matcher = constraint.start();
      const allowed = new Uint8Array(vocabulary.tokenizer.size);
      const refused = Array.from(ids.slice(answers[0].start)).filter((id) => {
        matcher.allow(allowed.fill(0));
        const isAllowed = allowed[id] === 1;
        if (isAllowed) matcher.accept(id);
        return !isAllowed;
      });
      expect([record.input, vocabulary.tokenizer.decode(refused)]).toEqual([record.input, '']);
    }
  }
});

test('every token that is allowed is accepted, every other refused, no special one in words; after the end only the end', () => {
  const table = new TokenTable(vocabulary);
  const random = new Random(7);
  const { tokenizer, eos } = vocabulary;
  const special = new Set(Object.values(tokenizer.specialTokens!));
  for (let i = 0; i < 6; i++) {
    let state = startOutput({ sections: ['thought', 'atoms', 'connectors', 'formula'], limits: outputLimits });
    for (let room = 30 + random.integer(30); state.need > 0; room--) {
      const { mask } = table.select(state, room);
      const ids = Array.from({ length: tokenizer.size }, (_, id) => id);
      const now = state;
      const accepted = ids.filter((id) => (table.step(now, id)?.need ?? Infinity) <= room - 1);
      expect(ids.filter((id) => mask[id] === 1)).toEqual(accepted);
      expect(accepted.filter((id) => special.has(id)).length).toBeLessThanOrEqual(2);
      state = table.step(state, accepted[random.integer(accepted.length)]!)!;
    }
  }
  const matcher = new LogicConstraint(vocabulary, { mode: 'formulaOnly', maxTokens: 3 }).start();
  for (const id of [vocabulary.sections.formula, vocabulary.symbols.get('p')!, eos, eos]) {
    const allowed = new Uint8Array(tokenizer.size);
    matcher.allow(allowed);
    expect(allowed[id]).toBe(1);
    matcher.accept(id);
  }
  const allowed = new Uint8Array(tokenizer.size);
  matcher.allow(allowed);
  expect(allowed.indexOf(1)).toBe(eos);
  expect(allowed.lastIndexOf(1)).toBe(eos);
});

test('what does not fit is refused', async () => {
  using model = createModel(6);
  await expect(formalize('', select(model))).rejects.toThrow(/texts\[0\] to be a sentence of 1 to 600 characters/);
  await expect(formalize(['a', 'b '.repeat(301)], select(model))).rejects.toThrow(/texts\[1\].*one of 601/);
  await expect(formalize('¿'.repeat(600), select(model))).rejects.toThrow(/fewer than 192 tokens/);
  await expect(formalize('a', select(model, { maxNewTokens: 8 }))).rejects.toThrow(/maxTokens of at least 9/);
  await expect(formalize('a', select(model, { beams: 2, temperature: 1 }))).rejects.toThrow(
    /temperature 0 with several beams/,
  );
  await expect(formalize('a', select(model, { mode: 'all' as 'full' }))).rejects.toThrow(/mode/);
  const decomposed = await formalize('Llovera\u0301.', select(model));
  expect(decomposed.input).toBe('Lloverá.');
  expect(printFormula(decomposed.ast!)).toBe(decomposed.formula);
});

test('palabra logic formalize reads sentences and lines of a file, and prints formulas', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-formalize-'));
  using model = createModel(8, 3);
  await saveModel(join(folder, 'model'), model, { tokenizer: vocabulary.tokenizer });
  writeFileSync(join(folder, 'lines.txt'), `${inputs[0]}\n\n${inputs[1]}\n`);
  const run = (...args: string[]) => palabra(['logic', 'formalize', '--model', folder, ...args]);
  const one = await run('Llueve.');
  const expected = await formalize('Llueve.', { model, tokenizer: vocabulary.tokenizer, beams: 4 });
  expect(one).toMatchObject({ status: 0, stderr: '' });
  expect(one.stdout.split('\n').slice(0, 2)).toEqual([expected.formula, expected.formulaAscii]);
  expect(one.stdout).toContain(`\np  ${expected.atoms[0]!.gloss}`);
  const many = await run('--file', join(folder, 'lines.txt'), '--json', '--beams', '2');
  const found = JSON.parse(many.stdout) as FormalizedSentence[];
  expect(found.map(({ input, valid }) => [input, valid])).toEqual([
    [inputs[0], true],
    [inputs[1], true],
  ]);
  expect((await run('--free', 'Llueve.')).stdout).toMatch(/^no formula\n/);
  expect((await run('--beams', 'two', 'Llueve.')).stderr).toMatch(/beams/);
  expect(await palabra(['logic', 'formalize', '--model', join(folder, 'none'), 'Llueve.'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/no such folder[^]*palabra logic train --out runs\/logic/),
  });
  rmSync(folder, { recursive: true });
});
