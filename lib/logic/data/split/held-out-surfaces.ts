import type { Random } from '../../../core/index.js';
import type { LogicRecord } from '../records/record.js';
import type { SplitName, SplitShares } from './assign-groups.js';

/** No construction that more records have is held out: training would lack what it has to learn. */
const MOST_COMMON = 0.03;

/** Constructions that are held out of training. */
export interface HeldOutSurfaces {
  validation: string[];
  test: string[];
}

/**
 * Draws rare constructions for the test and for validation until both have their shares, along with the records from
 * the parts of the lexicon that are held out. Of records that name no construction the words of connectives count.
 *
 * @param records - in order
 * @param shares - of the parts
 * @param random - draws
 * @returns the constructions of each part
 */
export function drawHeldOutSurfaces(
  records: readonly LogicRecord[],
  shares: SplitShares,
  random: Random,
): HeldOutSurfaces {
  const counts = new Map<string, number>();
  for (const record of records) for (const name of listSurfaces(record)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const rare = [...counts.keys()].filter((name) => counts.get(name)! <= MOST_COMMON * records.length);
  const drawn = random.shuffle(rare.sort((a, b) => (a < b ? -1 : 1)));
  const held: HeldOutSurfaces = { validation: [], test: [] };
  for (const part of ['test', 'validation'] as const) {
    const target = shares[part] * records.length;
    let count = records.filter((record) => findHeldOutPart(record, held) === part).length;
    while (drawn.length > 0 && count < target) {
      const name = drawn.pop()!;
      held[part].push(name);
      count += counts.get(name)!;
    }
  }
  return held;
}

/**
 * The part of a split that a record belongs to by its words.
 *
 * @param record - any
 * @param held - the constructions that are held out
 * @returns `test` where it has anything that is kept for the test, `validation` likewise, else `train`
 */
export function findHeldOutPart(record: LogicRecord, held: HeldOutSurfaces): SplitName {
  const surfaces = listSurfaces(record);
  const { slice } = record.provenance;
  if (slice === 'test' || surfaces.some((name) => held.test.includes(name))) return 'test';
  return slice === 'validation' || surfaces.some((name) => held.validation.includes(name)) ? 'validation' : 'train';
}

function listSurfaces({ surface, connectors }: LogicRecord): string[] {
  const names = surface.length > 0 ? surface : connectors.map(({ cue }) => cue.toLowerCase());
  return [...new Set(names)];
}
