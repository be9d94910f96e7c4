import { join } from 'node:path';
import { createDirectory, writeFileAtomic } from '../../../core/index.js';
import { ExperimentFolder } from '../../../experiments/index.js';
import type { OpenJournal } from '../../../experiments/index.js';
import { drawFrozenTest, measurePlayer, playerNames } from './frozen-test.js';
import type { FrozenTest, PlayerName } from './frozen-test.js';
import { trainPlayer, nameLesson } from './train-player.js';
import { openPlayer } from './open-model.js';
import { runRound } from './play-round.js';
import { fillPools, listItems, writePools } from './pools.js';
import { describeSelfPlay, isExhausted, listLessons } from './report.js';
import type { SelfPlayReport } from './report.js';
import { resolveSelfPlay } from './self-play-options.js';
import type { SelfPlayOptions, SelfPlaySettings } from './self-play-options.js';

/** What a self-play works with. */
interface Play {
  settings: SelfPlaySettings;
  journal: OpenJournal;
  test: FrozenTest;
}

/**
 * Lets a formaliser and a detective learn from each other's errors, round by round. Arguments are drawn by the grammar; where
 * the formaliser makes a fallacy valid, the sentences that it misread enter its pool; where the detective finds a fallacy in a
 * valid argument, the text enters its own. Nothing enters a pool but what the verifier confirms. Then both are trained
 * further, at most a share from their pools, and a new model plays on only where its score on a frozen test has not fallen.
 * It ends early after three rounds without a gain.
 *
 * The folder has the plan, a journal of every argument and lesson (`trials.jsonl`), the pools that follow from it, and the
 * runs of all lessons. The same call goes on where another was stopped.
 *
 * @param options - the folder and both models
 * @returns what came of it; `report.json` of the folder holds the same
 * @throws ArgumentError for options that do not fit; ConfigError where the folder was begun with others
 * @throws PalabraError of code PAL_LOCKED while another process plays in the folder, PAL_ABORTED when the signal fires
 * @example await runSelfPlay({ folder: 'play', formalizer: 'runs/logic/model', detective: 'runs/detective/model' });
 */
export async function runSelfPlay(options: SelfPlayOptions): Promise<SelfPlayReport> {
  const settings = resolveSelfPlay(options);
  const { folder, rounds } = settings;
  using opened = await ExperimentFolder.open(folder, planPlay(settings));
  const { journal } = opened;
  const play = { settings, journal, test: await drawFrozenTest(settings) };
  for (const name of playerNames) await measureFirst(name, play);
  for (let round = 1; round <= rounds && !isExhausted(journal.entries.filter(isBefore(round))); round++) {
    await runPlayers(round, play);
    await writePools(folder, fillPools(listItems(journal.entries)));
    for (const name of playerNames) await trainAndMeasure(round, name, play);
  }
  const models = { formalizer: findModel('formalizer', play), detective: findModel('detective', play) };
  const report = describeSelfPlay(journal.entries, models);
  await writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** All that decides what is played; how many rounds may change when it goes on. */
function planPlay({ folder: _, rounds: __, onStage: ___, signal: ____, steps, ...plan }: SelfPlaySettings) {
  return { ...plan, steps: steps ?? null };
}

function isBefore(round: number) {
  return (entry: Readonly<Record<string, unknown>>): boolean => !(Number(entry.round) >= round);
}

/** The folder of the model that plays: that of the newest lesson that was accepted before a round. */
function findModel(name: PlayerName, { settings, journal }: Play, round = Infinity): string {
  const kept = listLessons(journal.entries, name).findLast((one) => one.accepted && one.round < round);
  return kept === undefined ? settings[name] : join(nameLesson(kept, settings), 'model');
}

async function measureFirst(name: PlayerName, play: Play): Promise<void> {
  const { journal, settings, test } = play;
  if (journal.entries.some((entry) => entry.type === 'began' && entry.name === name)) return;
  settings.onStage?.('measuring', name);
  const player = await openPlayer(settings[name]);
  using _ = player.model;
  const score = await measurePlayer(name, player, test, settings.signal);
  journal.append({ type: 'began', name, score });
}

async function runPlayers(round: number, play: Play): Promise<void> {
  const formalizer = await openPlayer(findModel('formalizer', play, round));
  using _ = formalizer.model;
  const detective = await openPlayer(findModel('detective', play, round));
  using __ = detective.model;
  await runRound(round, { formalizer, detective }, play.journal, play.settings);
}

/** Trains a model further, unless the journal knows that it was, and decides whether the new one plays on. */
async function trainAndMeasure(round: number, name: PlayerName, play: Play): Promise<void> {
  const { journal, settings, test } = play;
  const { entries } = journal;
  if (listLessons(entries, name).some((lesson) => lesson.round === round)) return;
  const before = findScore(name, play);
  const player = await openPlayer(findModel(name, play, round));
  using _ = player.model;
  const pools = fillPools(listItems(entries).filter((item) => item.round <= round));
  await createDirectory(join(settings.folder, 'rounds', String(round)));
  const pooled = await trainPlayer({ round, name, player, pools, test }, settings);
  const after = await measurePlayer(name, player, test, settings.signal);
  journal.append({ type: 'lesson', round, name, pooled, before, after, accepted: after >= before });
}

/** The score of the model that plays. */
function findScore(name: PlayerName, { journal }: Play): number {
  const kept = listLessons(journal.entries, name).findLast(({ accepted }) => accepted);
  const began = journal.entries.find((entry) => entry.type === 'began' && entry.name === name)!;
  return kept?.after ?? Number(began.score);
}
