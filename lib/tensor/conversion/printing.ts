/** Tensors as text, laid out as PyTorch does: aligned columns, the middle of long axes left out. */
import { loadAddon } from '../../native/index.js';
import { tolist } from './to-data.js';
import type { Nested } from './typed-arrays.js';
import { isFloatingPoint } from '../dtype.js';
import type { DType, Scalar } from '../dtype.js';
import { cat, detach, narrow } from '../functional/layout.js';
import { scope } from '../lifetimes/scope.js';
import type { Tensor } from '../tensor.js';

const MAX_ELEMENTS = 1000;
const EDGE = 3;
const LINE_WIDTH = 80;
const PREFIX = 'tensor(';
/** Stands in for the elements left out. */
const GAP = '...';

type Texts = string | readonly Texts[];

/**
 * The tensor as text: its values, shape, dtype and what else is particular.
 * @param x - any shape, any dtype, disposed or not; above 1,000 elements only the first and last 3 of each long axis
 *   are shown
 * @returns one or more lines of up to 80 characters of values
 */
export function formatTensor(x: Tensor): string {
  if (x.isDisposed) return 'tensor(disposed)';
  const facts = listFacts(x).join(', ');
  if (loadAddon().recording()) return `${PREFIX}being recorded, ${facts})`;
  return `${PREFIX}${formatValues(x)}, ${facts})`;
}

function listFacts(x: Tensor): string[] {
  const facts = [`shape [${x.shape.join(', ')}]`, x.dtype];
  if (x.device !== 'cpu') facts.push(x.device);
  if (x.gradFunction !== undefined) facts.push(`gradFunction ${x.gradFunction}`);
  else if (x.requiresGrad) facts.push('requiresGrad');
  return facts;
}

function formatValues(x: Tensor): string {
  if (x.numel === 0) return '[]';
  const shortened = x.numel > MAX_ELEMENTS;
  const nested = scope(() => tolist(shortened ? takeEdges(detach(x)) : detach(x)));
  const gaps = x.shape.map((size) => shortened && size > 2 * EDGE);
  return layOut(insertGaps(alignValues(nested, x.dtype), gaps), PREFIX.length);
}

/** The first and last positions of every long axis. */
function takeEdges(x: Tensor): Tensor {
  return x.shape.reduce((rest, size, axis) => {
    if (size <= 2 * EDGE) return rest;
    return cat([narrow(rest, axis, 0, EDGE), narrow(rest, axis, size - EDGE, EDGE)], axis);
  }, x);
}

function mapNested(nested: Nested, change: (value: Scalar) => string): Texts {
  if (Array.isArray(nested)) return nested.map((item: Nested) => mapNested(item, change));
  return change(nested as Scalar);
}

/** Every value as text of one width. */
function alignValues(nested: Nested, dtype: DType): Texts {
  const values = (Array.isArray(nested) ? nested.flat(Infinity) : [nested]) as Scalar[];
  const text = isFloatingPoint(dtype) ? createFloatFormatter(values as number[]) : String;
  const width = Math.max(...values.map((value) => text(value as never).length));
  return mapNested(nested, (value) => text(value as never).padStart(width));
}

/** Creates a formatter of floats that compare: whole, with four places, or scientific. */
function createFloatFormatter(values: readonly number[]): (value: number) => string {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const [least, greatest] = [Math.min(...sizes), Math.max(...sizes)];
  const print = createFiniteFormatter(
    sizes.every(Number.isInteger),
    sizes.length > 0 && (greatest / least > 1000 || greatest > 1e8 || least < 1e-4),
    greatest,
  );
  return (value) => (Number.isFinite(value) ? print(value) : formatNonFinite(value));
}

function createFiniteFormatter(whole: boolean, wide: boolean, greatest: number): (value: number) => string {
  if (whole && !(greatest > 1e8)) return (value) => `${Object.is(value, -0) ? '-0' : value}.`;
  return wide ? (value) => value.toExponential(4) : (value) => value.toFixed(4);
}

function formatNonFinite(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

function insertGaps(texts: Texts, gaps: readonly boolean[]): Texts {
  if (typeof texts === 'string') return texts;
  const items = texts.map((item) => insertGaps(item, gaps.slice(1)));
  return gaps[0] === true ? [...items.slice(0, EDGE), GAP, ...items.slice(EDGE)] : items;
}

function layOut(texts: Texts, indent: number): string {
  if (typeof texts === 'string') return texts;
  if (texts.every((item) => typeof item === 'string')) return layOutRow(texts, indent);
  const items = texts.map((item) => layOut(item, indent + 1));
  const blank = '\n'.repeat(measureDepth(texts) - 1);
  return `[${items.join(`,${blank}${' '.repeat(indent + 1)}`)}]`;
}

function measureDepth(texts: Texts): number {
  return typeof texts === 'string' ? 0 : 1 + Math.max(0, ...texts.map(measureDepth));
}

function layOutRow(texts: readonly string[], indent: number): string {
  const width = (texts[0]?.length ?? 0) + 2;
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / width));
  const lines = Array.from({ length: Math.ceil(texts.length / perLine) }, (_, line) =>
    texts.slice(line * perLine, (line + 1) * perLine).join(', '),
  );
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}
