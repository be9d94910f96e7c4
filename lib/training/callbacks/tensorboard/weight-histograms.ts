import type { Module } from '../../../nn/index.js';
import { aten, noGrad, program } from '../../../tensor/index.js';
import type { Program, Tensor } from '../../../tensor/index.js';
import type { Histogram } from './events.js';

/** Ranges of a histogram. */
const BINS = 64;

interface Counted {
  minimum: Tensor;
  maximum: Tensor;
  counts: Tensor;
  edges: Tensor;
  sum: Tensor;
  sumOfSquares: Tensor;
}

/** The histograms of a model's weights, counted away from the JavaScript thread. */
export class WeightHistograms {
  private readonly count: Program<[], Record<string, Counted>>;

  constructor(model: Module) {
    const weights = Object.entries(model.namedParameters());
    this.count = program(() =>
      noGrad(() => Object.fromEntries(weights.map(([name, weight]) => [name, countBins(weight)]))),
    );
  }

  /** The histogram of each parameter, by name. */
  async take(): Promise<Record<string, Histogram>> {
    const found = Object.entries(await this.count.run());
    return Object.fromEntries(found.map(([name, counted]) => [name, readHistogram(counted)]));
  }

  /** Frees the recording. */
  dispose(): void {
    this.count.dispose();
  }
}

function countBins(weight: Tensor): Counted {
  const values = weight.detach().to('float32').flatten();
  const [counts, edges] = aten.histogram_bin_ct(values, BINS);
  const wide = values.to('float64');
  return {
    minimum: values.min(),
    maximum: values.max(),
    counts,
    edges,
    sum: wide.sum(),
    sumOfSquares: wide.square().sum(),
  };
}

/** Reads the numbers and frees the tensors. */
function readHistogram({ counts, edges, ...numbers }: Counted): Histogram {
  const number = (tensor: Tensor) => Number(tensor.item());
  const histogram = {
    minimum: number(numbers.minimum),
    maximum: number(numbers.maximum),
    sum: number(numbers.sum),
    sumOfSquares: number(numbers.sumOfSquares),
    limits: (edges.data() as Float32Array).slice(1),
    counts: counts.data() as Float32Array,
  };
  for (const tensor of [counts, edges, ...Object.values(numbers)]) tensor.dispose();
  return { ...histogram, count: histogram.counts.reduce((total, count) => total + count, 0) };
}
