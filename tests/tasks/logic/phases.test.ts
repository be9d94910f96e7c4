import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateRecord } from '../../../lib/logic/index.js';
import {
  LogicVocabulary,
  decodeLogicSequence,
  encodeLogicRecord,
  trainLogic,
  trainLogicTokenizer,
} from '../../../lib/tasks/index.js';
import type { PlacedLogicExample, TrainLogicOptions, TrainLogicReport } from '../../../lib/tasks/index.js';
import { encodeTaught } from '../../../lib/tasks/logic/objective/encode-taught.js';
import { sumTeacherLoss } from '../../../lib/tasks/logic/objective/teacher-loss.js';
import { createWriter, planPhases } from '../../../lib/tasks/logic/phases/plan-phases.js';
import type { LogicPhase } from '../../../lib/tasks/logic/phases/plan-phases.js';
import { scope, tensor } from '../../../lib/tensor/index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-phases-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tiny = { recipe: 'xs', vocabSize: 400, records: 24, held: 1, batchSize: 2, steps: 3, seed: 5 } as const;
const train = (name: string, options: Partial<TrainLogicOptions> = {}): Promise<TrainLogicReport> =>
  trainLogic({ folder: join(folder, name), ...tiny, ...options });

async function readWeights(name: string): Promise<string> {
  return (await readFile(join(folder, name, 'model', 'model.safetensors'))).toString('base64');
}

