import { formatSuggestion, raise, show } from '../../core/index.js';

/** Bounds of a figure; both are allowed values. */
export interface Goal {
  min?: number;
  max?: number;
}

/** Goals by the path of a figure in a report, such as `scores.perplexity` or `generations.creative.repetition.2`. */
export type Goals = Readonly<Record<string, Goal>>;

/** Tells whether a figure reached its goal. */
export interface GoalCheck extends Goal {
  path: string;
  value: number;
  passed: boolean;
}

/**
 * Holds the figures of a report against goals. A figure that is NaN reaches none.
 * @throws ArgumentError for a path where the report has no number
 */
export function checkGoals(report: object, goals: Goals): GoalCheck[] {
  return Object.entries(goals).map(([path, goal]) => {
    const value = getFigure(report, path);
    const { min = -Infinity, max = Infinity } = goal;
    return { path, value, ...goal, passed: value >= min && value <= max };
  });
}

function getFigure(report: object, path: string): number {
  let value: unknown = report;
  for (const key of path.split('.')) {
    const place = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    if (!Object.hasOwn(place, key)) throwMissing(path, key, Object.keys(place));
    value = place[key];
  }
  return typeof value === 'number' ? value : throwMissing(path, path, []);
}

function throwMissing(path: string, key: string, choices: readonly string[]): never {
  raise('PAL_ARGUMENT', {
    where: 'checkGoals',
    expected: 'the path of a figure in the report',
    received: show(path),
    fix: `${formatSuggestion(key, choices)} It was measured only where the report was made with it.`.trim(),
  });
}
