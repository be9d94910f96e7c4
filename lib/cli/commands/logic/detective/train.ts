import { Command, Option } from 'commander';
import type { TrainLogicConfig } from '../../../../tasks/logic/train/index.js';
import { withInterruption } from '../../../interruption.js';
import type { Output } from '../../../output.js';
import { formatColumns, printResult } from '../../../print-result.js';
import type { JsonFlag } from '../../../print-result.js';
import { readNumber } from '../data/run-stage.js';

type Shared = 'records' | 'held' | 'vocabSize' | 'epochs' | 'steps' | 'batchSize' | 'learningRate' | 'dropout' | 'seed';

interface Flags extends JsonFlag, Pick<TrainLogicConfig, Shared | 'precision'> {
  out: string;
  data?: string[];
  resume?: boolean;
  fold?: number;
  layers?: number;
}

/** What is shown of a training. */
interface ShownReport {
  model: string;
  parameters: number;
  texts: number;
  steps: number;
  seconds: number;
  held: Readonly<Record<string, { count: number; macroF1: number; accuracy: number; baseline: number | null }>>;
}

/** `palabra logic detective train --out FOLDER`. */
export function createTrainDetectiveCommand(output: Output): Command {
  return new Command('train')
    .description('Train a model that names the fallacies of Spanish texts, and measure it on templates it never saw.')
    .requiredOption('--out <folder>', 'of the run; the model lies in its model/')
    .option('--data <files...>', 'texts and fallacies in JSON Lines (default: texts are drawn)')
    .option('--resume', 'go on from the newest checkpoint of the folder')
    .option('--records <n>', 'texts that are drawn', readNumber)
    .option('--held <n>', 'texts of each kind that are held out', readNumber)
    .option('--fold <n>', 'the tenth of the templates that is held out, 0 to 9', readNumber)
    .option('--layers <n>', 'blocks of the model', readNumber)
    .option('--vocab-size <n>', 'tokens of the tokenizer', readNumber)
    .option('--epochs <n>', 'passes over the texts', readNumber)
    .option('--steps <n>', 'updates after which it ends', readNumber)
    .option('--batch-size <n>', 'rows of an update', readNumber)
    .option('--learning-rate <rate>', 'its peak', readNumber)
    .option('--dropout <share>', 'of embeddings, attention and branches', readNumber)
    .addOption(new Option('--precision <dtype>', 'of matrix products').choices(['float32', 'bfloat16']))
    .option('--seed <n>', 'draws texts, orders and first weights', readNumber)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nWhat was measured on held-out texts lies in detective.json of the folder.')
    .action((flags: Flags) => withInterruption((signal) => train(flags, signal, output)));
}

async function train({ out, json = false, ...settings }: Flags, signal: AbortSignal, output: Output): Promise<void> {
  // Loaded when it is called: the trainer comes with it.
  const { trainDetective } = await import('../../../../tasks/index.js');
  const report = await trainDetective({
    ...settings,
    ...{ folder: out, signal },
    onStage: (stage, text) => output.err(`${stage} ${text} …\n`),
    onStep: ({ step, steps, loss }) => {
      if (step % 50 === 0 || step === steps) output.err(`step ${step} of ${steps}: loss ${loss.toFixed(3)}\n`);
    },
  });
  printResult(output, { json }, report, describeReport);
}

function describeReport({ model, parameters, texts, steps, seconds, held }: ShownReport): string {
  return formatColumns([
    ['model', `${model}, ${parameters.toLocaleString('en')} parameters`],
    ['trained', `${texts} texts, ${steps} updates, ${seconds.toFixed(0)} s`],
    ...Object.entries(held).map(([name, { count, macroF1, accuracy, baseline }]): [string, string] => {
      const words = baseline === null ? '' : `, by words alone ${baseline.toFixed(3)}`;
      return [name, `macro-F1 ${macroF1.toFixed(3)}${words}, ${(100 * accuracy).toFixed(1)} % right of ${count}`];
    }),
  ]);
}
