/**
 * A number in brief, with as many digits as a reader needs.
 * @param value - NaN and infinities too
 * @returns three significant digits, two below 0.001; an integer as it is
 */
export function formatShort(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/**
 * A share as a percentage.
 * @param share - 0 to 1
 * @returns as `12.5 %`
 */
export function formatPercent(share: number): string {
  return `${formatShort(100 * share)} %`;
}
