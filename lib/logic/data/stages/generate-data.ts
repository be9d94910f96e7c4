import { join } from 'node:path';

import {
  Turns,
  checkOptions,
  createDirectory,
  createParent,
  expectBoolean,
  expectFunction,
  expectInteger,
  expectPositiveInteger,
  expectProbability,
  writeDirectoryAtomic,
} from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { generateRecord } from '../../grammar/records/generate-record.js';
import { expectStopList } from '../../grammar/records/stop-list.js';
import type { StopList } from '../../grammar/records/stop-list.js';
import type { Slice } from '../../grammar/clauses/slices.js';
import { balanceRecords } from '../balance/balance-records.js';
import type { BalancedRecords } from '../balance/balance-records.js';
import { evenLevels, expectLevelShares } from '../balance/level-shares.js';
import type { LevelShares } from '../balance/level-shares.js';
import { weighSurfaces } from '../balance/weigh-surfaces.js';
import { cleanRecords } from '../clean/clean-records.js';
import type { LogicRecord } from '../records/record.js';
import { writeRecords } from '../records/write-records.js';
import { analyzeRecords, splitAnalyzed, splitProtocols } from '../split/split-records.js';
import { fillSplits } from '../split/write-splits.js';
import { describeStage, writeStatistics } from '../stages/stage-statistics.js';
import type { StageStatistics } from '../stages/stage-statistics.js';

/** Settings of {@link generateData}. */
export interface DataOptions {
  /** Records to make (default 30,000). */
  count?: number;
  /** The records depend on nothing else (default 42). */
  seed?: number;
  /** The share of sentences with a flaw of typing (default 0.05). */
  noise?: number;
  /** Sentences that are never drawn (default none). */
  avoid?: StopList;
  /** What is aimed at for each level, as parts of any whole (default: as many of each). */
  levelShares?: LevelShares;
  /** Takes the place of a folder that is there (default false). */
  replace?: boolean;
  /** Stops the work; nothing is left behind. */
  signal?: AbortSignal;
  /** Told of each stage as far as it has come. */
  onProgress?: (progress: DataProgress) => void;
}

/** How far {@link generateData} has come. */
export interface DataProgress {
  stage: 'generate' | 'clean' | 'balance' | 'split' | 'write';
  /** Records, or stages where they are done at once. */
  done: number;
  total: number;
}

const dataKeys: OptionChecks<DataOptions> = {
  count: expectPositiveInteger,
  seed: expectInteger,
  noise: expectProbability,
  avoid: expectStopList,
  levelShares: expectLevelShares,
  replace: expectBoolean,
  signal: true,
  onProgress: expectFunction,
};

/** How much more is made than is asked for: cleaning and balancing take some away. */
const SURPLUS = 1.3;
/** The floor that is balanced for, so that the share of 0.15 still holds in a part drawn from it. */
const CONNECTIVE_FLOOR = 0.16;
/** The least share of a construction, by weight. */
const SURFACE_FLOOR = 0.005;
/** The pool is made larger so often at most. */
const MOST_POOLS = 4;

/** The slices of the lexicon by tenths of the records: a twentieth each has words that the others don't have. */
const SLICES: readonly Slice[] = [...Array<Slice>(18).fill('train'), 'validation', 'test'];

/**
 * Makes data from the grammar: sentences with their formulas, cleaned, balanced, and split in every protocol. The folder
 * appears when it is complete, with `records.jsonl` and a folder `P1`, `P2`, `P3` of `train.jsonl`, `validation.jsonl` and
 * `test.jsonl` each, and beside each what was counted.
 *
 * @param folder - to be made
 * @param options - how many records, and the seed on which alone they depend
 * @returns the statistics of each stage
 * @throws PalabraError of code PAL_FILE where the folder is there, or the disk refuses; of code PAL_ABORTED when stopped
 * @example await generateData('logic', { count: 30_000, seed: 42 });
 */
export async function generateData(folder: string, options: DataOptions = {}): Promise<StageStatistics[]> {
  checkOptions('generateData', options, dataKeys);
  const work = new DataWork(options);
  await createParent('generateData', folder);
  await writeDirectoryAtomic(folder, async (temporary) => work.fill(temporary), { replace: options.replace ?? false });
  return work.statistics;
}

