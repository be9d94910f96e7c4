/** A point of the search space with what it was worth. */
export interface RankedPoint {
  /** Its place in the plan. */
  point: number;
  /** The mean of the metric over its seeds; NaN where a run failed, diverged or has none. */
  value: number;
}

/** Whether low or high figures are the better ones. */
export type Goal = 'lowest' | 'highest';

/**
 * Points from the best to the worst. What has no number comes last, whatever the goal; equals stand by their number.
 * @param points - in any order
 * @param goal - which figures are better
 * @returns a new list
 */
export function rankPoints(points: readonly RankedPoint[], goal: Goal): RankedPoint[] {
  const sign = goal === 'lowest' ? 1 : -1;
  const order = (value: number): number => (Number.isFinite(value) ? sign * value : Infinity);
  const compare = (a: RankedPoint, b: RankedPoint): number => {
    const [x, y] = [order(a.value), order(b.value)];
    return x === y ? a.point - b.point : x < y ? -1 : 1;
  };
  return [...points].sort(compare);
}
