import { decode } from './elements.js';
import type { WrittenCall } from './notation.js';
import { literal, tensorOf } from './terms.js';
import type { Term, TensorTerm } from './terms.js';

/** The simplest call near this one for which a property still holds, found greedily. */
export function simplest(call: WrittenCall, holds: (call: WrittenCall) => boolean): WrittenCall {
  for (const simpler of simplerCalls(call)) if (holds(simpler)) return simplest(simpler, holds);
  return call;
}

function* simplerCalls({ args, then }: WrittenCall): Generator<WrittenCall> {
  if (then.length > 0) yield { args, then: [] };
  if (args.at(-1)?.kind === 'literal' && isAbsent(args.at(-1))) yield { args: args.slice(0, -1), then };
  for (const simpler of simplerLists(args)) yield { args: simpler, then };
}

const isAbsent = (term: Term | undefined): boolean => term?.kind === 'literal' && term.value === undefined;

function* simplerLists(terms: Term[]): Generator<Term[]> {
  for (const [index, term] of terms.entries()) {
    for (const simpler of simplerTerms(term)) yield terms.with(index, simpler);
  }
}

function* simplerTerms(term: Term): Generator<Term> {
  if (term.kind === 'tensor') yield* simplerTensors(term);
  if (term.kind === 'list') for (const items of simplerLists(term.items)) yield { kind: 'list', items };
  if (term.kind === 'literal') for (const value of simplerValues(term.value)) yield literal(value);
}

function* simplerTensors(term: TensorTerm): Generator<Term> {
  if (term.requiresGrad) yield { ...term, requiresGrad: false };
  if (term.form !== 'plain') yield { ...term, form: 'plain' };
  for (const shape of simplerShapes(term)) yield { ...tensorOf(term.dtype, shape), ...rest(term) };
  for (const numbers of simplerElements(term)) yield { ...tensorOf(term.dtype, term.shape, numbers), ...rest(term) };
}

const rest = ({ form, requiresGrad }: TensorTerm) => ({ form, requiresGrad });

/** Of a tensor of zeros: each longer axis with one element. */
function simplerShapes({ data, shape }: TensorTerm): number[][] {
  if (data.some((byte) => byte !== 0)) return [];
  return shape.flatMap((size, axis) => (size > 1 ? [shape.with(axis, 1)] : []));
}

/** Zeros, then its greatest and least element everywhere, then raw bytes as the numbers they are. */
function* simplerElements({ data, dtype, shape }: TensorTerm): Generator<number[]> {
  const numbers = decode(data, dtype);
  const plain = tensorOf(dtype, shape, numbers).data;
  const rank = numbers.every((number) => number === numbers[0]) ? 1 : 2;
  if (numbers.every((number) => Object.is(number, 0)) && Buffer.from(plain).equals(data)) return;
  yield [0];
  if (rank === 2) yield* [[1], [Math.max(...numbers)], [Math.min(...numbers)]];
  if (!Buffer.from(plain).equals(data)) yield numbers;
}

/** Absent, then small. */
function* simplerValues(value: unknown): Generator<unknown> {
  if (value === undefined || value === 0 || value === 1) return;
  yield undefined;
  if (typeof value === 'number') yield* [1, 0];
}
