import { raise, show } from '../core/index.js';
import type { Tensor } from './tensor.js';
import { isTensor } from './tensor.js';

type Words<S extends string> = S extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : S;
type Letters<S extends string> = Exclude<Words<S>, '...' | '' | `${number}`>;

/** The sizes by letter that {@link dims} returns. */
export type Dims<S extends string> = Record<Letters<S>, number>;

/**
 * Checks a tensor's shape against named axes and returns their sizes.
 *
 * @param x - the tensor to check, of any dtype
 * @param axes - letters separated by spaces, as `B T C`; a number stands for itself; one `...` for any axes
 * @param known - sizes that letters must have (default: none); letters that repeat must agree
 * @param where - the caller's name, for the error (default `dims`)
 * @returns the size of each letter's axis
 * @throws ShapeError when the number of axes or a size does not fit
 * @example const { B, T } = dims(x, 'B T C', { C: width });
 */
export function dims<S extends string>(
  x: Tensor,
  axes: S,
  known: Partial<Record<Letters<S>, number>> = {},
  where = 'dims',
): Dims<S> {
  if (!isTensor(x)) raise('PAL_ARGUMENT', { where, expected: `a Tensor [${axes}]`, received: show(x) });
  const { shape } = x;
  const words = axes.split(' ');
  const sizes: Record<string, number | undefined> = { ...known };
  const fits = alignWords(words, shape.length)?.every(([word, axis]) => bindSize(sizes, word, shape[axis]));
  if (!fits) throwMisfit(where, axes, known, shape);
  return sizes as Dims<S>;
}

/** Each word with its axis, or undefined when there are too many or too few axes. */
function alignWords(words: readonly string[], ndim: number): [word: string, axis: number][] | undefined {
  const gap = words.indexOf('...');
  const named = words.length - (gap < 0 ? 0 : 1);
  if (gap < 0 ? ndim !== named : ndim < named) return undefined;
  const axisOf = (index: number): number => (gap >= 0 && index > gap ? index + ndim - words.length : index);
  return words.flatMap((word, index): [string, number][] => (index === gap ? [] : [[word, axisOf(index)]]));
}

function bindSize(sizes: Record<string, number | undefined>, word: string, size: number | undefined): boolean {
  const wanted = /^\d+$/.test(word) ? Number(word) : (sizes[word] ??= size);
  return wanted === size;
}

function throwMisfit(where: string, axes: string, known: Partial<Record<string, number>>, shape: number[]): never {
  const given = Object.entries(known).filter(([, size]) => size !== undefined);
  const fixed = given.map(([letter, size]) => `${letter} = ${size}`).join(', ');
  const expected = `shape [${axes.split(' ').join(', ')}]${fixed && ` with ${fixed}`}`;
  raise('PAL_SHAPE', { where, expected, received: show(shape), details: { axes, known: { ...known }, shape } });
}
