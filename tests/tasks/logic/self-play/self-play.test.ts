import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  drawFallacies,
  generateArgument,
  generateRecord,
  parseFormula,
  printFormula,
} from '../../../../lib/logic/index.js';
import type { GeneratedArgument } from '../../../../lib/logic/index.js';
import { Gpt, saveModel } from '../../../../lib/models/index.js';
import { runSelfPlay, trainDetectiveTokenizer, trainLogicTokenizer } from '../../../../lib/tasks/index.js';
import type { DetectedFallacy, FormalizedSentence, SelfPlayReport } from '../../../../lib/tasks/index.js';
import { judgeAlarm, judgeFallacy } from '../../../../lib/tasks/logic/self-play/judge-argument.js';
import { fillPools, takeShare } from '../../../../lib/tasks/logic/self-play/pools.js';
import { isExhausted } from '../../../../lib/tasks/logic/self-play/report.js';
import type { Tokenizer } from '../../../../lib/text/index.js';
import { manualSeed } from '../../../../lib/tensor/index.js';
import { palabra } from '../../../helpers/cli.js';

let folder = '';
const models = { formalizer: '', detective: '' };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-self-play-'));
  const records = Array.from({ length: 40 }, (_, index) => generateRecord(index, { seed: 5 }));
  models.formalizer = await saveRandom('formalizer', await trainLogicTokenizer(records, { vocabSize: 400 }));
  const { train } = await drawFallacies({ count: 36, held: 12 });
  models.detective = await saveRandom('detective', await trainDetectiveTokenizer(train, { vocabSize: 400 }));
});
afterAll(() => rm(folder, { recursive: true }));

async function saveRandom(name: string, tokenizer: Tokenizer): Promise<string> {
  manualSeed(3);
  using model = new Gpt({ vocabSize: tokenizer.size, contextLength: 512, width: 16, layers: 1, heads: 2 });
  await saveModel(join(folder, name), model, { tokenizer });
  return join(folder, name);
}

const fallacy = generateArgument(0, { seed: 1, kind: 'fallacy' });
const valid = generateArgument(0, { seed: 1, kind: 'valid' });
const isNew = () => false;

/** What a model writes that reads each sentence as it is meant, but for some that it reads otherwise. */
function write({ premises, conclusion }: GeneratedArgument, misread: Record<number, string> = {}) {
  return [...premises, conclusion].map(({ input, formula, atoms }, place) => {
    const ast = parseFormula(misread[place] ?? formula);
    return { input, ast, formula: printFormula(ast), atoms, connectors: [] } as unknown as FormalizedSentence;
  });
}

describe('judges', () => {
  const condition = fallacy.premises.findIndex(({ formula }) => formula.includes('→'));
  const turned = fallacy.premises[condition]!.formula === 'p → q' ? 'q → p' : 'p → q';

  test('a fallacy that is read right has nothing to teach; one that a misreading makes valid teaches that sentence', () => {
    expect(fallacy.form).toBe('affirmingTheConsequent');
    expect(judgeFallacy(fallacy, write(fallacy), isNew)).toMatchObject({ outcome: 'passed', found: 'formalFallacy' });
    const wrong = write(fallacy, { [condition]: turned });
    expect(judgeFallacy(fallacy, wrong, isNew)).toEqual({
      ...{ outcome: 'confirmed', found: 'valid' },
      sentences: [fallacy.premises[condition]],
    });
    expect(judgeFallacy(fallacy, wrong, () => true)).toMatchObject({ outcome: 'rejected', reason: 'known' });
    const unread = write(fallacy).map((one) => ({ ...one, ast: undefined }));
    expect(judgeFallacy(fallacy, unread, isNew)).toMatchObject({ outcome: 'passed', found: 'none' });
  });

  test('what the verifier does not confirm is rejected', () => {
    expect(judgeFallacy({ ...valid, kind: 'fallacy' }, write(valid), isNew)).toMatchObject({
      ...{ outcome: 'rejected', reason: 'the verifier calls it valid' },
    });
    const alarm = { label: 'strawMan' } as DetectedFallacy;
    expect(judgeAlarm(valid, { label: 'none' } as DetectedFallacy, isNew).outcome).toBe('passed');
    expect(judgeAlarm(valid, alarm, isNew)).toEqual({ outcome: 'confirmed', found: 'strawMan' });
    expect(judgeAlarm(valid, alarm, () => true)).toMatchObject({ outcome: 'rejected', reason: 'known' });
    expect(judgeAlarm(fallacy, alarm, isNew)).toMatchObject({ outcome: 'rejected' });
    const begged = { ...valid, premises: [...valid.premises, valid.conclusion] };
    expect(judgeAlarm(begged, alarm, isNew)).toMatchObject({ reason: 'it begs the question' });
    const [first] = valid.premises;
    const denied = { ...first!, formula: printFormula(parseFormula(`~(${first!.formula})`)) };
    const torn = { ...valid, premises: [...valid.premises, denied] };
    expect(judgeAlarm(torn, alarm, isNew)).toMatchObject({ reason: 'its premises contradict each other' });
  });

  test('pools hold what is confirmed alone, and give a training no more than their share', () => {
    const item = { round: 1, place: 0, form: 'modusPonens', found: 'x' };
    const pools = fillPools([
      { ...item, kind: 'valid', text: 'a', outcome: 'confirmed' },
      { ...item, kind: 'valid', text: 'b', outcome: 'rejected', reason: 'known' },
      { ...item, kind: 'valid', text: 'c', outcome: 'passed' },
      { ...item, kind: 'fallacy', text: 'd', outcome: 'confirmed', sentences: fallacy.premises },
      { ...item, kind: 'fallacy', text: 'e', outcome: 'rejected', reason: 'known', sentences: fallacy.premises },
    ]);
    expect(pools.detective).toMatchObject([{ text: 'a', label: 'none' }]);
    expect(pools.formalizer).toEqual(fallacy.premises);
    expect(pools.rejected.map(({ text }) => text)).toEqual(['b', 'e']);
    expect([takeShare([1, 2, 3, 4], 8, 0.2), takeShare([1], 8, 0.2), takeShare([1], 3, 0.2)]).toEqual([
      [3, 4],
      [1],
      [],
    ]);
  });

  test('three rounds without a gain are the end', () => {
    const lesson = (round: number, before: number, after: number) => ({
      ...{ type: 'lesson', name: 'detective', round, pooled: 0, before, after, accepted: after >= before },
    });
    const flat = [1, 2, 3].map((round) => lesson(round, 0.5, 0.5));
    expect([isExhausted([]), isExhausted(flat.slice(0, 2)), isExhausted(flat)]).toEqual([false, false, true]);
    expect(isExhausted([lesson(1, 0.5, 0.6), ...flat.slice(1)])).toBe(false);
  });
});

