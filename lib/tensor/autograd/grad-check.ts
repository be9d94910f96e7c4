import type { OptionChecks } from '../../core/index.js';
import { checkOptions, raise, show } from '../../core/index.js';
import { expectTensors, grad, noGrad } from './autograd.js';
import { tensor } from '../conversion/from-data.js';
import { data, write } from '../conversion/to-data.js';
import { zerosLike } from '../functional/creation.js';
import { scope } from '../lifetimes/scope.js';
import type { Tensor } from '../tensor.js';
import { collectTensors } from '../tree.js';

/** Settings of {@link gradCheck}. */
export interface GradCheckOptions {
  /** The step of the central differences (default 1e-6). */
  eps?: number;
  /** The difference allowed (default 1e-5), plus … */
  atol?: number;
  /** … this share of the numeric derivative (default 1e-3). */
  rtol?: number;
}

/** The keys of {@link GradCheckOptions}. */
export const gradCheckKeys: OptionChecks<GradCheckOptions> = { eps: true, atol: true, rtol: true };

/** The result of {@link gradCheck}. */
export interface GradCheckReport {
  /** The number of derivatives compared. */
  checked: number;
  /** The greatest difference between the two derivatives. */
  maxError: number;
}

/** One derivative: of element `at` of an output with respect to element `of` of an input. */
interface Derivative {
  output: number;
  at: number;
  input: number;
  of: number;
  analytic: number;
  numeric: number;
}

type Fn = (...inputs: Tensor[]) => unknown;

/**
 * Compares gradients with central differences, element by element.
 *
 * @param fn - from the inputs to a tensor, or arrays and plain objects of tensors; the same result each time
 * @param inputs - float64 tensors of any shape; those that require gradients are checked
 * @param options - `eps`, the step (default 1e-6); a difference of `atol` (default 1e-5) + `rtol` (default 1e-3) ·
 *   |numeric| is allowed
 * @returns how many derivatives were compared, and their greatest difference
 * @throws ArgumentError (PAL_AUTOGRAD) naming the worst element, when a derivative is off
 * @example gradCheck((x) => x.tanh(), [randn([3], { dtype: 'float64', requiresGrad: true })]);
 */
export function gradCheck(fn: Fn, inputs: readonly Tensor[], options: GradCheckOptions = {}): GradCheckReport {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = checkOptions('gradCheck', options, gradCheckKeys);
  expectTensors('gradCheck', inputs);
  const checked = inputs.filter((input) => input.requiresGrad);
  checked.forEach(expectFloat64);
  if (checked.length === 0) throwNothingToCheck();
  const derivatives = compareDerivatives(fn, inputs, checked, eps);
  const error = ({ analytic, numeric }: Derivative): number => measureDifference(analytic, numeric);
  const off = derivatives.filter((one) => !(error(one) <= atol + rtol * Math.abs(one.numeric)));
  if (off.length > 0) throwWorst(findWorst(off), off.length, derivatives.length);
  return { checked: derivatives.length, maxError: Math.max(0, ...derivatives.map(error)) };
}

/** |a − b|; infinite when either is NaN. */
function measureDifference(a: number, b: number): number {
  const distance = Math.abs(a - b);
  return Number.isNaN(distance) ? Infinity : distance;
}

function findWorst(derivatives: readonly Derivative[]): Derivative {
  return derivatives.reduce((a, b) =>
    measureDifference(b.analytic, b.numeric) > measureDifference(a.analytic, a.numeric) ? b : a,
  );
}

function compareDerivatives(fn: Fn, inputs: readonly Tensor[], checked: readonly Tensor[], eps: number): Derivative[] {
  return scope(() => {
    const rows = computeAnalyticRows(fn, inputs, checked);
    const columns = checked.map((input) => computeNumericColumns(fn, inputs, input, eps));
    return rows.flatMap(({ output, at, gradients }) =>
      gradients.flatMap((values, input) =>
        Array.from(values, (analytic, of) => {
          const numeric = columns[input]?.[of]?.[output]?.[at] ?? NaN;
          return { output, at, input, of, analytic, numeric };
        }),
      ),
    );
  });
}

interface AnalyticRow {
  output: number;
  at: number;
  /** The derivatives with respect to each input's elements. */
  gradients: Float64Array[];
}

function computeAnalyticRows(fn: Fn, inputs: readonly Tensor[], checked: readonly Tensor[]): AnalyticRow[] {
  const outputs = collectTensors(fn(...inputs)).filter((output) => output.requiresGrad);
  return outputs.flatMap((output, index) =>
    Array.from({ length: output.numel }, (_, at) => ({
      output: index,
      at,
      gradients: computeRow(output, at, checked),
    })),
  );
}

function computeRow(output: Tensor, at: number, checked: readonly Tensor[]): Float64Array[] {
  return scope(() => {
    const one = new Float64Array(output.numel);
    one[at] = 1;
    const gradients = tensor(one, { shape: output.shape, dtype: output.dtype });
    const found = grad(output, checked, { gradients, retainGraph: true, allowUnused: true });
    return found.map((gradient, index) => toFloat64(gradient ?? zerosLike(checked[index]!)));
  });
}

function toFloat64(x: Tensor): Float64Array {
  return Float64Array.from(data(x) as Float64Array);
}

/** For each element of an input, the derivatives of all outputs by central differences. */
function computeNumericColumns(fn: Fn, inputs: readonly Tensor[], input: Tensor, eps: number): number[][][] {
  const values = toFloat64(input);
  const at = (index: number, step: number): Float64Array[] =>
    scope(() => noGrad(() => evaluateShifted(fn, inputs, input, values, index, step)));
  return Array.from(values, (_, index) => {
    const [above, below] = [at(index, eps), at(index, -eps)];
    return above.map((ups, output) => Array.from(ups, (up, i) => (up - (below[output]?.[i] ?? NaN)) / (2 * eps)));
  });
}

/** The outputs with one element of an input moved; the input is as before afterwards. */
function evaluateShifted(
  fn: Fn,
  inputs: readonly Tensor[],
  input: Tensor,
  values: Float64Array,
  index: number,
  step: number,
): Float64Array[] {
  const moved = Float64Array.from(values);
  moved[index] = (values[index] ?? NaN) + step;
  write(input, moved);
  try {
    return collectTensors(fn(...inputs)).map(toFloat64);
  } finally {
    write(input, values);
  }
}

function expectFloat64(input: Tensor, index: number): void {
  if (input.dtype === 'float64') return;
  const fix = 'Central differences need float64: tensor(data, { dtype: "float64", requiresGrad: true }).';
  raise('PAL_DTYPE', { where: 'gradCheck', expected: `input ${index} in float64`, received: input.dtype, fix });
}

function throwNothingToCheck(): never {
  const expected = 'an input that requires gradients';
  raise('PAL_AUTOGRAD', { where: 'gradCheck', expected, received: 'none', fix: 'Set requiresGrad on it.' });
}

function throwWorst(one: Derivative, wrong: number, all: number): never {
  const place = `d output ${one.output}[${one.at}] / d input ${one.input}[${one.of}]`;
  raise('PAL_AUTOGRAD', {
    where: 'gradCheck',
    expected: `${place} = ${show(one.numeric)} by central differences`,
    received: `${show(one.analytic)}; ${wrong} of ${all} derivatives are off, this one most`,
    details: { ...one },
  });
}
