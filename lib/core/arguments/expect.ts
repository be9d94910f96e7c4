import { raise } from '../errors/errors.js';
import { show } from '../show.js';
import { formatSuggestion } from './suggest.js';

/** The bounds of a range, both included unless said otherwise; a missing bound is open. */
export interface Range {
  min?: number;
  max?: number;
  /** Exclusive bounds. */
  above?: number;
  below?: number;
}

function throwArgumentError(where: string, name: string, expected: string, value: unknown, fix?: string): never {
  raise('PAL_ARGUMENT', {
    where,
    expected: `${name} to be ${expected}`,
    received: show(value),
    fix,
    details: { name },
  });
}

/**
 * Requires a safe integer and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectInteger(where: string, name: string, value: unknown): number {
  if (!Number.isSafeInteger(value)) throwArgumentError(where, name, 'an integer', value);
  return value as number;
}

/**
 * Requires an integer ≥ 1 and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectPositiveInteger(where: string, name: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1)
    throwArgumentError(where, name, 'a positive integer', value);
  return value as number;
}

/**
 * Requires an integer ≥ 0 and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectCount(where: string, name: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throwArgumentError(where, name, 'an integer of at least 0', value);
  return value as number;
}

/**
 * Requires a finite number and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectFinite(where: string, name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throwArgumentError(where, name, 'a finite number', value);
  return value;
}

/**
 * Requires a finite number inside the range and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectRange(where: string, name: string, value: unknown, range: Range): number {
  const inside =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= (range.min ?? -Infinity) &&
    value <= (range.max ?? Infinity) &&
    value > (range.above ?? -Infinity) &&
    value < (range.below ?? Infinity);
  if (!inside) throwArgumentError(where, name, `a number ${formatRange(range)}`, value);
  return value;
}

/**
 * Requires a number of at least 0 and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectNotNegative(where: string, name: string, value: unknown): number {
  return expectRange(where, name, value, { min: 0 });
}

/**
 * Requires a number in [0, 1] and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectProbability(where: string, name: string, value: unknown): number {
  return expectRange(where, name, value, { min: 0, max: 1 });
}

/**
 * Requires one of the choices and returns it; a near miss is named.
 *
 * @throws ArgumentError otherwise
 */
export function expectOneOf<T extends string | number>(
  where: string,
  name: string,
  value: unknown,
  choices: readonly T[],
): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const fix = typeof value === 'string' ? formatSuggestion(value, choices.map(String)) : '';
  return throwArgumentError(
    where,
    name,
    `one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`,
    value,
    fix,
  );
}

/**
 * Requires a string and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectString(where: string, name: string, value: unknown): string {
  if (typeof value !== 'string') throwArgumentError(where, name, 'a string', value);
  return value;
}

/**
 * Requires `true` or `false` and returns it.
 *
 * @throws ArgumentError otherwise
 */
export function expectBoolean(where: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throwArgumentError(where, name, 'true or false', value);
  return value;
}

/**
 * Requires a function.
 *
 * @throws ArgumentError otherwise
 */
export function expectFunction(where: string, name: string, value: unknown): void {
  if (typeof value !== 'function') throwArgumentError(where, name, 'a function', value);
}

function formatRange(range: Range): string {
  const parts = [
    range.min === undefined ? '' : `of at least ${range.min}`,
    range.above === undefined ? '' : `above ${range.above}`,
    range.max === undefined ? '' : `of at most ${range.max}`,
    range.below === undefined ? '' : `below ${range.below}`,
  ];
  return parts.filter((part) => part !== '').join(' and ') || 'that is finite';
}
