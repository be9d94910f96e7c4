import { raise } from '../../core/index.js';

const MAX_RANGE = 2 ** 16;

/**
 * What chat templates call: `raise_exception`, `range` and `strftime_now`, and Python's names of constants.
 * @param now - the time that `strftime_now` tells
 * @returns the functions by their names
 */
export function createTemplateGlobals(now: () => Date): Record<string, unknown> {
  return {
    ...{ true: true, True: true, false: false, False: false, none: null, None: null },
    raise_exception: refuse,
    range: listRange,
    strftime_now: (format: unknown) => formatTime(now(), String(format)),
  };
}

/** The template's own words about a conversation that it can't say. */
function refuse(message: unknown): never {
  raise('PAL_ARGUMENT', {
    where: 'ChatTemplate.render',
    expected: 'a conversation that the template allows',
    received: `one of which it says: ${String(message)}`,
  });
}

function listRange(first: number, last?: number, step = 1): number[] {
  const [start, stop] = last === undefined ? [0, first] : [first, last];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= MAX_RANGE)) {
    const received = String(length);
    raise('PAL_CONFIG', { where: 'ChatTemplate', expected: `a range of at most ${MAX_RANGE} numbers`, received });
  }
  return Array.from({ length }, (_, i) => start + i * step);
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

const directives: Record<string, (time: Date) => string> = {
  '%': () => '%',
  A: (time) => DAYS[time.getDay()]!,
  a: (time) => DAYS[time.getDay()]!.slice(0, 3),
  B: (time) => MONTHS[time.getMonth()]!,
  b: (time) => MONTHS[time.getMonth()]!.slice(0, 3),
  d: (time) => pad(time.getDate()),
  H: (time) => pad(time.getHours()),
  I: (time) => pad(((time.getHours() + 11) % 12) + 1),
  M: (time) => pad(time.getMinutes()),
  m: (time) => pad(time.getMonth() + 1),
  p: (time) => (time.getHours() < 12 ? 'AM' : 'PM'),
  S: (time) => pad(time.getSeconds()),
  Y: (time) => pad(time.getFullYear(), 4),
  y: (time) => pad(time.getFullYear() % 100),
};

/** Python's `strftime` in English; a directive that is not known stays as it is. */
function formatTime(time: Date, format: string): string {
  return format.replace(/%(.)/gu, (all, letter: string) => directives[letter]?.(time) ?? all);
}
