import { Turns, checkOptions, expectInteger, expectPositiveInteger, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { fallacyLabels } from './data/labels.js';
import type { FallacyRecord } from './data/record.js';
import { generateFallacy } from './generate-fallacy.js';
import type { FallacySettings } from './generate-fallacy.js';

/** What {@link drawFallacies} makes. */
export interface DrawFallaciesOptions {
  /** Texts to train on (default 3,600). */
  count?: number | undefined;
  /** Texts of each kind that are held out (default 240). */
  held?: number | undefined;
  /** Draws all of them (default 42). */
  seed?: number | undefined;
  /** The tenth of the templates that is held out, from 0 to 9 (default 0). */
  fold?: number | undefined;
  /** Stops the work. */
  signal?: AbortSignal | undefined;
}

/** The keys of {@link DrawFallaciesOptions}. */
export const drawFallaciesKeys: OptionChecks<DrawFallaciesOptions> = {
  ...{ count: expectPositiveInteger, held: expectPositiveInteger, seed: expectInteger, fold: true, signal: true },
};

/** Texts to learn from, and those by which it is measured what was learned. */
export interface FallacySplits {
  train: readonly FallacyRecord[];
  /**
   * `templates`: made by templates that no text to train on is made by; `words`: of phrases and predicates that none has;
   * `both`: of such templates and such words.
   */
  held: Readonly<Record<'templates' | 'words' | 'both', readonly FallacyRecord[]>>;
}

/**
 * Draws texts with the fallacies that they commit, all labels equally often, and three kinds that are held out. No text
 * comes twice.
 *
 * @param options - how many, the seed and the fold
 * @returns the texts, the same for the same options
 * @throws ArgumentError for counts below 1 and an unknown fold
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example const { train } = await drawFallacies({ count: 3000, seed: 1 });
 */
export async function drawFallacies(options: DrawFallaciesOptions = {}): Promise<FallacySplits> {
  const {
    count = 3600,
    held = 240,
    seed = 42,
    fold = 0,
    signal,
  } = checkOptions('drawFallacies', options, drawFallaciesKeys);
  const texts = new Texts(new Turns('drawFallacies', signal));
  const train = await texts.draw(count, { seed, fold, part: 'train', slice: 'train' });
  return {
    train,
    held: {
      templates: await texts.draw(held, { seed: seed + 1, fold, part: 'held', slice: 'train' }),
      words: await texts.draw(held, { seed: seed + 2, fold, part: 'train', slice: 'test' }),
      both: await texts.draw(held, { seed: seed + 3, fold, part: 'held', slice: 'test' }),
    },
  };
}

/** Texts, each once. */
class Texts {
  readonly #found = new Set<string>();

  constructor(private readonly turns: Turns) {}

  async draw(count: number, settings: FallacySettings): Promise<FallacyRecord[]> {
    const records: FallacyRecord[] = [];
    for (let place = 0; records.length < count; place++) {
      if (this.turns.over) await this.turns.next();
      records.push(this.drawNew(place, count, settings));
    }
    return records;
  }

  /** A new text of the place's label: places a whole number of rounds apart have the same. */
  private drawNew(place: number, count: number, settings: FallacySettings): FallacyRecord {
    const round = fallacyLabels.length * Math.ceil(count / fallacyLabels.length);
    for (let tries = 0; tries < 100; tries++) {
      const record = generateFallacy(place + tries * round, settings);
      if (this.#found.has(record.text)) continue;
      this.#found.add(record.text);
      return record;
    }
    return raise('PAL_DATA', {
      where: 'drawFallacies',
      expected: `${count} different texts`,
      received: `${place} in a hundred times as many draws`,
      fix: 'Ask for fewer.',
    });
  }
}
