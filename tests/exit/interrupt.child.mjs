/** Trains without end in RUN, in small steps or one that never ends, until a signal comes; tells of step, signal and end. */
import { WindowDataset } from '../../dist/data/index.js';
import { Gpt } from '../../dist/models/index.js';
import { Trainer, watchSignals } from '../../dist/training/index.js';

const [runDirectory, speed] = process.argv.slice(2);
const train = new WindowDataset(
  Uint16Array.from({ length: 400 }, (_, i) => (i * i) % 11),
  { length: 8 },
);
const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 16, layers: 2, heads: 2 });
let announced = false;
/** Tells of the first step, and never lets it end where the run is to be `endless`. */
const announcer = {
  name: 'announcer',
  async onStep() {
    if (!announced) console.log('training');
    announced = true;
    if (speed === 'endless') await new Promise((resolve) => setInterval(resolve, 2 ** 31 - 1));
  },
};
const callbacks = [announcer];
const trainer = new Trainer({ model, data: { train }, steps: 1_000_000, batchSize: 4, runDirectory, callbacks });
const watch = watchSignals(trainer, (signal) => console.log(signal));
const { reason, step } = await trainer.run();
watch.dispose();
console.log(JSON.stringify({ reason, step }));
process.exitCode = watch.exitCode;
