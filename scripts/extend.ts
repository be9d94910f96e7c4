/**
 * A trainer extended three times, each in at most 15 lines: a module and a loss of one's own; an optimizer and a schedule;
 * a callback that changes the mix of the data and logs a figure to everything that records the run. The first
 * two are stopped and go on from their last checkpoints.
 *
 *   npm exec tsx scripts/extend.ts -- --out runs/extend
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Gpt, TensorBoard, Trainer, manualSeed } from 'palabra';
import { MixedDataset, WindowDataset } from 'palabra/data';
import { Embedding, Linear, Module, sumTokenLoss } from 'palabra/nn';
import { Optimizer } from 'palabra/optim';
import type { ParameterEntry, ResolvedGroup } from 'palabra/optim';
import { zerosLike } from 'palabra/tensor';
import type { Tensor } from 'palabra/tensor';
import type { Callback, LossBatch, ScheduleFunction, TrainerRun } from 'palabra/training';

const { values: options } = parseArgs({ options: { out: { type: 'string', default: 'runs/extend' } } });
const V = 29;
const count = (n: number, factor: number) => Uint16Array.from({ length: n }, (_, i) => (i * factor) % V);
const [books, web, held] = [count(900, 1), count(900, 2), count(200, 1)].map(
  (ids) => new WindowDataset(ids, { length: 8 }),
);
const data = { train: books!, validation: held! };
const newGpt = () => new Gpt({ vocabSize: V, contextLength: 8, width: 16, layers: 1, heads: 2 });
const settings = { learningRate: 0.01, weightDecay: 0 };
manualSeed(1);

/** What is shown of a run. */
type Finished = Pick<Trainer, 'step' | 'best'>;

async function trainOwnModule(folder: string): Promise<Finished> {
  // 1. A module and a loss of one's own, with checkpoints and resume.
  class Bigram extends Module {
    readonly embedding = new Embedding(V, 16);
    readonly head = new Linear(16, V);
    forward(ids: Tensor): Tensor {
      return this.head.forward(this.embedding.forward(ids));
    }
  }
  const loss = (model: Bigram, { inputs, targets }: LossBatch) => sumTokenLoss(model.forward(inputs), targets);
  const first = new Trainer({ model: new Bigram(), loss, data, steps: 40, runDirectory: folder });
  for await (const { index } of first.steps()) if (index === 20) break;
  const resumed = await Trainer.resume(folder, { model: new Bigram(), loss, data });
  await resumed.run();
  // End of 1.
  return resumed;
}

async function trainOwnOptimizer(folder: string): Promise<Finished> {
  // 2. An optimizer and a schedule of one's own, with resume.
  class SignMomentum extends Optimizer {
    protected newState(parameter: Tensor) {
      return { momentum: zerosLike(parameter) };
    }
    protected prepareUpdate({ learningRate }: ResolvedGroup, entries: ParameterEntry[]) {
      const update = ({ parameter, gradient, state: { momentum } }: ParameterEntry) =>
        parameter.sub_(momentum!.mul_(0.9).add_(gradient).sign().mul(learningRate));
      return () => entries.forEach((entry) => void update(entry));
    }
  }
  const optimizer = (model: Gpt) => new SignMomentum([{ parameters: model.namedParameters() }], settings);
  const schedule: ScheduleFunction = (step, { learningRate }) => learningRate * (1 - step / 80);
  await new Trainer({ model: newGpt(), data, steps: 20, optimizer, schedule, runDirectory: folder }).run();
  const resumed = await Trainer.resume(folder, { model: newGpt(), data, steps: 40, optimizer, schedule });
  await resumed.run();
  // End of 2.
  return resumed;
}

async function trainMix(folder: string): Promise<Finished> {
  // 3. A callback that changes the mix of the data and logs a figure to every sink.
  class Curriculum implements Callback {
    readonly name = 'curriculum';
    private run: TrainerRun | undefined;
    onStart(run: TrainerRun): void {
      this.run = run;
    }
    onStepStart(index: number): void {
      mix.weights = [40 - index, index];
      this.run!.log({ 'mix/web': index / 40 });
    }
  }
  const mix = new MixedDataset([books, web].map((dataset) => ({ dataset: dataset!, weight: 1 })));
  const inputs = { data: { ...data, train: mix }, callbacks: [new Curriculum(), new TensorBoard()] };
  const trainer = new Trainer({ model: newGpt(), ...inputs, steps: 40, runDirectory: folder });
  await trainer.run();
  // End of 3.
  return trainer;
}

for (const [name, train] of Object.entries({ module: trainOwnModule, optimizer: trainOwnOptimizer, mix: trainMix })) {
  const { step, best } = await train(join(options.out, name));
  console.log(`${name}: step ${step}, validation loss ${best!.loss.toFixed(4)}`);
}
