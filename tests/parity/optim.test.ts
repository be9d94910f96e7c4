import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { Muon, ScheduleFreeAdamW, buildSchedule, cosineSchedule } from '../../lib/optim/index.js';
import type { MuonOptions, Optimizer, ParameterGroup, ScheduleConfigOptions } from '../../lib/optim/index.js';
import { manualSeed, randn, saveSafetensors } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { describeWithPython, python } from '../helpers/python.js';

describeWithPython('schedules against PyTorch', () => {
  const [steps, warmup, minimum] = [60, 5, 0.05];
  const random = new Random(3);
  const losses = Array.from({ length: 60 }, (_, index) => 3 / (1 + index / 8) + random.float() / 2);
  let theirs: Record<string, number[]> = {};

  beforeAll(() => {
    theirs = python('tests/parity/schedules.py', { input: { steps, warmup, minimum, losses } }).json as typeof theirs;
  });

  const configs: ScheduleConfigOptions[] = [
    { type: 'constant', warmup },
    { type: 'linear', warmup, minimum },
    { type: 'cosine', warmup, minimum },
    { type: 'restarts', warmup, minimum, period: 7, growth: 2 },
  ];

  test.each(configs)('$type', (config) => {
    const schedule = buildSchedule(config, { steps, learningRate: 1 });
    expect(theirs[config.type]).toHaveLength(steps);
    for (const [step, rate] of theirs[config.type]!.entries()) expect(schedule.rate(step)).toBeCloseTo(rate, 12);
  });

  test('plateau', () => {
    const schedule = buildSchedule({ type: 'plateau', minimum }, { steps, learningRate: 1 });
    const ours = losses.map((loss) => {
      schedule.onEvaluation(loss);
      return schedule.rate(0);
    });
    expect(new Set(ours).size).toBeGreaterThan(3);
    expect(ours).toEqual(theirs.plateau);
  });
});

const STEPS = 20;
const rates = Array.from({ length: STEPS }, (_, step) =>
  cosineSchedule({ learningRate: 0.02, warmup: 4, steps: STEPS })(step),
);
const shapes = { tall: [48, 16], wide: [16, 48], square: [32, 32], column: [24, 1], large: [160, 256] };

/** The distance between the ends of 20 steps here and in Python, relative to the way gone, by weight. */
async function besidePython(make: (groups: ParameterGroup[]) => Optimizer, settings: object): Promise<number[]> {
  manualSeed(4);
  const drawn = (lead: number[]) =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, randn([...lead, ...shape])]));
  const [weights, gradients] = [drawn([]), drawn([STEPS])];
  const folder = await mkdtemp(join(tmpdir(), 'palabra-parity-'));
  try {
    const paths = { start: join(folder, 'start'), gradients: join(folder, 'gradients'), end: join(folder, 'end') };
    await saveSafetensors(paths.start, weights);
    await saveSafetensors(paths.gradients, gradients);
    await saveSafetensors(paths.end, trained(make, weights, gradients));
    const input = { ...paths, settings: { ...settings, rates } };
    return Object.values(python('tests/parity/optimizers.py', { input }).json as Record<string, number>);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The weights after all steps, and the optimizer's averages where it has them. */
function trained(
  make: (groups: ParameterGroup[]) => Optimizer,
  weights: Record<string, Tensor>,
  gradients: Record<string, Tensor>,
): Record<string, Tensor> {
  for (const weight of Object.values(weights)) weight.requiresGrad_();
  const optimizer = make([{ parameters: weights, useMuon: true }]);
  for (const [step, rate] of rates.entries()) {
    for (const [name, weight] of Object.entries(weights)) weight.grad = gradients[name]!.select(0, step).clone();
    optimizer.learningRate = rate;
    optimizer.step();
  }
  const averages = Object.entries(optimizer.stateDict()).filter(([name]) => name.endsWith('.average'));
  return { ...weights, ...Object.fromEntries(averages) };
}

describeWithPython('optimizers against Python', () => {
  const cases: MuonOptions[] = [
    { scale: 'adamw', nesterov: true, precision: 'float32' },
    { scale: 'original', nesterov: false, precision: 'float32' },
    { scale: 'adamw', nesterov: true, precision: 'bfloat16' },
  ];

  test.each(cases)('Muon and torch.optim.Muon: %j', async (options) => {
    const settings = { momentum: 0.9, weightDecay: 0.1, ...options };
    const found = await besidePython((groups) => new Muon(groups, settings), { type: 'muon', ...settings });
    console.log(`${JSON.stringify(options)}: ${Math.max(...found).toExponential(1)}`);
    expect(found).toHaveLength(5);
    expect(Math.max(...found)).toBeLessThanOrEqual(options.precision === 'float32' ? 1e-5 : 1e-3);
  });

  test('schedule-free AdamW and the algorithm of its paper', async () => {
    const settings = { betas: [0.9, 0.99] as [number, number], eps: 1e-8, weightDecay: 0.1 };
    const make = (groups: ParameterGroup[]) => new ScheduleFreeAdamW(groups, settings);
    const found = await besidePython(make, { type: 'schedule-free', ...settings });
    console.log(`schedule-free: ${Math.max(...found).toExponential(1)}`);
    expect(found).toHaveLength(10);
    expect(Math.max(...found)).toBeLessThanOrEqual(1e-5);
  });
});
