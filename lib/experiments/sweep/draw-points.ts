import { Random, raise } from '../../core/index.js';
import { countPoints, drawPoint } from './space.js';
import type { Parameters, Point } from './space.js';

/** Draws without a new point after which a space counts as used up. */
const MOST_REPEATS = 100_000;

/**
 * Points of a random search. A point depends on the seed, its number and the space alone: twenty points are the first
 * twenty of fifty. A point that was drawn before is left out.
 *
 * @param parameters - the values by path
 * @param seed - an integer
 * @param count - how many points, at least 1
 * @returns different points in the order in which they are tried
 * @throws ConfigError where the space has fewer points
 */
export function drawPoints(parameters: Parameters, seed: number, count: number): Point[] {
  const size = countPoints(parameters);
  if (count > size) refuseSmallSpace(count, size);
  const random = new Random(seed);
  const points = new Map<string, Point>();
  for (let draw = 0, repeats = 0; points.size < count; draw++) {
    const point = drawPoint(parameters, random.split('point', draw));
    const key = JSON.stringify(point);
    repeats = points.has(key) ? repeats + 1 : 0;
    if (repeats > MOST_REPEATS) refuseSmallSpace(count, points.size);
    if (repeats === 0) points.set(key, point);
  }
  return [...points.values()];
}

function refuseSmallSpace(count: number, size: number): never {
  raise('PAL_CONFIG', {
    where: 'sweep',
    expected: `a space of at least ${count} points`,
    received: `one of ${size}`,
    fix: 'Take fewer trials, more values, or method: grid.',
  });
}
