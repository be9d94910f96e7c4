import { raise } from '../../core/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { PartState, TrainerPart } from '../part.js';

/** The parts of a run in their order. */
export class PartList {
  constructor(private readonly parts: readonly TrainerPart[]) {
    const names = parts.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) return;
    raise('PAL_ARGUMENT', { where: 'Trainer', expected: 'parts with different names', received: `${twice} twice` });
  }

  /** The names in order. */
  get names(): string[] {
    return this.parts.map(({ name }) => name);
  }

  /** What changes gradients while a step is recorded. */
  get gradientHooks(): ((parameters: readonly Tensor[]) => void)[] {
    return this.parts.flatMap((part) => (part.onGradients ? [(all) => part.onGradients!(all)] : []));
  }

  /** Calls a hook of each part and waits for it before the next. */
  async tell(call: (part: TrainerPart) => void | Promise<void>): Promise<void> {
    for (const part of this.parts) await call(part);
  }

  /** Calls a hook that can't wait. */
  tellAtOnce(call: (part: TrainerPart) => void): void {
    this.parts.forEach(call);
  }

  /** Runs `work` with the weights that are to be evaluated and published. */
  withWeights<T>(work: () => Promise<T>): Promise<T> {
    const wrapped = this.parts.reduce<() => Promise<T>>(
      (inner, part) => (part.withWeights ? () => part.withWeights!(inner) : inner),
      work,
    );
    return wrapped();
  }

  /** The state of every part that has one. */
  save(): Record<string, PartState> {
    return Object.fromEntries(this.parts.flatMap((part) => (part.save ? [[part.name, part.save()]] : [])));
  }

  /**
   * Hands stored states to their parts; a part without one starts anew.
   * @throws CheckpointError when a state has no part to take it
   */
  load(states: Readonly<Record<string, PartState>>): void {
    const left = Object.keys(states).filter((name) => !this.parts.some((part) => part.name === name && 'load' in part));
    if (left.length > 0) refuseLeft(left);
    for (const part of this.parts) {
      const state = states[part.name];
      if (state !== undefined) part.load?.(state);
    }
  }
}

function refuseLeft(names: readonly string[]): never {
  raise('PAL_CHECKPOINT', {
    where: 'Trainer',
    expected: 'a part for each state of the checkpoint',
    received: `none named ${names.join(', ')}`,
    fix: 'Pass the parts that the run was started with.',
    details: { names },
  });
}
