import { setImmediate } from 'node:timers/promises';
import { noGrad, program, scope, stack } from '../tensor/index.js';
import type { Program, Tensor } from '../tensor/index.js';

/** The mode of a step: recorded once a shape and replayed away from JavaScript, or run operator by operator. */
export type StepMode = 'program' | 'eager';

/** A function over tensors that is run again and again, in one of the two modes, to the same result bit by bit. */
export type CompiledFunction<Output> = Pick<Program<Tensor[], Output>, 'run' | 'dispose'>;

/**
 * Prepares a function over tensors for many runs.
 * @param fn - from tensors to tensors by name; in mode `program` it reads no value
 * @param mode - recorded once a shape and replayed, or run operator by operator
 * @returns the function, which owns its recordings; dispose of it
 */
export function compile<Output extends Readonly<Record<string, Tensor>>>(
  fn: (...inputs: Tensor[]) => Output,
  mode: StepMode,
): CompiledFunction<Output> {
  return mode === 'program' ? program(fn) : new EagerFunction(fn);
}

/**
 * Reads results of one element each, and frees them.
 * @param output - tensors of one element, each `[]`, by name
 * @returns their values by the same names
 */
export function readNumbers<Name extends string>(output: Readonly<Record<Name, Tensor>>): Record<Name, number> {
  const entries = Object.entries<Tensor>(output);
  const values = readValues(entries.map(([, value]) => value));
  for (const [, value] of entries) value.dispose();
  return Object.fromEntries(entries.map(([name], i) => [name, values[i]!])) as Record<Name, number>;
}

/** Many values are read at once, so that a device is waited for once. */
function readValues(values: readonly Tensor[]): readonly number[] {
  if (values.length <= 2) return values.map((value) => value.item());
  const joined = scope(() =>
    noGrad(() =>
      stack(values.map((value) => value.to('float64')))
        .to('cpu')
        .data(),
    ),
  );
  return Array.from(joined as Float64Array);
}

class EagerFunction<Output extends Readonly<Record<string, Tensor>>> implements CompiledFunction<Output> {
  constructor(private readonly fn: (...inputs: Tensor[]) => Output) {}

  async run(...inputs: Tensor[]): Promise<Output> {
    // The event loop gets its turn between two runs.
    await setImmediate();
    const output = scope(() => this.fn(...inputs));
    for (const value of Object.values(output)) value.keep();
    return output;
  }

  dispose(): void {
    // It holds nothing.
  }
}
