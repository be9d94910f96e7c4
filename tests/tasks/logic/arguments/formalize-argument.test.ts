import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateRecord, listAtoms, parseFormula, verifyArgument } from '../../../../lib/logic/index.js';
import { Gpt, saveModel } from '../../../../lib/models/index.js';
import { formalizeArgument, trainLogicTokenizer } from '../../../../lib/tasks/index.js';
import { joinParts } from '../../../../lib/tasks/logic/arguments/formalize-argument.js';
import type { FormalizedSentence } from '../../../../lib/tasks/index.js';
import type { Tokenizer } from '../../../../lib/text/index.js';
import { manualSeed } from '../../../../lib/tensor/index.js';
import { palabra } from '../../../helpers/cli.js';

let folder = '';
let tokenizer: Tokenizer;
let model: Gpt;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-argument-'));
  const records = Array.from({ length: 40 }, (_, index) => generateRecord(index, { seed: 5 }));
  tokenizer = await trainLogicTokenizer(records, { vocabSize: 400 });
  manualSeed(2);
  model = new Gpt({ vocabSize: tokenizer.size, contextLength: 128, width: 16, layers: 1, heads: 2 });
});
afterAll(async () => {
  model.dispose();
  await rm(folder, { recursive: true });
});

/** What a model that does not err writes of a sentence. */
const write = (formula: string, glosses: string[], connectors: FormalizedSentence['connectors'] = []) => ({
  formula: parseFormula(formula),
  sentence: {
    atoms: glosses.map((gloss, place) => ({ letter: 'pqr'[place]!, gloss })),
    connectors,
  } as unknown as FormalizedSentence,
});

test('premises and conclusion share their letters, and the words of a premise name its fallacy', () => {
  const { premises, conclusion, atoms, cues } = joinParts([
    write('p -> q', ['entro', 'tengo la llave'], [{ symbol: '→', cue: 'solo si' }]),
    write('p -> q', ['tengo la llave', 'entro'], [{ symbol: '→', cue: 'si' }]),
  ]);
  expect(atoms.map(({ gloss }) => gloss)).toEqual(['entro', 'tengo la llave']);
  expect(verifyArgument(premises, conclusion, { cues })).toMatchObject({ fallacy: 'onlyIfReversed' });
});

test('letters of a formula among sentences are those of the sentences', () => {
  const { premises, conclusion } = joinParts([
    write('q -> p', ['me mojo', 'llueve']),
    { formula: parseFormula('q') },
    { formula: parseFormula('p') },
  ]);
  expect(verifyArgument(premises, conclusion)).toMatchObject({ status: 'valid', form: 'modusPonens' });
});

test('a model of random weights gives formulas of declared letters; formulas stay as they are', async () => {
  const argument = { premises: ['Si llueve, me mojo.', 'p -> q'], conclusion: 'Me mojo.' };
  const { premises, conclusion, atoms, cues } = await formalizeArgument(argument, { model, tokenizer });
  expect([premises.length, cues.length, premises[1]]).toEqual([2, 2, parseFormula('p -> q')]);
  const letters = atoms.map(({ letter }) => letter);
  expect(letters).toEqual(expect.arrayContaining([...listAtoms(premises[0]!), ...listAtoms(conclusion)]));
  const stopped = formalizeArgument(argument, { model, tokenizer, signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  const broken = formalizeArgument({ premises: ['p -> )'], conclusion: 'q' }, { model, tokenizer });
  await expect(broken).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
});

test('palabra logic verify reads sentences by a model, and names it where there is none', async () => {
  const path = join(folder, 'model');
  await saveModel(path, model, { tokenizer });
  const argument = ['logic', 'verify', 'Si llueve, me mojo.', 'p', '--conclusion', 'Me mojo.'];
  const { stdout } = await palabra([...argument, '--model', path, '--beams', '1', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    premises: [expect.any(String), 'p'],
    atoms: expect.arrayContaining([{ letter: 'p', gloss: expect.any(String) }]),
    status: expect.any(String),
  });
  const missing = await palabra([...argument, '--model', join(folder, 'none')]);
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining('palabra logic train') });
});
