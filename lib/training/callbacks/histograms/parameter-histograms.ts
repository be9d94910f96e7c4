import type { Module } from '../../../nn/index.js';
import { aten, noGrad, program } from '../../../tensor/index.js';
import type { Program, Tensor } from '../../../tensor/index.js';
import type { Histogram } from './histogram.js';

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

/** The histograms of a model's weights and gradients, counted away from the JavaScript thread. */
export class ParameterHistograms {
  private readonly count: Program<Tensor[], Counted[]>;

  constructor(private readonly model: Module) {
    this.count = program((...tensors: Tensor[]) => noGrad(() => tensors.map(countBins)));
  }

  /** The histogram of each parameter, by name. */
  async takeWeights(): Promise<Record<string, Histogram>> {
    return await this.take(Object.entries(this.model.namedParameters()));
  }

  /** The histogram of each gradient, by the name of its parameter; none for a frozen one. */
  async takeGradients(): Promise<Record<string, Histogram>> {
    const parameters = Object.entries(this.model.namedParameters());
    const named = parameters.flatMap(([name, parameter]): [string, Tensor][] => {
      const gradient = parameter.grad;
      return gradient === undefined ? [] : [[name, gradient]];
    });
    try {
      return await this.take(named);
    } finally {
      // These are handles; the gradients themselves stay.
      for (const [, gradient] of named) gradient.dispose();
    }
  }

  /** Frees the recordings. */
  dispose(): void {
    this.count.dispose();
  }

  private async take(named: [name: string, tensor: Tensor][]): Promise<Record<string, Histogram>> {
    if (named.length === 0) return {};
    const counted = await this.count.run(...named.map(([, tensor]) => tensor));
    return Object.fromEntries(named.map(([name], i) => [name, readHistogram(counted[i]!)]));
  }
}

function countBins(tensor: Tensor): Counted {
  const values = tensor.detach().to('float32').flatten();
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
