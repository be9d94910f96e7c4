import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { drawFallacies } from '../../../logic/index.js';
import { drawLogicExamples } from '../data/draw-examples.js';
import type { PlacedLogicExample } from '../data/example.js';
import { parseLogicExample } from '../data/example.js';
import { resolveDetectiveSettings } from '../detective/detective-options.js';
import { prepareFallacies } from '../detective/prepare-fallacies.js';
import { DetectiveVocabulary } from '../detective/vocabulary.js';
import { LogicVocabulary } from '../sequence/vocabulary.js';
import { resolveLogicSettings } from '../train/options.js';
import { packLogic } from '../train/prepare-data.js';
import { runTraining } from '../train/run-training.js';
import type { FrozenTest, PlayerName } from './frozen-test.js';
import type { OpenedModel } from './open-model.js';
import { takeShare } from './pools.js';
import type { Pools } from './pools.js';
import type { SelfPlaySettings } from './self-play-options.js';

/** A training of one model in one round. */
export interface Lesson {
  round: number;
  name: PlayerName;
  player: OpenedModel;
  pools: Pools;
  test: FrozenTest;
}

/** Texts that the validation loss of a lesson is measured on. */
const HELD = 24;

/**
 * Names the run folder of a lesson.
 *
 * @param lesson - round and model
 * @param settings - of the self-play
 * @returns a path
 */
export function nameLesson(lesson: Pick<Lesson, 'round' | 'name'>, settings: SelfPlaySettings): string {
  return join(settings.folder, 'rounds', String(lesson.round), lesson.name);
}

/**
 * Trains a model further: on newly drawn records and on its pool, up to the pool's share. A training that was stopped goes on
 * from its newest checkpoint.
 *
 * @param lesson - the model and what it is to learn
 * @param settings - of the self-play
 * @returns how much of its pool was read
 * @throws PalabraError of code PAL_ABORTED when the signal fires; the errors of `Trainer.steps`
 */
export async function trainPlayer(lesson: Lesson, settings: SelfPlaySettings): Promise<number> {
  return await (lesson.name === 'formalizer' ? trainFormalizerOn : trainDetectiveOn)(lesson, settings);
}

/** The settings of both trainings. */
function chooseTraining(lesson: Lesson, settings: SelfPlaySettings) {
  const { steps, learningRate, records, signal, onStage } = settings;
  const folder = nameLesson(lesson, settings);
  const seed = settings.seed + lesson.round;
  onStage?.('training', `${lesson.name}, round ${lesson.round}`);
  return {
    ...{ folder, seed, learningRate, records, held: HELD, resume: existsSync(folder) },
    ...(steps !== undefined && { steps }),
    ...(signal && { signal }),
  };
}

async function trainFormalizerOn(lesson: Lesson, settings: SelfPlaySettings): Promise<number> {
  const { player, pools, test } = lesson;
  const own = resolveLogicSettings({ recipe: 'xs', ...chooseTraining(lesson, settings) });
  const { records: count, held, seed, noise, signal } = own;
  const drawn = await drawLogicExamples({ count, held, seed, noise, avoid: test.avoid, signal });
  const pool = takeShare(pools.formalizer, count, settings.share).map(readSentence);
  const splits = { train: [...drawn.train, ...pool], held: drawn.held };
  const vocabulary = new LogicVocabulary(player.tokenizer);
  const packed = packLogic(splits, vocabulary, own);
  await runTraining('runSelfPlay', player.model, { ...packed, vocabulary }, own);
  return pool.length;
}

/** A sentence of the journal as an example, its level found anew. */
function readSentence(sentence: Pools['formalizer'][number]): PlacedLogicExample {
  return (parseLogicExample(sentence) as { example: PlacedLogicExample }).example;
}

async function trainDetectiveOn(lesson: Lesson, settings: SelfPlaySettings): Promise<number> {
  const { player, pools, test } = lesson;
  const { fold, share } = settings;
  const own = resolveDetectiveSettings({ ...chooseTraining(lesson, settings), fold });
  const { records: count, held, seed, signal } = own;
  const drawn = await drawFallacies({ count, held, seed, fold, signal });
  const pool = takeShare(pools.detective, count, share);
  const train = [...drawn.train.filter(({ text }) => !test.avoid.has(text)), ...pool];
  const vocabulary = new DetectiveVocabulary(player.tokenizer);
  const prepared = await prepareFallacies(own, { splits: { train, held: { words: drawn.held.words } }, vocabulary });
  await runTraining('runSelfPlay', player.model, { ...prepared, vocabulary }, own);
  return pool.length;
}
