import { join } from 'node:path';
import { formatInteger, raise } from '../../../core/index.js';
import { listArms } from '../../../experiments/index.js';
import type { AttemptEnd, StudyConfig, StudyLeg } from '../../../experiments/index.js';
import type { Settings } from '../../settings/config-file.js';
import type { ExecuteCommand, ExperimentData } from './experiment-data.js';
import { expectSplits } from './expect-splits.js';
import { scoreRun, trainLeg } from './train-leg.js';
import { expectOthers, mergeRunSettings } from './trial-settings.js';

/** The difference in parameters that matched arms may have. */
const TOLERANCE = 0.02;

/** A study that is worked on. */
export interface StudyTrials {
  config: StudyConfig;
  base: Settings;
  /** The folder of the study. */
  folder: string;
  data: ExperimentData;
  execute: ExecuteCommand;
  /** Takes the progress of trainings. */
  tell: (text: string) => void;
}

/** Trains and scores the legs of a study. */
export class StudyTrainer {
  private constructor(
    private readonly work: StudyTrials,
    /** Trainable values by arm. */
    readonly parameters: Readonly<Record<string, number>>,
  ) {}

  /**
   * Looks at the settings of every arm before anything is trained.
   * @throws ConfigError naming everything that does not fit, DataError where the data lack a part
   */
  static async create(work: StudyTrials): Promise<StudyTrainer> {
    const { config, data } = work;
    const parameters: Record<string, number> = {};
    for (const [arm, over] of Object.entries(listArms(config))) {
      expectOthers(over, `arm ${arm}`);
      const settings = mergeArm(work, arm, config.seeds[0]!);
      parameters[arm] = await data.countParameters(settings);
      expectSplits(await data.open(settings), config.primary.startsWith('test/'));
    }
    if (config.match === 'parameters') expectMatched(config, parameters);
    return new StudyTrainer(work, parameters);
  }

  /** Works a leg off. */
  async run({ run, arm, seed, work }: StudyLeg): Promise<AttemptEnd> {
    const { folder, data, execute, tell } = this.work;
    const path = join(folder, 'trials', run);
    if (work === 'test') return await scoreRun(path, execute);
    const settings = mergeArm(this.work, arm, seed);
    return await trainLeg({ run: path, data: data.locate(settings), settings, until: undefined }, { execute, tell });
  }
}

function mergeArm({ config, base }: StudyTrials, arm: string, seed: number): Settings {
  return mergeRunSettings(base, listArms(config)[arm]!, { tokens: config.tokens, seed });
}

function expectMatched({ baseline, unmatched }: StudyConfig, parameters: Readonly<Record<string, number>>): void {
  const most = parameters[baseline]!;
  const odd = Object.entries(parameters).filter(
    ([arm, count]) => !unmatched.includes(arm) && Math.abs(count / most - 1) > TOLERANCE,
  );
  if (odd.length === 0) return;
  raise('PAL_CONFIG', {
    where: 'study',
    expected: `arms of ${formatInteger(most)} parameters, to 2 %, as ${baseline} has`,
    received: odd.map(([arm, count]) => `${formatInteger(count)} of ${arm}`).join(', '),
    fix: 'Change their widths, or say match: none.',
  });
}
