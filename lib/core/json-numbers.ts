/**
 * Turns numbers that JSON doesn't know into texts: a replacer for `JSON.stringify`.
 * @param _ - the key
 * @param value - anything
 * @returns `"NaN"`, `"Infinity"` or `"-Infinity"` for such a number; anything else as it is
 */
export function encodeNonFinite(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/**
 * Turns the texts of {@link encodeNonFinite} into numbers again: a reviver for `JSON.parse`.
 * @param _ - the key
 * @param value - anything
 * @returns the number that such a text stands for; anything else as it is
 */
export function decodeNonFinite(_: string, value: unknown): unknown {
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;
}
