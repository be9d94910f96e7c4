/** The kind of an axis. */
export type ScaleType = 'linear' | 'log';

/** Maps values to coordinates on the page, and names the values worth a tick. */
export interface Scale {
  /** The coordinate of a value; NaN where it has none, as 0 on a logarithmic axis. */
  at(value: number): number;
  ticks: readonly number[];
  min: number;
  max: number;
}

/** Options of {@link makeScale}. */
export interface ScaleOptions {
  type: ScaleType;
  /** The values it must show. */
  values: Iterable<number>;
  /** Bounds that take the place of the values'. */
  min?: number | undefined;
  max?: number | undefined;
  /** The coordinates of the least and of the greatest value. */
  range: readonly [from: number, to: number];
  /** About how many ticks there is room for. */
  ticks: number;
}

/** A scale whose ends are ticks, so that no value stands at the very edge without a label near. */
export function makeScale({ type, values, min, max, range, ticks }: ScaleOptions): Scale {
  const usable = [...values].filter((value) => Number.isFinite(value) && (type === 'linear' || value > 0));
  const least = min ?? usable.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = max ?? usable.reduce((a, b) => Math.max(a, b), -Infinity);
  const [low, high] = widenBounds(type, Number.isFinite(least) ? least : 1, Number.isFinite(greatest) ? greatest : 1);
  const marks = type === 'log' ? createLogTicks(low, high, ticks) : createLinearTicks(low, high, ticks);
  const from = min ?? Math.min(low, marks[0] ?? low);
  const to = max ?? Math.max(high, marks.at(-1) ?? high);
  const project = type === 'log' ? Math.log10 : (value: number) => value;
  const slope = (range[1] - range[0]) / (project(to) - project(from));
  return {
    at: (value) => (type === 'log' && value <= 0 ? NaN : range[0] + (project(value) - project(from)) * slope),
    ticks: marks.filter((value) => value >= from * (1 - 1e-12) - 1e-12 && value <= to * (1 + 1e-12) + 1e-12),
    min: from,
    max: to,
  };
}

/** Bounds that differ, so that a single value has room on both sides. */
function widenBounds(type: ScaleType, low: number, high: number): [number, number] {
  if (low < high) return [low, high];
  if (type === 'log') return [low / 2, low * 2];
  return low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, low)];
}

/** Multiples of 1, 2 or 5 times a power of ten that reach over both ends. */
function createLinearTicks(low: number, high: number, count: number): number[] {
  const interval = chooseInterval((high - low) / Math.max(1, count));
  const first = Math.floor(low / interval + 1e-9);
  const last = Math.ceil(high / interval - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * interval).toPrecision(12)));
}

function chooseInterval(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Powers of ten, with 2 and 5 times each where there is room, or every second and so on where there is not. */
function createLogTicks(low: number, high: number, count: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const decades = last - first;
  const factors = decades * 3 <= count ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / count));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every) ticks.push(...factors.map((factor) => factor * 10 ** power));
  const below = ticks.findLastIndex((tick) => tick <= low * (1 + 1e-9));
  const above = ticks.findIndex((tick) => tick >= high * (1 - 1e-9));
  return ticks.slice(Math.max(0, below), above < 0 ? undefined : above + 1);
}
