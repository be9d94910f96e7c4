import { expectHooks } from './hooks.js';
import { raise } from '../../core/index.js';
import type { GradientHook } from '../../step/index.js';
import type { CallbackState, Callback } from './callback.js';

/** The callbacks of a run in their order. */
export class CallbackList {
  constructor(private readonly callbacks: readonly Callback[]) {
    callbacks.forEach(expectHooks);
    const names = callbacks.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) return;
    raise('PAL_ARGUMENT', { where: 'Trainer', expected: 'callbacks with different names', received: `${twice} twice` });
  }

  /** The names in order. */
  get names(): string[] {
    return this.callbacks.map(({ name }) => name);
  }

  /** True if the weights that are evaluated aren't those that are trained. */
  get averages(): boolean {
    return this.callbacks.some((callback) => callback.withWeights !== undefined);
  }

  /** The functions that change gradients while a step is recorded. */
  get gradientHooks(): GradientHook[] {
    return this.callbacks.flatMap((callback) => (callback.onGradients ? [(all) => callback.onGradients!(all)] : []));
  }

  /** Calls a hook of each callback and waits for it before the next. */
  async notify(call: (callback: Callback) => void | Promise<void>): Promise<void> {
    for (const callback of this.callbacks) await call(callback);
  }

  /** Calls a hook that can't wait. */
  notifySync(call: (callback: Callback) => void): void {
    this.callbacks.forEach(call);
  }

  /** Runs `work` with the weights that are to be evaluated and published. */
  withWeights<T>(work: () => Promise<T>): Promise<T> {
    const wrapped = this.callbacks.reduce<() => Promise<T>>(
      (inner, callback) => (callback.withWeights ? () => callback.withWeights!(inner) : inner),
      work,
    );
    return wrapped();
  }

  /** The state of every callback that has one. */
  save(): Record<string, CallbackState> {
    return Object.fromEntries(
      this.callbacks.flatMap((callback) => (callback.save ? [[callback.name, callback.save()]] : [])),
    );
  }

  /**
   * Hands stored states to their callbacks; a callback without one starts anew.
   * @throws CheckpointError when a state has no callback to take it
   */
  load(states: Readonly<Record<string, CallbackState>>): void {
    const left = Object.keys(states).filter(
      (name) => !this.callbacks.some((callback) => callback.name === name && 'load' in callback),
    );
    if (left.length > 0) throwUnclaimed(left);
    for (const callback of this.callbacks) {
      const state = states[callback.name];
      if (state !== undefined) callback.load?.(state);
    }
  }
}

function throwUnclaimed(names: readonly string[]): never {
  raise('PAL_CHECKPOINT', {
    where: 'Trainer',
    expected: 'a callback for each state of the checkpoint',
    received: `none named ${names.join(', ')}`,
    fix: 'Pass the callbacks that the run was started with.',
    details: { names },
  });
}
