import type { Benchmark } from './rows.js';
import { add } from './tasks/add.js';
import { build } from './tasks/build.js';
import { c10 } from './tasks/c10.js';
import { c4 } from './tasks/c4.js';
import { c5 } from './tasks/c5.js';
import { c6 } from './tasks/c6.js';
import { c7 } from './tasks/c7.js';
import { c8 } from './tasks/c8.js';
import { c9 } from './tasks/c9.js';
import { data } from './tasks/data.js';
import { formalizer } from './tasks/formalizer.js';
import { optimizers } from './tasks/optimizers.js';
import { startup } from './tasks/startup.js';
import { createTrainingBenchmark } from './tasks/training.js';

/** The benchmarks by name. */
export const benchmarks: Record<string, Benchmark> = {
  c1: createTrainingBenchmark('C1', ['float32']),
  c2: createTrainingBenchmark('C2', ['float32', 'bfloat16']),
  c3: createTrainingBenchmark('C3', ['float32', 'bfloat16']),
  c4,
  c5,
  c6,
  c7,
  c8,
  c9,
  c10,
  formalizer,
  startup,
  add,
  build,
  optimizers,
  data,
};
