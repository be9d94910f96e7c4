import { raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { ProgramId, Slot } from '../../native/index.js';
import type { Decisions } from './decisions.js';
import { startObserving } from './decisions.js';
import { expectSynchronous, scope } from '../lifetimes/scope.js';
import { isTensor, Tensor, wrap } from '../tensor.js';
import { mapTree } from '../tree.js';
import type { Tree } from '../tree.js';

/** The recorded operators of one signature: the native program, and the structure of its result. */
export interface Graph<Output> {
  id: ProgramId;
  /** Tests if what the function went by outside of tensors is as it was. */
  decisions: Decisions;
  /** Builds the result from the tensors of a replay. */
  rebuild: (tensors: readonly Tensor[]) => Output;
}

/** Stands for a tensor in the structure of a result. */
class OutputReference {
  constructor(readonly index: number) {}
}

/**
 * Records the operators of a function while it is called.
 *
 * @param fn - synchronous, from tensors to a tensor, an array or plain object of tensors, or nothing
 * @param slots - the inputs of this call, in the order of the parameters of `fn`
 * @returns the graph, and the result of this call, whose tensors are handles of their own
 * @throws PalabraError when the function can't be recorded or throws itself; nothing stays recorded then
 */
export function recordGraph<Output>(
  fn: (...inputs: Tensor[]) => Output,
  slots: readonly Slot[],
): { graph: Graph<Output>; output: Output } {
  const observer = startObserving();
  let recorded: Recorded | undefined;
  let decisions: Decisions;
  try {
    recorded = scope(() => recordInScope(fn, slots));
  } finally {
    decisions = observer(new Set(recorded && loadAddon().programExternals(recorded.id)));
  }
  const { id, template, tensors } = recorded;
  const rebuild = (made: readonly Tensor[]): Output =>
    mapTree(template, (leaf) => (leaf instanceof OutputReference ? made[leaf.index] : leaf)) as Output;
  return { graph: { id, decisions, rebuild }, output: rebuild(tensors) };
}

interface Recorded {
  id: ProgramId;
  template: Tree;
  /** The result of the call. */
  tensors: Tensor[];
}

function recordInScope<Output>(fn: (...inputs: Tensor[]) => Output, slots: readonly Slot[]): Recorded {
  const native = loadAddon();
  // An alias of its own for each input: one that is given twice, or captured as well, stays two tensors.
  const inputs = slots.map((slot) => native.alias(slot));
  native.recordBegin(inputs);
  try {
    const output = expectSynchronous('program', fn(...inputs.map((slot) => new Tensor(slot))));
    const { template, found } = buildTemplate(output);
    const tensors = found.map((tensor) => wrap(native.alias(tensor.slot)));
    return { id: native.recordEnd(tensors.map((tensor) => tensor.slot)), template, tensors };
  } catch (error) {
    native.recordAbort();
    throw error;
  }
}

function buildTemplate(output: unknown): { template: Tree; found: Tensor[] } {
  const found: Tensor[] = [];
  const template = mapTree(output, (leaf) => {
    if (leaf === undefined) return undefined;
    return isTensor(leaf) ? new OutputReference(found.push(leaf) - 1) : throwUnsupportedResult(leaf);
  });
  return { template, found };
}

function throwUnsupportedResult(leaf: unknown): never {
  raise('PAL_PROGRAM', {
    where: 'program',
    expected: 'a result of tensors, arrays and plain objects of them, or nothing',
    received: show(leaf),
    fix: 'Other values would stay as they were at the recording.',
  });
}
