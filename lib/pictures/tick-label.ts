import { formatCount } from '../core/index.js';

/** The notation of an axis' values. */
export type TickFormat = 'number' | 'count' | 'percent';

const UNITS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** The label of a tick: `10 k`, `25 %`, `−0.5`, `1e-9`; a form is only shortened where it stays exact. */
export function formatTick(value: number, format: TickFormat = 'number'): string {
  if (format === 'percent') return `${formatBrief(value * 100, 1e5)} %`;
  return formatBrief(value, format === 'count' ? 1e3 : 1e5);
}

/** Counts are shortened from a size on. */
function formatBrief(value: number, from: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e15)) return useMinusSign(Number(value.toPrecision(3)).toExponential());
  const short = size >= from ? formatCount(value).replace('.0', '') : '';
  const meant = Number.parseFloat(short) * (UNITS[short.at(-1) ?? ''] ?? 1);
  return useMinusSign(Math.abs(meant - value) <= size * 1e-9 ? short : String(Number(value.toPrecision(9))));
}

function useMinusSign(text: string): string {
  return text.replace(/^-/, '−');
}
