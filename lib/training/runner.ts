import { setImmediate } from 'node:timers/promises';
import { program, scope } from '../tensor/index.js';
import type { Program, Tensor } from '../tensor/index.js';

/** How a step runs: recorded once a shape and replayed away from JavaScript, or operator by operator. */
export type StepMode = 'program' | 'eager';

/** A function over tensors that is run again and again, in one of the two modes, to the same result bit by bit. */
export class Runner<Output extends Readonly<Record<string, Tensor>>> {
  private readonly recorded: Program<Tensor[], Output> | undefined;

  constructor(
    private readonly fn: (...inputs: Tensor[]) => Output,
    mode: StepMode,
  ) {
    this.recorded = mode === 'program' ? program(fn) : undefined;
  }

  /** Runs the function and reads its results, each of one element. */
  async run(inputs: readonly Tensor[]): Promise<Record<keyof Output, number>> {
    const output = await (this.recorded?.run(...inputs) ?? this.eagerly(inputs));
    const values = Object.entries(output).map(([name, tensor]): [string, number] => [name, tensor.item()]);
    for (const tensor of Object.values(output)) tensor.dispose();
    return Object.fromEntries(values) as Record<keyof Output, number>;
  }

  /** Frees the recordings. */
  dispose(): void {
    this.recorded?.dispose();
  }

  private async eagerly(inputs: readonly Tensor[]): Promise<Output> {
    // The event loop gets its turn between two runs.
    await setImmediate();
    const output = scope(() => this.fn(...inputs));
    for (const tensor of Object.values(output)) tensor.keep();
    return output;
  }
}