/** Trains until the first update of a phase has been made, then goes on. */
async function interrupt(name: string, phase: number, options: Partial<TrainLogicOptions>): Promise<TrainLogicReport> {
  const controller = new AbortController();
  let begun = 0;
  const stopped = train(name, {
    ...options,
    signal: controller.signal,
    onStep: ({ step }) => {
      if (step === 1 && begun++ === phase) controller.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  return await train(name, { ...options, resume: true });
}

describe('a distillation', () => {
  let plain: TrainLogicReport;
  beforeAll(async () => {
    plain = await train('plain', { phases: 'distill' });
  });

  test('learns with the reasoning, then a third as long without it, and reports both on the same sentences', () => {
    expect(plain.phases!.map(({ name, steps }) => [name, steps])).toEqual([
      ['thought', 3],
      ['direct', 1],
    ]);
    const [first, second] = plain.phases!.map(({ held }) =>
      Object.entries(held).map(([kind, { count }]) => [kind, count]),
    );
    expect(first).toEqual(second);
    expect(plain.steps).toBe(4);
  });

  test('goes on from the weights of its first phase', async () => {
    expect(await readWeights('plain')).toBe(await readWeights('plain/phases/1-direct'));
    expect(await readWeights('plain')).not.toBe(await readWeights('plain/phases/0-thought'));
    await train('full', { mode: 'full' });
    expect(await readWeights('plain/phases/0-thought')).toBe(await readWeights('full'));
  });

  test('changes with its teacher, and stopped in either phase goes on to the same weights', async () => {
    await train('taught', { phases: 'distill', teacher: 0.5 });
    expect(await readWeights('taught')).not.toBe(await readWeights('plain'));
    for (const phase of [0, 1]) {
      const name = `stopped-${phase}`;
      const { phases } = await interrupt(name, phase, { phases: 'distill', teacher: 0.5 });
      expect(phases).toHaveLength(2);
      expect(await readWeights(name)).toBe(await readWeights('taught'));
    }
  });

  test('alone has a teacher', async () => {
    await expect(train('x', { teacher: 0.5 })).rejects.toThrow('distillation');
    await expect(train('x', { phases: 'two' as never })).rejects.toThrow('phases');
  });
});

describe('a teacher', () => {
  test('is the divergence of softened probabilities by hand, and 0 from itself', () => {
    scope(() => {
      const labels = tensor([[2, 4]], { dtype: 'int64' });
      const logits = tensor([
        [
          [0, 2 * Math.log(3)],
          [0, 0],
        ],
      ]);
      // The student's row says 1/4 and 3/4, the teacher's 1/2 and 1/2: KL = ln 2 − ½ ln 3 + … by hand.
      const divergence = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
      expect(sumTeacherLoss({ student: logits, teacher: logits, labels }).item()).toBeCloseTo(4 * divergence, 5);
      const same = tensor([
        [
          [1, 5],
          [1, 5],
        ],
      ]);
      expect(sumTeacherLoss({ student: same, teacher: same, labels }).item()).toBeCloseTo(0, 6);
    });
  });

  test('reads the formula behind the reasoning, of which nothing counts', async () => {
    const record = generateRecord(3, { seed: 9 });
    const vocabulary = new LogicVocabulary(await trainLogicTokenizer([record], { vocabSize: 300 }));
    const { ids, answers, labels, breaks } = encodeTaught(record, vocabulary);
    const own = encodeLogicRecord(record, vocabulary);
    const full = encodeLogicRecord(record, vocabulary, { mode: 'full' });
    expect([...ids]).toEqual([...own.ids, ...full.ids]);
    expect(breaks).toEqual([own.ids.length]);
    expect(answers).toEqual(own.answers);
    const count = (wanted: number): number => labels!.filter((label) => label === wanted).length;
    expect(count(4)).toBe(count(2));
  });
});

describe('a pruning', () => {
  const settings = { phases: 'prune', teacher: 0 } as const;

  test('shortens the reasoning sentence by sentence, then leaves out connectors of ever more examples', async () => {
    const phases = planPhases(settings, 2);
    const names = ['thought', 'shorter-1', 'shorter-2', 'connectors-50', 'connectors-100'];
    expect(phases.map(({ name }) => name)).toEqual(names);
    const records = Array.from({ length: 20 }, (_, index) => generateRecord(index, { seed: 9 }));
    const examples = records.map((record) => ({ ...record, reasoning: ['Uno.', 'Dos.'] }));
    const vocabulary = new LogicVocabulary(await trainLogicTokenizer(examples, { vocabSize: 300 }));
    const read = (phase: LogicPhase) =>
      examples.map((example, place) => {
        const { ids, answers } = createWriter(phase, vocabulary)(example, place);
        return decodeLogicSequence(Array.from(ids.slice(answers[0]!.start)), vocabulary);
      });
    const [all, one, none, half, bare] = phases.map(read);
    expect(all!.map(({ thought }) => thought)).toEqual(examples.map(() => 'Uno. Dos.'));
    expect(one!.map(({ thought }) => thought)).toEqual(examples.map(() => 'Dos.'));
    expect(none!.every(({ thought }) => thought === undefined)).toBe(true);
    const say = ({ connectors }: PlacedLogicExample | ReturnType<typeof decodeLogicSequence>) => connectors.length > 0;
    expect(none!.filter(say)).toHaveLength(examples.filter(say).length);
    expect(half!.filter(say).length).toBeGreaterThan(0);
    expect(half!.filter(say).length).toBeLessThan(none!.filter(say).length);
    expect(bare!.filter(say)).toEqual([]);
    for (const some of [one!, none!, half!, bare!])
      expect(some.map(({ atoms }) => atoms)).toEqual(all!.map(({ atoms }) => atoms));
  });

  test('stopped in a stage goes on to the same weights', async () => {
    const whole = await train('pruned', settings);
    expect(whole.phases!.length).toBeGreaterThan(3);
    expect(whole.phases!.every(({ accepted }) => accepted)).toBe(true);
    const { phases } = await interrupt('pruned-half', 1, settings);
    expect(phases!.map(({ name }) => name)).toEqual(whole.phases!.map(({ name }) => name));
    expect(await readWeights('pruned-half')).toBe(await readWeights('pruned'));
  });

  test('returns to the stage before one that loses more than a point', async () => {
    await train('fallen', settings);
    // As if the first stage had formalised everything: what comes after it loses all.
    const path = join(folder, 'fallen', 'phases', '0-thought', 'phase.json');
    const first = JSON.parse(await readFile(path, 'utf8')) as {
      held: Record<string, { scores: { semantic: number } }>;
    };
    for (const kind of Object.values(first.held)) kind.scores.semantic = 1;
    await writeFile(path, JSON.stringify(first));
    await rm(join(folder, 'fallen', 'phases', '1-shorter-1'), { recursive: true });
    const { phases } = await train('fallen', { ...settings, resume: true });
    expect(phases!.map(({ accepted }) => accepted)).toEqual([true, false]);
    expect(await readWeights('fallen')).toBe(await readWeights('fallen/phases/0-thought'));
    expect(existsSync(join(folder, 'fallen', 'phases', '2-shorter-2'))).toBe(true);
  });
});
