import { checkOptions, expectInteger, expectPositiveInteger, expectRange, expectString } from '../../../core/index.js';
import type { OptionCheck, OptionChecks } from '../../../core/index.js';

/** What self-play is doing. */
export type SelfPlayStage = 'measuring' | 'playing' | 'training';

/** Options of {@link runSelfPlay}. */
export interface SelfPlayOptions {
  /** Gets the plan, the journal, the pools and the models of all rounds. */
  folder: string;
  /** The model folder of a formaliser that `trainLogic` made. */
  formalizer: string;
  /** The model folder of a detective that `trainDetective` made. */
  detective: string;
  /** Rounds, at most (default 3). */
  rounds?: number | undefined;
  /** Arguments of each kind that a round draws (default 120). */
  drawn?: number | undefined;
  /** Sentences, arguments of each kind and texts of the frozen test (default 60 each). */
  frozen?: number | undefined;
  /** Sentences, and texts, that a training draws beside its pool (default 2,000). */
  records?: number | undefined;
  /** The most of what a training reads that may come from its pool (default 0.2). */
  share?: number | undefined;
  /** Updates of a training (default: those of one pass). */
  steps?: number | undefined;
  /** The peak of both trainings (default 1e-3). */
  learningRate?: number | undefined;
  /** The tenth of the detective's templates that it never saw (default 0). */
  fold?: number | undefined;
  /** Draws everything (default 0). */
  seed?: number | undefined;
  /** Hears of what begins. */
  onStage?: ((stage: SelfPlayStage, text: string) => void) | undefined;
  /** Ends the work with an error of code PAL_ABORTED; the same call goes on from there. */
  signal?: AbortSignal | undefined;
}

/** {@link SelfPlayOptions} with what is left out filled in. */
export type SelfPlaySettings = Pick<SelfPlayOptions, Optional> & {
  [Key in Exclude<keyof SelfPlayOptions, Optional>]-?: NonNullable<SelfPlayOptions[Key]>;
};

/** What may be left out without a default. */
type Optional = 'steps' | 'onStage' | 'signal';

const expectShare: OptionCheck = (where, name, value) => expectRange(where, name, value, { min: 0, max: 0.5 });
const expectFold: OptionCheck = (where, name, value) => expectRange(where, name, value, { min: 0, max: 9 });
const expectRate: OptionCheck = (where, name, value) => expectRange(where, name, value, { min: 0, max: 1 });

const selfPlayKeys: OptionChecks<SelfPlayOptions> = {
  ...{ folder: expectString, formalizer: expectString, detective: expectString, rounds: expectPositiveInteger },
  ...{ drawn: expectPositiveInteger, frozen: expectPositiveInteger, records: expectPositiveInteger },
  ...{ share: expectShare, steps: expectPositiveInteger, learningRate: expectRate, fold: expectFold },
  ...{ seed: expectInteger, onStage: true, signal: true },
};

/**
 * Checks options and fills in the defaults.
 *
 * @param options - as they are given
 * @returns all settings
 * @throws ArgumentError for unknown options and values that do not fit
 */
export function resolveSelfPlay(options: SelfPlayOptions): SelfPlaySettings {
  const {
    rounds = 3,
    drawn = 120,
    frozen = 60,
    records = 2000,
    ...others
  } = checkOptions('runSelfPlay', options, selfPlayKeys);
  const { share = 0.2, learningRate = 1e-3, fold = 0, seed = 0, ...rest } = others;
  return { ...rest, rounds, drawn, frozen, records, share, learningRate, fold, seed };
}
