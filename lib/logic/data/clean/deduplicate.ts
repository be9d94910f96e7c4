import type { Formula } from '../../formula/formula.js';
import { parseFormula } from '../../formula/parse-formula.js';
import { equivalent } from '../../semantics/equivalence.js';
import type { LogicRecord } from '../records/record.js';
import type { CleaningReason } from './cleaning-reason.js';
import { findNearDuplicates } from './near-duplicates.js';
import { normalizeInput } from './normalize-input.js';

/**
 * Finds records that repeat others. Of one sentence with equivalent formulas the first stays; with formulas that differ in
 * meaning none does. Of sentences that are nearly the same and mean the same the first stays; those that mean something
 * else are what a model has to tell apart, and stay.
 *
 * @param records - in order, formulas that parse
 * @returns the reason for each place that is to be removed
 */
export function findRepetitions(records: readonly LogicRecord[]): Map<number, CleaningReason> {
  const removed = new Map<number, CleaningReason>();
  for (const places of groupByInput(records)) judgeGroup(places, records, removed);
  const left = [...records.keys()].filter((place) => !removed.has(place));
  for (const { earlier, later } of findNearDuplicates(left.map((place) => records[place]!.input))) {
    const [first, second] = [left[earlier]!, left[later]!];
    if (removed.has(first) || removed.has(second)) continue;
    if (compareMeanings(records[first]!, records[second]!)) removed.set(second, 'near-duplicate');
  }
  return removed;
}

function groupByInput(records: readonly LogicRecord[]): number[][] {
  const groups = new Map<string, number[]>();
  records.forEach(({ input }, place) => {
    const key = normalizeInput(input);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  });
  return [...groups.values()].filter((group) => group.length > 1);
}

function judgeGroup(
  places: readonly number[],
  records: readonly LogicRecord[],
  removed: Map<number, CleaningReason>,
): void {
  const [first, ...others] = places;
  const agree = others.every((place) => compareMeanings(records[first!]!, records[place]!));
  for (const place of agree ? others : places) removed.set(place, agree ? 'duplicate' : 'conflict');
}

function compareMeanings(a: LogicRecord, b: LogicRecord): boolean {
  if (a.formula === b.formula) return true;
  const [first, second]: [Formula, Formula] = [parseFormula(a.formula), parseFormula(b.formula)];
  return equivalent(first, second) === true;
}
