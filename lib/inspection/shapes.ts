import type { LanguageModel } from '../models/interface/index.js';
import { watchForward } from '../nn/index.js';
import { isTensor, noGrad, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { extrapolate } from './extrapolate.js';
import { createProbeIds } from './memory-estimate.js';

/** Output shapes by the dotted path of the module; the last call counts. */
export type OutputShapes = Map<string, number[]>;

/** The methods of a module that a pass calls. */
const METHODS = ['forward', 'attend'] as const;

/**
 * The output shapes of a pass over `batch` sequences.
 * @param passed - the numbers of sequences that are passed; every axis that grows with them is as long as it will be
 */
export function traceOutputShapes(
  model: LanguageModel,
  batch: number,
  length: number,
  passed: readonly number[],
): OutputShapes {
  const passes = passed.map((rows) => [rows, tracePass(model, rows, length)] as const);
  const sizeOf = (path: string, axis: number, size: number) =>
    extrapolate(
      passes.map(([rows, shapes]) => [rows, shapes.get(path)?.[axis] ?? size]),
      batch,
    );
  const paths = [...(passes[0]?.[1] ?? [])];
  return new Map(paths.map(([path, shape]) => [path, shape.map((size, axis) => sizeOf(path, axis, size))]));
}

/** Traces the output shape of every module of a model in one pass. */
function tracePass(model: LanguageModel, rows: number, length: number): OutputShapes {
  const shapes: OutputShapes = new Map();
  const note = (path: string, output: unknown): void => {
    const first = findTensor(output);
    if (first !== undefined) shapes.set(path, first.shape);
  };
  using _watch = watchForward(model, note, { methods: METHODS });
  scope(() => void noGrad(() => model.forward(createProbeIds(model, rows, length), { training: false })));
  return shapes;
}

/** A tensor, or the first one of a plain object. */
function findTensor(output: unknown): Tensor | undefined {
  if (isTensor(output)) return output;
  if (typeof output !== 'object' || output === null) return undefined;
  return Object.values(output).find(isTensor);
}
