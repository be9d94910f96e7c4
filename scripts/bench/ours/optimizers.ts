/** What each optimizer costs on the model of C1: `optimizers.ts ROUNDS`; milliseconds of the update and of the whole step. */
import { Gpt } from '../../../lib/models/index.js';
import { buildOptimizer, computeClipDivisor, computeGradNorm } from '../../../lib/optim/index.js';
import type { OptimizerConfigOptions } from '../../../lib/optim/index.js';
import { manualSeed, program, randint, randnLike, zeros } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';

const rounds = Number(process.argv[2] ?? '40');

const configs: Record<string, OptimizerConfigOptions> = {
  sgd: { type: 'sgd' },
  adamw: { type: 'adamw' },
  'schedule-free': { type: 'schedule-free' },
  muon: { type: 'muon', precision: 'float32' },
  'muon, bfloat16': { type: 'muon', precision: 'bfloat16' },
};

/** Milliseconds that a call takes. */
async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

/** The update alone and the whole training step, each as a program. */
function subject(config: OptimizerConfigOptions): { update: () => Promise<number>; step: () => Promise<number> } {
  manualSeed(1);
  const model = new Gpt({ vocabSize: 65, contextLength: 64, width: 128, layers: 4, heads: 4, mlp: { type: 'gelu' } });
  const optimizer = buildOptimizer(config, model);
  const gradients = model.parameters().map((weight) => randnLike(weight.detach()).mul(1e-3).keep());
  const skip = zeros([]).keep();
  const update = program(() => {
    model.parameters().forEach((weight, index) => (weight.grad = gradients[index]));
    optimizer.step({ gradientDivisor: computeClipDivisor(computeGradNorm(gradients), 1), skip });
  });
  const whole = trainStep({ model, optimizer, maxGradNorm: 1 });
  const ids = Int32Array.from((randint(0, 65, [12, 64]).tolist() as number[][]).flat());
  const batch = { inputs: ids, targets: ids, shape: [12, 64] } as const;
  return { update: () => timed(() => update.run()), step: () => timed(() => whole.run(batch)) };
}

const subjects = Object.entries(configs).map(([name, config]) => ({ name, times: subject(config) }));
const figures: Record<string, number[]> = {};
for (let round = 0; round < rounds + 5; round++) {
  for (const { name, times } of subjects) {
    for (const part of ['update', 'step'] as const) {
      const milliseconds = await times[part]();
      if (round >= 5) (figures[`${name}: ${part}`] ??= []).push(milliseconds);
    }
  }
}
const medians = Object.entries(figures).map(([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1]]);
console.log(JSON.stringify(Object.fromEntries(medians)));
