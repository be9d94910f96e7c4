import { Infinito } from 'palabra/models';
import type { InfinitoOptions } from 'palabra/models';
import { AdamW } from 'palabra/optim';
import { manualSeed, randint, scope } from 'palabra/tensor';
import { trainStep } from 'palabra/training';

/** The sections of a training that arms differ in. */
interface Settings {
  dataset?: { length: number };
  model?: Omit<InfinitoOptions, 'vocabSize'> & { type?: string };
  trainer?: { batchSize: number };
}

/** The part of a study that is measured. */
export interface Study {
  base: Required<Settings>;
  arms: Record<string, Settings>;
  seeds: number[];
  tokens: number;
}

/** What a run of an arm takes. */
export interface ArmMeasurement {
  arm: string;
  parameters: number;
  /** Multiplications and additions of a token's forward pass. */
  operations: number;
  /** Processor time of a training step, and of all steps of a run. */
  stepSeconds: number;
  runSeconds: number;
}

/** Steps before those that are measured, which record the pass. */
const WARMUP = 3;
const MEASURED = 8;

/**
 * Trains a few steps of each arm on random tokens.
 * @param study - arms and tokens of a run
 * @param vocabSize - of the tokenizer
 * @returns what each takes in processor time
 */
export async function measureArms(study: Study, vocabSize: number): Promise<ArmMeasurement[]> {
  const found: ArmMeasurement[] = [];
  for (const [arm, over] of Object.entries(study.arms)) {
    const { type: _, ...model } = { ...study.base.model, ...over.model };
    const options: InfinitoOptions = { ...model, vocabSize };
    const length = over.dataset?.length ?? study.base.dataset.length;
    const rows = over.trainer?.batchSize ?? study.base.trainer.batchSize;
    const { parameters, stepSeconds } = await measureStep(options, rows, length);
    const runSeconds = (stepSeconds * study.tokens) / (rows * length);
    found.push({ arm, parameters, operations: countOperations(options), stepSeconds, runSeconds });
  }
  return found;
}

async function measureStep(options: InfinitoOptions, rows: number, length: number) {
  manualSeed(1);
  using model = new Infinito(options);
  const parameters = model.parameterCount();
  const optimizer = new AdamW([{ parameters: model.namedParameters() }], { learningRate: 1e-3 });
  using step = trainStep({ model, optimizer, maxGradNorm: 1 });
  const draw = (): Int32Array => Int32Array.from(randint(0, options.vocabSize, [rows * length]).tolist() as number[]);
  const batch = { shape: [rows, length], inputs: scope(draw), targets: scope(draw) } as const;
  let begin = process.cpuUsage();
  for (let i = 0; i < WARMUP + MEASURED; i++) {
    if (i === WARMUP) begin = process.cpuUsage();
    const resetState = Array<boolean>(rows).fill(i === 0);
    await step.run({ ...batch, resetState });
  }
  const { user, system } = process.cpuUsage(begin);
  optimizer.dispose();
  return { parameters, stepSeconds: (user + system) / 1e6 / MEASURED };
}

/** Twice the multiplications of a token's forward pass: blocks, what attention and memory read on average, the head. */
function countOperations(options: InfinitoOptions): number {
  const { vocabSize, width: d = 256, layers = 2, segmentLength: S = 256, hiddenWidth = 4 * d, memory } = options;
  const blocks = layers * (4 * d * d + 2 * d * hiddenWidth + S * d);
  if (memory?.type !== 'slots') return 2 * (blocks + vocabSize * d);
  const { slots: N = 256, chunkLength: c = 64, gate } = memory;
  const read = 2 * d * d + 2 * (N + S / c) * d;
  const write = (2 * d * d) / c;
  const open = gate?.type === 'static' ? 0 : (d * d) / 4;
  return 2 * (blocks + read + write + open + vocabSize * d);
}

/**
 * The measurements of a study as text.
 * @param study - arms and seeds
 * @param corpora - texts that it is made on
 * @param measured - of each arm
 * @returns lines
 */
export function formatMeasurements(study: Study, corpora: number, measured: readonly ArmMeasurement[]): string {
  const [first] = measured;
  const rows = measured.map(({ arm, parameters, operations, stepSeconds, runSeconds }) =>
    [
      ...[
        arm.padEnd(8),
        String(parameters).padStart(10),
        `${(operations / first!.operations).toFixed(3)} ×`.padStart(9),
      ],
      ...[stepSeconds.toFixed(3).padStart(9), runSeconds.toFixed(1).padStart(9)],
    ].join(' '),
  );
  const run = measured.reduce((sum, { runSeconds }) => sum + runSeconds, 0);
  const minutes = (run * study.seeds.length * corpora) / 60;
  return [
    'arm      parameters operations  s a step   s a run',
    ...rows,
    `${study.seeds.length} seeds on ${corpora} texts: ${minutes.toFixed(0)} minutes of processor time to train`,
  ].join('\n');
}
