import { raise, show } from '../core/index.js';
import { loadAddon } from '../native/index.js';
import type { ProgramId, Slot } from '../native/index.js';
import { expectSynchronous, scope } from './scope.js';
import { isTensor, Tensor, wrap } from './tensor.js';
import { mapTree } from './tree.js';
import type { Tree } from './tree.js';

/** A recorded run: the native program, and what its result looks like. */
export interface Recording<Output> {
  id: ProgramId;
  /** The result made of the tensors of another run. */
  rebuild: (tensors: readonly Tensor[]) => Output;
}

/** The place of a tensor in a result. */
class Place {
  constructor(readonly index: number) {}
}

/**
 * Runs a function while the addon writes its operators down.
 *
 * @returns the recording, and the result of this run, whose tensors are handles of their own
 * @throws PalabraError when the function can't be recorded or throws itself; nothing stays recorded then
 */
export function record<Output>(
  fn: (...inputs: Tensor[]) => Output,
  slots: readonly Slot[],
): { recording: Recording<Output>; output: Output } {
  const { id, template, tensors } = scope(() => recordInScope(fn, slots));
  const rebuild = (made: readonly Tensor[]): Output =>
    mapTree(template, (leaf) => (leaf instanceof Place ? made[leaf.index] : leaf)) as Output;
  return { recording: { id, rebuild }, output: rebuild(tensors) };
}

function recordInScope<Output>(
  fn: (...inputs: Tensor[]) => Output,
  slots: readonly Slot[],
): { id: ProgramId; template: Tree; tensors: Tensor[] } {
  const native = loadAddon();
  native.recordBegin([...slots]);
  try {
    const output = expectSynchronous('program', fn(...slots.map((slot) => new Tensor(slot))));
    const { template, found } = templateOf(output);
    const tensors = found.map((tensor) => wrap(native.alias(tensor.slot)));
    return { id: native.recordEnd(tensors.map((tensor) => tensor.slot)), template, tensors };
  } catch (error) {
    native.recordAbort();
    throw error;
  }
}

function templateOf(output: unknown): { template: Tree; found: Tensor[] } {
  const found: Tensor[] = [];
  const template = mapTree(output, (leaf) => {
    if (leaf === undefined) return undefined;
    return isTensor(leaf) ? new Place(found.push(leaf) - 1) : refuse(leaf);
  });
  return { template, found };
}

function refuse(leaf: unknown): never {
  raise('PAL_PROGRAM', {
    where: 'program',
    expected: 'a result of tensors, arrays and plain objects of them, or nothing',
    received: show(leaf),
    fix: 'Other values would stay as they were at the recording.',
  });
}
