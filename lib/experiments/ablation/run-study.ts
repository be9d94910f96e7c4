import { getFigure } from '../sweep/run-sweep.js';
import { runLegs } from '../journal/run-legs.js';
import type { Leg, LegEnd, LegWork } from '../journal/run-legs.js';
import { listArms } from './study-config.js';
import type { StudyConfig } from './study-config.js';

/** A part of a run of a study. */
export interface StudyLeg extends Leg {
  arm: string;
  seed: number;
  work: 'train' | 'test';
}

/** A run of a study. */
export interface StudyRun {
  arm: string;
  seed: number;
  training: LegEnd;
  /** Undefined where the training did not end well, or the primary figure is of the validation data. */
  test: LegEnd | undefined;
}

/**
 * Runs a study from where its journal stands to the end: every arm with each seed, arms by turns, then each model on the
 * test data, once.
 *
 * @param config - of the study
 * @param work - how a leg is worked off, and the journal
 * @returns the runs; undefined where a signal ended the work
 * @throws ConfigError when more than half of the runs fail
 */
export async function runStudy(config: StudyConfig, work: LegWork<StudyLeg>): Promise<StudyRun[] | undefined> {
  const legs = config.seeds.flatMap((seed) =>
    Object.keys(listArms(config)).map((arm): StudyLeg => ({
      run: `${arm}-s${seed}`,
      stage: 'runs',
      arm,
      seed,
      work: 'train',
    })),
  );
  const trained = await runLegs(legs, work);
  if (trained === undefined) return undefined;
  const scored = config.primary.startsWith('test/')
    ? legs.filter(({ run }) => trained.get(run)?.status === 'finished')
    : [];
  const tested = await runLegs(
    scored.map((leg) => ({ ...leg, stage: 'test', work: 'test' as const })),
    work,
  );
  return (
    tested && legs.map(({ run, arm, seed }) => ({ arm, seed, training: trained.get(run)!, test: tested.get(run) }))
  );
}

/**
 * A figure of a run.
 * @param run - of a study
 * @param name - as `test/nllPerByte` or `validation/loss`
 * @returns NaN where the run has none
 */
export function getRunFigure(run: StudyRun, name: string): number {
  return getFigure(name.startsWith('test/') ? run.test : run.training, name);
}