/** One making of data. */
class DataWork {
  readonly statistics: StageStatistics[] = [];
  readonly #options: Required<Pick<DataOptions, 'count' | 'seed' | 'noise' | 'levelShares'>>;
  readonly #avoid: Pick<DataOptions, 'avoid'>;
  readonly #turns: Turns;
  readonly #report: NonNullable<DataOptions['onProgress']>;

  constructor(options: DataOptions) {
    const { count = 30_000, seed = 42, noise = 0.05, levelShares = evenLevels } = options;
    const { avoid, signal, onProgress = () => {} } = options;
    this.#options = { count, seed, noise, levelShares };
    this.#avoid = avoid === undefined ? {} : { avoid };
    this.#turns = new Turns('generateData', signal);
    this.#report = onProgress;
  }

  async fill(folder: string): Promise<void> {
    const records = await this.#makeRecords(folder);
    await this.#beginStage('split', 0, splitProtocols.length);
    const analysis = analyzeRecords(records);
    for (const [place, protocol] of splitProtocols.entries()) {
      await this.#beginStage('split', place, splitProtocols.length);
      const splits = splitAnalyzed(records, { protocol, seed: this.#options.seed }, analysis);
      const path = join(folder, protocol);
      await createDirectory(path);
      await fillSplits(path, splits);
      await this.#note(path, splits.statistics);
    }
    await this.#beginStage('write');
    await writeRecords(join(folder, 'records.jsonl'), records);
    await this.#turns.next();
  }

  /** Records that are clean and balanced; where too many were lost, from a larger pool. */
  async #makeRecords(folder: string): Promise<LogicRecord[]> {
    const { count, seed, levelShares } = this.#options;
    const pool: LogicRecord[] = [];
    for (let round = 1; ; round++) {
      const generated = await this.#fillPool(pool, Math.ceil(count * SURPLUS) * round);
      await this.#beginStage('clean');
      const cleaned = cleanRecords(pool, { seed, maxTrivialRatio: 0.4 });
      await this.#beginStage('balance');
      const balanced = balanceRecords(cleaned.records, { seed, levelShares, connectiveFloor: CONNECTIVE_FLOOR });
      if (balanced.records.length < count && round < MOST_POOLS) continue;
      await this.#note(join(folder, 'generate'), generated);
      await this.#note(join(folder, 'clean'), cleaned.statistics);
      return await this.#keepCount(folder, balanced);
    }
  }

  async #fillPool(pool: LogicRecord[], size: number): Promise<StageStatistics> {
    const startedAt = Date.now();
    const { seed, noise } = this.#options;
    while (pool.length < size) {
      const index = pool.length;
      pool.push(generateRecord(index, { seed, noise, slice: SLICES[index % SLICES.length]!, ...this.#avoid }));
      if (!this.#turns.over) continue;
      this.#report({ stage: 'generate', done: pool.length, total: size });
      await this.#turns.next();
    }
    return describeStage(pool, { stage: 'generate', input: 0, seed, startedAt });
  }

  /** The records asked for, spread evenly over those that are left. */
  async #keepCount(folder: string, { records, statistics }: BalancedRecords): Promise<LogicRecord[]> {
    const { count } = this.#options;
    const surplus = Math.max(0, records.length - count);
    const size = records.length - surplus;
    const kept = records.filter(
      (_, i) => Math.floor(((i + 1) * size) / records.length) > Math.floor((i * size) / records.length),
    );
    const weighed = weighSurfaces(kept.map(omitWeight), SURFACE_FLOOR);
    const known = statistics.targets.filter(({ name }) => !weighed.targets.some((target) => target.name === name));
    const targets = [...known, ...weighed.targets];
    const { seed, startedAt, input } = statistics;
    const removedByReason = { ...statistics.removedByReason, ...(surplus > 0 ? { surplus } : {}) };
    const facts = { stage: 'balance', input, removedByReason, seed, startedAt: Date.parse(startedAt) };
    const counted: BalancedRecords['statistics'] = { ...describeStage(kept, facts), targets };
    await this.#note(join(folder, 'records.jsonl'), counted);
    return weighed.records;
  }

  async #note(path: string, statistics: StageStatistics): Promise<void> {
    this.statistics.push(statistics);
    await writeStatistics(path, statistics);
  }

  async #beginStage(stage: DataProgress['stage'], done = 0, total = 1): Promise<void> {
    this.#report({ stage, done, total });
    await this.#turns.next();
  }
}

function omitWeight({ weight: _weight, ...record }: LogicRecord): LogicRecord {
  return record;
}
