/** Steps of the formalizer `small`: `formalizer.child.ts FOLDER STEPS PRECISION` leaves there what the peer trains on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { prepareFormalizerSteps } from '../helpers/formalizer-steps.js';

const [folder = '', steps = '50', precision = 'float32'] = process.argv.slice(2);
if (precision !== 'float32' && precision !== 'bfloat16') throw new Error(`formalizer: no precision ${precision}`);

const threads = Number(process.env.OMP_NUM_THREADS ?? availableParallelism());
// A row holds three sentences and more.
const config = { records: 20 * Number(steps), held: 1, seed: 1, steps: Number(steps) };
const prepared = await prepareFormalizerSteps(folder, config, { precision, threads });
writeFileSync(join(folder, 'request.json'), JSON.stringify(prepared.request));

const [losses, times, processor]: [number[], number[], number[]] = [[], [], []];
for (const [index, batch] of prepared.batches.entries()) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  prepared.optimizer.learningRate = prepared.schedule(index);
  losses.push((await prepared.step.run(batch)).loss);
  const { user, system } = process.cpuUsage(before);
  times.push((performance.now() - start) / 1000);
  processor.push((user + system) / 1e6);
}
/** The middle step, the first ones aside, which record and try. */
const middle = (values: number[]): number => values.slice(5).sort((a, b) => a - b)[(values.length - 5) >> 1]!;
const [B, T] = prepared.batches[0]!.shape;
console.log(
  JSON.stringify({
    tokens: B * T,
    seconds: middle(times),
    cpuSeconds: middle(processor),
    ...Object.fromEntries(losses.map((loss, index) => [`loss${index}`, loss])),
  }),
);
