import { join } from 'node:path';
import type { AttemptEnd, SweepConfig, SweepLeg, SweepPlan } from '../../../experiments/index.js';
import type { Settings } from '../../settings/config-file.js';
import type { ExecuteCommand, ExperimentData } from './experiment-data.js';
import { expectSplits } from './expect-splits.js';
import { scoreRun, trainLeg } from './train-leg.js';
import { mergeRunSettings, nestValues } from './trial-settings.js';

/** A sweep that is worked on. */
export interface SweepTrials {
  config: SweepConfig;
  plan: SweepPlan;
  /** The settings beneath every point. */
  base: Settings;
  /** The folder of the sweep. */
  folder: string;
  data: ExperimentData;
  execute: ExecuteCommand;
  /** Takes the progress of trainings. */
  tell: (text: string) => void;
}

/** What a point amounts to. */
interface Trial {
  settings: Settings;
  /** Updates at the end of each stage. */
  steps: readonly number[];
}

/** Trains and scores the legs of a sweep. */
export class SweepTrainer {
  private constructor(
    private readonly work: SweepTrials,
    private readonly trials: readonly Trial[],
  ) {}

  /**
   * Looks at the settings of every point before anything is trained.
   * @throws ConfigError naming everything that does not fit, DataError where the data lack a part
   */
  static async create(work: SweepTrials): Promise<SweepTrainer> {
    const trials: Trial[] = [];
    for (const point of work.plan.points) trials.push(await describeTrial(work, nestValues(point, 'sweep')));
    return new SweepTrainer(work, trials);
  }

  /** Works a leg off. */
  async run({ run, point, seed, tokens, work }: SweepLeg): Promise<AttemptEnd> {
    const { folder, data, execute, tell, plan } = this.work;
    const path = join(folder, 'trials', run);
    if (work === 'test') return await scoreRun(path, execute);
    const { settings, steps } = this.trials[point]!;
    const stage = plan.stages.findIndex((other) => other.tokens === tokens);
    const last = stage === plan.stages.length - 1;
    const own = mergeRunSettings(settings, {}, { ...createBounds(plan, steps), seed });
    return await trainLeg(
      { run: path, data: data.locate(settings), settings: own, until: last ? undefined : steps[stage] },
      { execute, tell },
    );
  }
}

async function describeTrial(work: SweepTrials, over: Settings): Promise<Trial> {
  const { plan, base, config, data } = work;
  const steps: number[] = [];
  for (const { tokens } of plan.stages)
    steps.push(await data.countSteps(mergeRunSettings(base, over, { tokens, seed: config.seeds[0]! })));
  const settings = mergeRunSettings(base, over, { ...createBounds(plan, steps), seed: config.seeds[0]! });
  await data.countParameters(settings);
  const prepared = await data.open(settings);
  expectSplits(prepared, config.confirm !== undefined);
  return { settings, steps };
}

/** The length of a whole run; it is evaluated at the ends of the stages before the last, too. */
function createBounds({ stages }: SweepPlan, steps: readonly number[]): { tokens: number; evaluateAt?: number[] } {
  const { tokens } = stages.at(-1)!;
  return stages.length === 1 ? { tokens } : { tokens, evaluateAt: steps.slice(0, -1) };
}
