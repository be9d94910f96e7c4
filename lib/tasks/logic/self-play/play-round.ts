import { Turns } from '../../../core/index.js';
import type { OpenJournal } from '../../../experiments/index.js';
import { argumentKinds, findNearDuplicates, generateArgument } from '../../../logic/index.js';
import type { ArgumentKind, GeneratedArgument } from '../../../logic/index.js';
import { detect } from '../detective/detect.js';
import { formalize } from '../formalize/formalize.js';
import { judgeAlarm, judgeFallacy } from './judge-argument.js';
import type { IsKnown, Judgement } from './judge-argument.js';
import type { OpenedModel } from './open-model.js';
import { listItems } from './pools.js';
import type { SelfPlaySettings } from './self-play-options.js';

/** Arguments that are read side by side. */
const SIDE_BY_SIDE = 16;

/** Who plays. */
export interface Players {
  formalizer: OpenedModel;
  detective: OpenedModel;
}

/**
 * Plays a round: the formaliser reads fallacies, the detective valid arguments, and the journal gets a line for each. What it
 * has already is not played again.
 *
 * @param round - from 1
 * @param players - both models
 * @param journal - of the self-play
 * @param settings - of the self-play
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function runRound(
  round: number,
  players: Players,
  journal: OpenJournal,
  settings: SelfPlaySettings,
): Promise<void> {
  const { drawn, onStage, signal } = settings;
  const turns = new Turns('runSelfPlay', signal);
  for (const kind of argumentKinds) {
    onStage?.('playing', `round ${round}, ${drawn} arguments, ${kind}`);
    for (let from = 0; from < drawn; from += SIDE_BY_SIDE) {
      await turns.next();
      const places = Array.from(
        { length: Math.min(SIDE_BY_SIDE, drawn - from) },
        (_, i) => (round - 1) * drawn + from + i,
      );
      await runBatch({ round, kind, places }, players, journal, settings);
    }
  }
}

interface Batch {
  round: number;
  kind: ArgumentKind;
  places: readonly number[];
}

async function runBatch(
  { round, kind, places }: Batch,
  players: Players,
  journal: OpenJournal,
  { seed, signal }: SelfPlaySettings,
): Promise<void> {
  const done = new Set(listItems(journal.entries).flatMap((item) => (item.kind === kind ? [item.place] : [])));
  if (places.every((place) => done.has(place))) return;
  const drawn = places.map((place) => generateArgument(place, { seed, kind, slice: 'train' }));
  const judges = await (kind === 'fallacy' ? readFallacies : readValid)(drawn, players, signal);
  for (const [i, place] of places.entries()) {
    if (done.has(place)) continue;
    const { form, text } = drawn[i]!;
    const known = listItems(journal.entries).map((item) => item.text);
    const judgement = judges[i]!((other) => isNear(other, known));
    journal.append({ type: 'item', round, kind, place, form, text, ...judgement });
  }
}

type Judge = (isKnown: IsKnown) => Judgement;

async function readFallacies(
  drawn: readonly GeneratedArgument[],
  { formalizer }: Players,
  signal: AbortSignal | undefined,
): Promise<Judge[]> {
  const texts = drawn.map(({ premises, conclusion }) => [...premises, conclusion].map(({ input }) => input));
  const written = await formalize(texts.flat(), { ...formalizer, signal });
  return drawn.map((argument, i) => {
    const own = written.splice(0, texts[i]!.length);
    return (isKnown) => judgeFallacy(argument, own, isKnown);
  });
}

async function readValid(
  drawn: readonly GeneratedArgument[],
  { detective }: Players,
  signal: AbortSignal | undefined,
): Promise<Judge[]> {
  const found = await detect(
    drawn.map(({ text }) => text),
    { ...detective, signal },
  );
  return drawn.map((argument, i) => (isKnown) => judgeAlarm(argument, found[i]!, isKnown));
}

/** The filter of novelty: near-duplicates share nine of ten 5-grams. */
function isNear(text: string, known: readonly string[]): boolean {
  return findNearDuplicates([...known, text]).some(({ later }) => later === known.length);
}
