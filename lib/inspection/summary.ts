import type { OptionChecks } from '../core/index.js';
import { inspect } from 'node:util';
import {
  checkOptions,
  expectPositiveInteger,
  expectRange,
  formatBytes,
  formatInteger,
  isPalabraError,
} from '../core/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import type { Optimizer } from '../optim/interface/index.js';
import { memory } from '../tensor/index.js';
import { estimateMemory, stepSizeKeys } from './memory-estimate.js';
import type { KeptStates, MemoryEstimate, StepSize } from './memory-estimate.js';
import { traceOutputShapes } from './shapes.js';
import type { OutputShapes } from './shapes.js';
import { expectNothingKept, passWithoutValues } from './without-values.js';

/** Settings of {@link summarize}. */
export interface SummaryOptions extends StepSize {
  /** An optimizer of the model's parameters: what it holds, and what an update of it needs, is measured. */
  optimizer?: Optimizer | undefined;
  /**
   * Numbers that are kept for each parameter: without an optimizer 2 as by AdamW (default), 1 for momentum, 0 for plain
   * SGD; with one those besides its own (default 0), as 1 for an average of the weights.
   */
  statesPerParameter?: number | undefined;
  /** Told why, where a model can't be passed through without values, before the step is computed. */
  onComputing?: ((reason: Error) => void) | undefined;
}

/** The keys of {@link SummaryOptions}. */
export const summaryKeys: OptionChecks<SummaryOptions> = {
  ...stepSizeKeys,
  optimizer: true,
  statesPerParameter: true,
  onComputing: true,
};

/** One module of a model. */
export interface SummaryRow {
  /** Its dotted path; empty for the model itself. */
  path: string;
  /** Its class, with what it says of itself. */
  layer: string;
  /** The shape of what it puts out; undefined where a pass doesn't call it. */
  output: number[] | undefined;
  /** Trainable values in it and below; shared ones stand in each place. */
  parameters: number;
}

/** A model in a table: layers with shapes and parameters, and the memory of a training step. */
export class ModelSummary {
  constructor(
    readonly rows: readonly SummaryRow[],
    /** Trainable values, shared ones counted once. */
    readonly parameters: number,
    readonly memory: MemoryEstimate,
    readonly step: StepSize,
  ) {}

  /** The table for people. */
  toString(): string {
    const body = this.rows.map(({ path, layer, output, parameters }) => [
      path === '' ? '(model)' : path,
      layer,
      output === undefined ? '' : output.join(' × '),
      formatInteger(parameters),
    ]);
    const table = alignColumns([['path', 'layer', 'output', 'parameters'], ...body]);
    return [...table, '', ...this.totals()].join('\n');
  }

  [inspect.custom](): string {
    return this.toString();
  }

  private totals(): string[] {
    const { weights, gradients, optimizer, activations, total } = this.memory;
    const { batch, length } = this.step;
    const parts = { weights, gradients, optimizer, activations };
    const listed = Object.entries(parts).map(([name, bytes]) => `${name} ${formatBytes(bytes)}`);
    return [
      `${formatInteger(this.parameters)} parameters`,
      `a training step of ${batch} × ${length} tokens: ${formatBytes(total)} (${listed.join(', ')})`,
    ];
  }
}

/**
 * Describes a model before it is trained: shapes and parameters of each layer, and the memory of a training step.
 *
 * @remarks Nothing is computed: the step is gone through with tensors that have no values and no memory. A model that
 * looks at values, and one on another device than the CPU, is passed with half and three quarters of the batch
 * instead, and the rest is drawn out in line. Gradients are cleared.
 * @throws OutOfMemoryError when three quarters of the batch don't fit, where they are needed
 * @example console.log(summary(model, { batch: 32, length: 256 }));
 */
export function summarize(model: LanguageModel, options: SummaryOptions): ModelSummary {
  const { optimizer, onComputing, ...sizes } = checkOptions('summarize', options, summaryKeys);
  const { statesPerParameter = optimizer === undefined ? 2 : 0, ...step } = sizes;
  expectPositiveInteger('summarize', 'batch', step.batch);
  expectPositiveInteger('summarize', 'length', step.length);
  expectRange('summarize', 'statesPerParameter', statesPerParameter, { min: 0 });
  const measured = measure(model, step, { optimizer, statesPerParameter }, onComputing);
  const rows = [...model.namedModules()].map(([path, module]): SummaryRow => {
    const detail = module.extraRepr();
    return {
      path,
      layer: detail === '' ? module.constructor.name : `${module.constructor.name}(${detail})`,
      output: measured.shapes.get(path),
      parameters: module.parameterCount(),
    };
  });
  return new ModelSummary(rows, model.parameterCount(), measured.memory, step);
}

/** Batches from which on parts are computed, and the whole follows in line. */
const MIN_MEASURED_BATCH = 4;

interface Measured {
  shapes: OutputShapes;
  memory: MemoryEstimate;
}

/** Goes through a step without values where that can be done, else by computing parts of it. */
function measure(
  model: LanguageModel,
  step: StepSize,
  kept: KeptStates,
  onComputing: SummaryOptions['onComputing'],
): Measured {
  const { batch, length } = step;
  const whole = { shapes: [batch], memory: [batch] };
  const parts = {
    shapes: [1, 2],
    memory: batch < MIN_MEASURED_BATCH ? [batch] : [Math.ceil(batch / 2), Math.ceil(0.75 * batch)],
  };
  const pass = (rows: typeof whole): Measured => ({
    shapes: traceOutputShapes(model, batch, length, rows.shapes),
    memory: estimateMemory(model, step, kept, rows.memory),
  });
  const { liveSlots } = memory.stats();
  try {
    if (model.device === 'cpu') return passWithoutValues(model, () => pass(whole));
  } catch (error) {
    if (!isPalabraError(error)) throw error;
    onComputing?.(error);
  } finally {
    expectNothingKept(model, liveSlots);
  }
  return pass(parts);
}

/** Lines with columns of one width; the last one stands to the right. */
function alignColumns(cells: readonly (readonly string[])[]): string[] {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
