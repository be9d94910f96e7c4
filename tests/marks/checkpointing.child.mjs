/** Memory and time of the LSTM's step, plain and checkpointed, in a process of their own; prints them as JSON. */
import { AdamW, LstmLanguageModel, lstmPresets, memory, program } from '../../dist/index.js';
import { randint } from '../../dist/tensor/index.js';

const [VOCABULARY, BATCH, LENGTH] = [10_004, 32, 100];
const [ROUNDS, MARK] = [9, 1.2];

/** A training step that is recorded and has been replayed. */
async function recorded(checkpointing) {
  const model = new LstmLanguageModel({ vocabSize: VOCABULARY, ...lstmPresets.standard });
  const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
  const ids = randint(0, VOCABULARY, [BATCH, LENGTH], { dtype: 'int64' }).keep();
  const step = program((inputs) => {
    optimizer.zeroGrad();
    const { lossSum } = model.accumulateGradients(inputs, inputs, { training: true }, { checkpointing });
    optimizer.step();
    return lossSum;
  });
  const run = async () => (await step.run(ids)).dispose();
  for (let i = 0; i < 2; i++) await run();
  return { run, dispose: () => [step, optimizer, ids, model].forEach((made) => made.dispose()) };
}

/** Bytes at the peak of a replayed step and of what it works with. */
async function bytes(checkpointing) {
  const before = memory.stats().allocatedBytes;
  const { run, dispose } = await recorded(checkpointing);
  memory.resetPeak();
  await run();
  const { peakAllocatedBytes } = memory.stats();
  dispose();
  return peakAllocatedBytes - before;
}

const memories = [await bytes(false), await bytes(true)];
const steps = [await recorded(false), await recorded(true)];
const times = [Infinity, Infinity];
// What disturbs a step only adds to its time, so a poor ratio is looked at again.
for (let round = 0; round < 6 * ROUNDS && (round < ROUNDS || times[1] / times[0] > MARK); round++) {
  for (const [i, { run }] of steps.entries()) {
    const start = performance.now();
    await run();
    times[i] = Math.min(times[i], performance.now() - start);
  }
}
console.log(JSON.stringify({ memories, times }));
process.exit(0);
