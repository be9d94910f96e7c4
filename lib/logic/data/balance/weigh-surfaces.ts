import type { LogicRecord } from '../records/record.js';
import type { BalanceTarget } from './balance-target.js';

/** No record is drawn oftener than others by more. */
const MOST_WEIGHT = 4;
const ROUNDS = 20;

/**
 * Gives records with rare constructions a weight, so that a sampler that draws by weight meets each construction often
 * enough.
 *
 * @param records - in order
 * @param floor - the least share of a construction
 * @returns the records, and the constructions whose share stays below though their records have the largest weight
 */
export function weighSurfaces(
  records: readonly LogicRecord[],
  floor: number,
): { records: LogicRecord[]; targets: BalanceTarget[] } {
  const weights = new Float64Array(records.length).fill(1);
  const holders = new Map<string, number[]>();
  records.forEach(({ surface }, place) => {
    for (const name of new Set(surface)) {
      const known = holders.get(name);
      if (known === undefined) holders.set(name, [place]);
      else known.push(place);
    }
  });
  const sum = (places: Iterable<number>): number => [...places].reduce((total, place) => total + weights[place]!, 0);
  for (let round = 0; round < ROUNDS; round++) {
    const total = sum(records.keys());
    for (const places of holders.values()) {
      const factor = (floor * total) / sum(places);
      if (factor <= 1) continue;
      for (const place of places) weights[place] = Math.min(MOST_WEIGHT, weights[place]! * factor * 1.001);
    }
  }
  const total = sum(records.keys());
  const short = [...holders].filter(([, places]) => sum(places) < floor * total);
  return {
    records: records.map((record, place) => (weights[place] === 1 ? record : { ...record, weight: weights[place]! })),
    targets: short.map(([name, places]) => {
      return { name, bound: 'least', target: floor, reached: sum(places) / total, met: false };
    }),
  };
}
