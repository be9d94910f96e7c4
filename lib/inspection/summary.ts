import type { OptionChecks } from '../core/index.js';
import { inspect } from 'node:util';
import { checkOptions, expectPositiveInteger, expectRange, formatBytes, formatInteger } from '../core/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import type { Optimizer } from '../optim/interface/index.js';
import { estimateMemory, stepSizeKeys } from './memory-estimate.js';
import type { MemoryEstimate, StepSize } from './memory-estimate.js';
import { traceOutputShapes } from './shapes.js';

/** Settings of {@link summarize}. */
export interface SummaryOptions extends StepSize {
  /** An optimizer of the model's parameters: what it holds, and what an update of it needs, is measured. */
  optimizer?: Optimizer | undefined;
  /**
   * Numbers that are kept for each parameter: without an optimizer 2 as by AdamW (default), 1 for momentum, 0 for plain
   * SGD; with one those besides its own (default 0), as 1 for an average of the weights.
   */
  statesPerParameter?: number | undefined;
}

/** The keys of {@link SummaryOptions}. */
export const summaryKeys: OptionChecks<SummaryOptions> = { ...stepSizeKeys, optimizer: true, statesPerParameter: true };

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
 * @remarks Memory is measured on half and on three quarters of the batch, forward and back, and drawn out in line:
 * it holds for any architecture, and takes the time of about one step. Gradients are cleared.
 * @throws OutOfMemoryError when three quarters of the batch don't fit
 * @example console.log(summary(model, { batch: 32, length: 256 }));
 */
export function summarize(model: LanguageModel, options: SummaryOptions): ModelSummary {
  const { optimizer, ...sizes } = checkOptions('summarize', options, summaryKeys);
  const { statesPerParameter = optimizer === undefined ? 2 : 0, ...step } = sizes;
  expectPositiveInteger('summarize', 'batch', step.batch);
  expectPositiveInteger('summarize', 'length', step.length);
  expectRange('summarize', 'statesPerParameter', statesPerParameter, { min: 0 });
  const shapes = traceOutputShapes(model, step.batch, step.length);
  const memory = estimateMemory(model, step, { optimizer, statesPerParameter });
  const rows = [...model.namedModules()].map(([path, module]): SummaryRow => {
    const detail = module.extraRepr();
    return {
      path,
      layer: detail === '' ? module.constructor.name : `${module.constructor.name}(${detail})`,
      output: shapes.get(path),
      parameters: module.parameterCount(),
    };
  });
  return new ModelSummary(rows, model.parameterCount(), memory, step);
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
