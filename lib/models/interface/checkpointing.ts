import { backward, isFloatingPoint, noGrad, palabra, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { detachLoss } from './loss-output.js';
import type { LossOutput } from './loss-output.js';

/** A pass in segments, and the loss at its end. */
export interface CheckpointedForward<HiddenStates extends object> {
  /** The first hidden states: a plain object of tensors. */
  start: () => HiddenStates;
  segments: readonly ((hidden: HiddenStates) => HiddenStates)[];
  /** The loss of the last hidden states. */
  end: (hidden: HiddenStates) => LossOutput;
  /** The scalar that is differentiated. */
  objective: (loss: LossOutput) => Tensor;
  /** Wraps every forward computation, as for autocast. */
  within: <T>(fn: () => T) => T;
}

type Tensors = Record<string, Tensor>;
type Gradients = Record<string, Tensor | undefined>;

/** A segment before it is passed through again. */
interface Checkpoint {
  input: Tensors;
  /** Which of its tensors a gradient goes back to. */
  wanted: ReadonlySet<string>;
  /** The state of the random generator. */
  random: Tensor;
}

/**
 * Adds the gradients of a loss to every parameter while holding what is inside one segment at a time: the forward pass
 * keeps only each segment's input, and the backward pass goes through the segment again, with the same random numbers.
 * @param pass - its segments, its loss, and the scalar that is differentiated
 * @returns the summed loss, unscaled, the number of positions, and what else the model reports: scalars `[]` without
 *   gradients
 * @see Chen et al. 2016, https://arxiv.org/abs/1604.06174
 */
export function computeCheckpointedGradients<HiddenStates extends object>(
  pass: CheckpointedForward<HiddenStates>,
): LossOutput {
  const { start, segments, within } = pass as unknown as CheckpointedForward<Tensors>;
  const first = within(() => scope(start));
  const checkpoints: Checkpoint[] = [];
  let last: Checkpoint = { input: detachAll(first), wanted: listRequiringGrad(first), random: palabra.random_state() };
  for (const segment of segments) {
    checkpoints.push(last);
    last = within(() => forwardSegment(last, segment));
  }
  const { loss, gradients } = computeHeadGradients(pass as unknown as CheckpointedForward<Tensors>, last);
  const after = palabra.random_state();
  const found = checkpoints.reduceRight(
    (later, checkpoint, i) => computeSegmentGradients(segments[i]!, checkpoint, later, within),
    gradients,
  );
  palabra.set_random_state(after);
  backpropagate(first, found);
  return loss;
}

/** Passes through a segment without keeping its inside. */
function forwardSegment({ input, wanted }: Checkpoint, segment: (hidden: Tensors) => Tensors): Checkpoint {
  const output = noGrad(() => scope(() => segment(input)));
  const computed = Object.keys(output).filter((name) => output[name] !== input[name]);
  const floating = computed.filter((name) => isFloatingPoint(output[name]!.dtype));
  return { input: output, wanted: new Set([...wanted, ...floating]), random: palabra.random_state() };
}

/** The gradients of the last hidden states, and the loss. */
function computeHeadGradients(
  { end, objective, within }: CheckpointedForward<Tensors>,
  { input, wanted }: Checkpoint,
): { loss: LossOutput; gradients: Gradients } {
  return scope(() => {
    const leaves = createLeaves(input, wanted);
    const loss = within(() => end(leaves));
    backward(objective(loss));
    return { loss: detachLoss(loss), gradients: collectGradients(leaves) };
  });
}

/** The gradients of a segment's input, given those of its output. */
function computeSegmentGradients(
  segment: (hidden: Tensors) => Tensors,
  { input, wanted, random }: Checkpoint,
  later: Gradients,
  within: <T>(fn: () => T) => T,
): Gradients {
  const gradients = scope(() => {
    palabra.set_random_state(random);
    const leaves = createLeaves(input, wanted);
    const output = within(() => segment(leaves));
    const computed = Object.keys(output).filter((name) => output[name] !== leaves[name]);
    backpropagate(Object.fromEntries(computed.map((name) => [name, output[name]!])), later);
    return addGradients(collectGradients(leaves), later, new Set(computed));
  });
  disposeAll([...Object.values(later), random], Object.values(gradients));
  return gradients;
}

/** Adds the gradients that bypass a segment to those of its input. */
function addGradients(own: Gradients, later: Gradients, computed: ReadonlySet<string>): Gradients {
  return Object.fromEntries(
    Object.entries(own).map(([name, gradient]) => {
      const around = computed.has(name) ? undefined : later[name];
      return [name, gradient && around ? gradient.add(around) : (gradient ?? around)];
    }),
  );
}

/** Goes back from the tensors that have a gradient. */
function backpropagate(outputs: Tensors, gradients: Gradients): void {
  const reached = Object.entries(outputs).filter(([name, { requiresGrad }]) => requiresGrad && gradients[name]);
  if (reached.length === 0) return;
  backward(
    reached.map(([, output]) => output),
    { gradients: reached.map(([name]) => gradients[name]) },
  );
}

function listRequiringGrad(hidden: Tensors): Set<string> {
  return new Set(Object.keys(hidden).filter((name) => hidden[name]!.requiresGrad));
}

function detachAll(hidden: Tensors): Tensors {
  return Object.fromEntries(Object.entries(hidden).map(([name, tensor]) => [name, tensor.detach()]));
}

function createLeaves(hidden: Tensors, wanted: ReadonlySet<string>): Tensors {
  return Object.fromEntries(
    Object.entries(hidden).map(([name, tensor]) => [name, tensor.detach().requiresGrad_(wanted.has(name))]),
  );
}

function collectGradients(leaves: Tensors): Gradients {
  return Object.fromEntries(Object.entries(leaves).map(([name, { grad }]) => [name, grad]));
}

function disposeAll(tensors: readonly (Tensor | undefined)[], but: readonly (Tensor | undefined)[]): void {
  for (const tensor of tensors) if (tensor !== undefined && !but.includes(tensor)) tensor.dispose();
}
