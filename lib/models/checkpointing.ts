import { backward, noGrad, palabra, scope } from '../tensor/index.js';
import type { SummedLoss, Tensor } from '../tensor/index.js';

/** A pass in stages, and the loss at its end. */
export interface CheckpointedPass<Stream extends object> {
  /** The first stream: a plain object of tensors. */
  start: () => Stream;
  stages: readonly ((stream: Stream) => Stream)[];
  /** The loss of the last stream. */
  end: (stream: Stream) => SummedLoss;
  /** What is differentiated. */
  objective: (loss: SummedLoss) => Tensor;
  /** Wraps every forward computation, as for autocast. */
  within: <T>(fn: () => T) => T;
}

type Tensors = Record<string, Tensor>;
type Gradients = Record<string, Tensor | undefined>;

/** A stage before it is passed through again. */
interface Checkpoint {
  input: Tensors;
  /** Which of its tensors a gradient goes back to. */
  wanted: ReadonlySet<string>;
  /** Where the random stream stood. */
  random: Tensor;
}

/**
 * Adds the gradients of a loss to every parameter while holding what is inside one stage at a time: the forward pass
 * keeps only each stage's input, and the backward pass goes through the stage again, with the same random numbers.
 * @see Chen et al. 2016, https://arxiv.org/abs/1604.06174
 */
export function checkpointedGradients<Stream extends object>(pass: CheckpointedPass<Stream>): SummedLoss {
  const { start, stages, within } = pass as unknown as CheckpointedPass<Tensors>;
  const first = within(() => scope(start));
  const checkpoints: Checkpoint[] = [];
  let last: Checkpoint = { input: detached(first), wanted: requiring(first), random: palabra.random_state() };
  for (const stage of stages) {
    checkpoints.push(last);
    last = within(() => forward(last, stage));
  }
  const { loss, gradients } = headGradients(pass as unknown as CheckpointedPass<Tensors>, last);
  const after = palabra.random_state();
  const found = checkpoints.reduceRight(
    (later, checkpoint, i) => stageGradients(stages[i]!, checkpoint, later, within),
    gradients,
  );
  palabra.set_random_state(after);
  backwardFrom(first, found);
  return loss;
}

/** Passes through a stage without keeping its inside. */
function forward({ input, wanted }: Checkpoint, stage: (stream: Tensors) => Tensors): Checkpoint {
  const output = noGrad(() => scope(() => stage(input)));
  const computed = Object.keys(output).filter((name) => output[name] !== input[name]);
  return { input: output, wanted: new Set([...wanted, ...computed]), random: palabra.random_state() };
}

/** The gradients of the last stream, and the loss. */
function headGradients(
  { end, objective, within }: CheckpointedPass<Tensors>,
  { input, wanted }: Checkpoint,
): { loss: SummedLoss; gradients: Gradients } {
  return scope(() => {
    const leaves = asLeaves(input, wanted);
    const { lossSum, count } = within(() => end(leaves));
    backward(objective({ lossSum, count }));
    return { loss: { lossSum: lossSum.detach(), count }, gradients: gradientsOf(leaves) };
  });
}

/** The gradients of a stage's input, given those of its output. */
function stageGradients(
  stage: (stream: Tensors) => Tensors,
  { input, wanted, random }: Checkpoint,
  later: Gradients,
  within: <T>(fn: () => T) => T,
): Gradients {
  const gradients = scope(() => {
    palabra.set_random_state(random);
    const leaves = asLeaves(input, wanted);
    const output = within(() => stage(leaves));
    const computed = Object.keys(output).filter((name) => output[name] !== leaves[name]);
    backwardFrom(Object.fromEntries(computed.map((name) => [name, output[name]!])), later);
    return added(gradientsOf(leaves), later, new Set(computed));
  });
  free([...Object.values(later), random], Object.values(gradients));
  return gradients;
}

/** What goes round a stage is added to what comes out of it. */
function added(own: Gradients, later: Gradients, computed: ReadonlySet<string>): Gradients {
  return Object.fromEntries(
    Object.entries(own).map(([name, gradient]) => {
      const around = computed.has(name) ? undefined : later[name];
      return [name, gradient && around ? gradient.add(around) : (gradient ?? around)];
    }),
  );
}

/** Goes back from the tensors that have a gradient. */
function backwardFrom(outputs: Tensors, gradients: Gradients): void {
  const reached = Object.entries(outputs).filter(([name, { requiresGrad }]) => requiresGrad && gradients[name]);
  if (reached.length === 0) return;
  backward(
    reached.map(([, output]) => output),
    { gradients: reached.map(([name]) => gradients[name]) },
  );
}

function requiring(stream: Tensors): Set<string> {
  return new Set(Object.keys(stream).filter((name) => stream[name]!.requiresGrad));
}

function detached(stream: Tensors): Tensors {
  return Object.fromEntries(Object.entries(stream).map(([name, tensor]) => [name, tensor.detach()]));
}

function asLeaves(stream: Tensors, wanted: ReadonlySet<string>): Tensors {
  return Object.fromEntries(
    Object.entries(stream).map(([name, tensor]) => [name, tensor.detach().requiresGrad_(wanted.has(name))]),
  );
}

function gradientsOf(leaves: Tensors): Gradients {
  return Object.fromEntries(Object.entries(leaves).map(([name, { grad }]) => [name, grad]));
}

function free(tensors: readonly (Tensor | undefined)[], but: readonly (Tensor | undefined)[]): void {
  for (const tensor of tensors) if (tensor !== undefined && !but.includes(tensor)) tensor.dispose();
}
