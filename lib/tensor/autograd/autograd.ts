import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectFunction, raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { expectSynchronous } from '../lifetimes/scope.js';
import type { Tensor } from '../tensor.js';
import { isTensor, expectOptionalSlot, expectSlot, wrap } from '../tensor.js';

/** A tensor, or several. */
export type OneOrMore = Tensor | readonly Tensor[];

/** Settings of {@link backward}. */
export interface BackwardOptions {
  /** The initial gradient of each root (default: 1 for a root of one element). */
  gradients?: Tensor | readonly (Tensor | undefined)[] | undefined;
  /** The graph stays for another pass (default: as `createGraph`). */
  retainGraph?: boolean | undefined;
  /** The gradients can be differentiated themselves (default false). */
  createGraph?: boolean | undefined;
}

/** The keys of {@link BackwardOptions}. */
export const backwardKeys: OptionChecks<BackwardOptions> = { gradients: true, retainGraph: true, createGraph: true };

/** Settings of {@link grad}. */
export interface GradOptions extends BackwardOptions {
  /** An input that no output depends on gives `undefined` and no error (default false). */
  allowUnused?: boolean | undefined;
}

/** The keys of {@link GradOptions}. */
export const gradKeys: OptionChecks<GradOptions> = { ...backwardKeys, allowUnused: true };

function toList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function resolveRootGradients(
  where: string,
  roots: readonly Tensor[],
  options: BackwardOptions,
): (number | undefined)[] {
  const given = toList<Tensor | undefined>(options.gradients);
  if (given.length !== 0 && given.length !== roots.length) {
    raise('PAL_ARGUMENT', { where, expected: `${roots.length} gradients`, received: String(given.length) });
  }
  return roots.map((_, index) => expectOptionalSlot(given[index], where));
}

/**
 * Adds the gradient of the roots to `grad` of every leaf they depend on.
 * @param roots - tensors that require gradients, of any shape
 * @param options - `gradients`, of the shape of each root (default: 1 for a root of one element); `createGraph`
 *   (default false); `retainGraph` (default: as `createGraph`)
 * @throws ArgumentError when a root doesn't require gradients, or has many elements and no gradient is given
 */
export function backward(roots: OneOrMore, options: BackwardOptions = {}): void {
  checkOptions('backward', options, backwardKeys);
  const tensors = toList<Tensor>(roots);
  const { createGraph = false, retainGraph = createGraph } = options;
  const slots = tensors.map((root) => expectSlot(root, 'backward'));
  loadAddon().backward(slots, resolveRootGradients('backward', tensors, options), retainGraph, createGraph);
}

/**
 * The gradients of outputs with respect to inputs, summed over the outputs; `grad` of the leaves stays as it is.
 * @param outputs - tensors that require gradients, of any shape
 * @param inputs - the tensors to differentiate by, of any shape
 * @param options - as for {@link backward}, and `allowUnused`: an input that isn't reached gives `undefined` (default
 *   false)
 * @returns one gradient an input, in order, of its shape and dtype
 * @throws ArgumentError when an input isn't reached, unless `allowUnused`
 */
export function grad(
  outputs: OneOrMore,
  inputs: OneOrMore,
  options: GradOptions & { allowUnused: true },
): (Tensor | undefined)[];
export function grad(outputs: OneOrMore, inputs: OneOrMore, options?: GradOptions): Tensor[];
export function grad(outputs: OneOrMore, inputs: OneOrMore, options: GradOptions = {}): (Tensor | undefined)[] {
  checkOptions('grad', options, gradKeys);
  const roots = toList<Tensor>(outputs);
  const { createGraph = false, retainGraph = createGraph, allowUnused = false } = options;
  const found = loadAddon().gradients(
    roots.map((root) => expectSlot(root, 'grad')),
    toList<Tensor>(inputs).map((input) => expectSlot(input, 'grad')),
    resolveRootGradients('grad', roots, options),
    retainGraph,
    createGraph,
    allowUnused,
  );
  return found.map((slot) => (slot === undefined ? undefined : wrap(slot)));
}

function withGradMode<T>(where: string, enabled: boolean, fn: () => T): T {
  expectFunction(where, 'its argument', fn);
  const before = loadAddon().setGradMode(enabled);
  try {
    return expectSynchronous(where, fn());
  } finally {
    loadAddon().setGradMode(before);
  }
}

/**
 * Runs `fn` without recording for gradients.
 * @param fn - synchronous; results of operators in it don't require gradients
 * @returns what `fn` returns
 * @throws ArgumentError when `fn` returns a promise
 */
export function noGrad<T>(fn: () => T): T {
  return withGradMode('noGrad', false, fn);
}

/**
 * Runs `fn` with recording for gradients, inside {@link noGrad}.
 * @param fn - synchronous
 * @returns what `fn` returns
 * @throws ArgumentError when `fn` returns a promise
 */
export function enableGrad<T>(fn: () => T): T {
  return withGradMode('enableGrad', true, fn);
}

/**
 * Tests if operations are recorded for gradients now.
 * @returns false in {@link noGrad} and {@link inferenceMode}, true in {@link enableGrad} and elsewhere
 */
export function isGradEnabled(): boolean {
  return loadAddon().gradMode();
}

/**
 * Runs `fn` without recording for gradients, ever: its results can't be used where gradients are wanted.
 * @param fn - synchronous
 * @returns what `fn` returns
 * @throws ArgumentError when `fn` returns a promise
 */
export function inferenceMode<T>(fn: () => T): T {
  expectFunction('inferenceMode', 'its argument', fn);
  const depth = loadAddon().inferenceEnter();
  try {
    return expectSynchronous('inferenceMode', fn());
  } finally {
    loadAddon().inferenceExit(depth);
  }
}

/** What the detectAnomaly in progress asked for. */
let detecting: { checkNan: boolean } | undefined;

/**
 * Runs `fn` with backward passes that name the operation behind a failure, and stop at the first NaN.
 * @param fn - synchronous; forward and backward pass are both in it, and both slower
 * @param options - `checkNan` stops at NaN (default true)
 * @returns what `fn` returns
 * @throws ArgumentError when `fn` returns a promise
 */
export function detectAnomaly<T>(fn: () => T, options: { checkNan?: boolean } = {}): T {
  const { checkNan = true } = checkOptions('detectAnomaly', options, { checkNan: true });
  expectFunction('detectAnomaly', 'its argument', fn);
  const outer = detecting;
  detect({ checkNan });
  try {
    return expectSynchronous('detectAnomaly', fn());
  } finally {
    detect(outer);
  }
}

function detect(options: { checkNan: boolean } | undefined): void {
  detecting = options;
  loadAddon().setAnomalyMode(options !== undefined, options?.checkNan ?? false);
}

/**
 * Requires tensors.
 * @param where - the caller's name, for the error
 * @param values - a list of tensors of any shape and dtype; anything else is refused
 * @throws ArgumentError naming the first value that is none
 */
export function expectTensors(where: string, values: readonly unknown[]): asserts values is readonly Tensor[] {
  const wrong = values.findIndex((value) => !isTensor(value));
  if (wrong >= 0) raise('PAL_ARGUMENT', { where, expected: 'tensors', received: show(values[wrong]) });
}