describe('a self-play', () => {
  const tiny = { rounds: 2, drawn: 4, frozen: 1, records: 24, steps: 1 };
  const play = (name: string, options = {}) =>
    runSelfPlay({ folder: join(folder, name), ...models, ...tiny, ...options });
  const readPool = (name: string, pool: string) => readFile(join(folder, name, 'pools', `${pool}.jsonl`), 'utf8');
  let whole: SelfPlayReport;
  beforeAll(async () => {
    whole = await play('whole');
  });

  test('journals every argument and lesson; the detective learns from what it wrongly accused', async () => {
    expect(whole.rounds.map(({ round }) => round)).toEqual([1, 2]);
    for (const { arguments: played, formalizer, detective } of whole.rounds) {
      for (const counts of Object.values(played)) expect(counts.passed + counts.confirmed + counts.rejected).toBe(4);
      for (const lesson of [formalizer!, detective!]) expect(lesson.accepted).toBe(lesson.after >= lesson.before);
    }
    expect(whole.pools.detective).toBeGreaterThan(0);
    expect(whole.rounds[0]!.detective!.pooled).toBeGreaterThan(0);
    const texts = (await readPool('whole', 'detective')).trim().split('\n');
    expect(texts).toHaveLength(whole.pools.detective);
    expect(JSON.parse(await readFile(join(folder, 'whole', 'report.json'), 'utf8'))).toEqual(whole);
  });

  test('goes on where it was stopped, even within a line of its journal, to the same pools and scores', async () => {
    const stop = new AbortController();
    const onStage = (stage: string): void => {
      if (stage === 'training') stop.abort();
    };
    await expect(play('stopped', { onStage, signal: stop.signal })).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    const journal = join(folder, 'stopped', 'trials.jsonl');
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.slice(0, -40));
    const { models: _, ...found } = await play('stopped');
    const { models: __, ...expected } = whole;
    expect(found).toEqual(expected);
    for (const pool of ['formalizer', 'detective', 'rejected'])
      expect(await readPool('stopped', pool)).toBe(await readPool('whole', pool));
  });

  test('refuses another plan in the same folder, and models of another kind', async () => {
    await expect(play('whole', { seed: 9 })).rejects.toMatchObject({ code: 'PAL_CONFIG' });
    await expect(play('other', { share: 0.9 })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    await expect(play('swapped', { detective: models.formalizer })).rejects.toThrow('trainDetective');
  });

  test('is a command, which tells what it knows of a folder that is done', async () => {
    const flags = Object.entries({ ...models, ...tiny }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { status, stdout } = await palabra(['logic', 'self-play', '--out', join(folder, 'whole'), ...flags]);
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/round 2 +fallacies \d/) });
  });
});
