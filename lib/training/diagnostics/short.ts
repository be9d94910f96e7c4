/** A number in brief, with as many digits as a reader needs. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** A share as a percentage. */
export function formatPercent(share: number): string {
  return `${formatShort(100 * share)} %`;
}
