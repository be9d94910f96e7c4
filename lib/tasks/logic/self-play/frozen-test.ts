import { StopList, drawFallacies, generateArgument, generateRecord } from '../../../logic/index.js';
import type { FallacyRecord } from '../../../logic/index.js';
import { scoreDetective } from '../detective/score-detective.js';
import type { LogicExample } from '../sequence/encode-record.js';
import { LogicVocabulary } from '../sequence/vocabulary.js';
import { scoreFormalizer } from '../train/score-formalizer.js';
import type { OpenedModel } from './open-model.js';
import { makeInnocent } from './pools.js';
import type { SelfPlaySettings } from './self-play-options.js';

/** A model of self-play. */
export type PlayerName = 'formalizer' | 'detective';

/** Both models of self-play. */
export const playerNames: readonly PlayerName[] = ['formalizer', 'detective'];

/** What decides about a new model; drawn once from words and templates that no training reads. */
export interface FrozenTest {
  /** Sentences of the grammar, and those of arguments. */
  sentences: readonly LogicExample[];
  /** Texts of held-out templates, and valid arguments. */
  texts: readonly FallacyRecord[];
  /** What no training may read. */
  avoid: StopList;
}

/** Seeds of the test lie apart from those of what is trained on. */
const APART = 1_000_003;

/**
 * Draws the frozen test of a self-play.
 *
 * @param settings - of the self-play
 * @returns the test, the same for the same settings
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function drawFrozenTest({ frozen, seed, fold, signal }: SelfPlaySettings): Promise<FrozenTest> {
  const own = { seed: seed + APART, slice: 'test' } as const;
  const places = [...Array(frozen).keys()];
  const valid = places.map((place) => generateArgument(place, { ...own, kind: 'valid' }));
  const fallacies = places.map((place) => generateArgument(place, { ...own, kind: 'fallacy' }));
  const said = [...valid, ...fallacies].flatMap(({ premises, conclusion }) => [...premises, conclusion]);
  const sentences = [...places.map((place) => generateRecord(place, { ...own, noise: 0 })), ...said];
  const { held } = await drawFallacies({ count: 1, held: frozen, seed: own.seed, fold, signal });
  const texts = [...held.templates, ...valid.map(({ text }) => makeInnocent(text))];
  return {
    sentences,
    texts,
    avoid: new StopList([...sentences.map(({ input }) => input), ...texts.map(({ text }) => text)]),
  };
}

/**
 * Measures a model on the frozen test.
 *
 * @param name - whose part of the test
 * @param player - the model
 * @param test - of {@link drawFrozenTest}
 * @param signal - stops the work
 * @returns of a formaliser the share of equivalent formulas, of a detective its macro F1
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function measurePlayer(
  name: PlayerName,
  { model, tokenizer }: OpenedModel,
  test: FrozenTest,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (name === 'detective') return (await scoreDetective(test.texts, { model, tokenizer, signal })).macroF1;
  const { scores } = await scoreFormalizer(model, new LogicVocabulary(tokenizer), test.sentences, signal);
  return scores.semantic;
}
