import { Command, Option } from 'commander';
import { Progress } from '../../../core/index.js';
import type { TrainLogicConfig, TrainLogicStage } from '../../../tasks/logic/train/index.js';
import { withInterruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';

interface Flags extends JsonFlag, Omit<TrainLogicConfig, 'recipe'> {
  out: string;
  data?: string[];
  avoid?: string[];
  resume?: boolean;
  recipe?: 'xs' | 'small' | 'full';
}

/** What is shown of how well held-out sentences are formalised. */
interface ShownScores {
  count: number;
  scores: { semantic: number; valid: number; glossF1: number };
  equivalence: { low: number; high: number };
}

/** What is shown of a training. */
interface ShownReport {
  model: string;
  parameters: number;
  vocabSize: number;
  sentences: number;
  steps: number;
  seconds: number;
  validation: number | null;
  held: Readonly<Record<string, ShownScores>>;
}

/** `palabra logic train --out FOLDER`: a model that formalises sentences. */
export function createTrainLogicCommand(output: Output): Command {
  const command = new Command('train')
    .description('Train a model that writes formulas of Spanish sentences, by sentences of the grammar or of files.')
    .requiredOption('--out <folder>', 'of the run; the model lies in its model/')
    .addOption(new Option('--recipe <name>', 'the budget (default: small)').choices(['xs', 'small', 'full']))
    .option('--data <files...>', 'records in JSON Lines (default: sentences are drawn)')
    .option('--avoid <files...>', 'records whose sentences are never trained on')
    .option('--resume', 'go on from the newest checkpoint of the folder');
  addSettings(command);
  return command
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((flags: Flags) => withInterruption((signal) => train(flags, signal, output)));
}

const HELP = `
Recipes: on one core xs takes six minutes and small seventy; full is for a GPU.
What was measured on held-out sentences lies in formalizer.json of the folder.`;

/** Settings over the recipe's. */
function addSettings(command: Command): void {
  command
    .addOption(
      new Option('--mode <mode>', 'the sections').choices(['full', 'noThought', 'noConnectors', 'formulaOnly']),
    )
    .option('--records <n>', 'sentences that are drawn', Number)
    .option('--held <n>', 'sentences of each kind that are held out', Number)
    .option('--validation <share>', 'of files that is held out', Number)
    .option('--noise <share>', 'of sentences with a flaw of typing', Number)
    .option('--vocab-size <n>', 'tokens of the tokenizer', Number)
    .option('--epochs <n>', 'passes over the sentences', Number)
    .option('--steps <n>', 'updates after which it ends', Number)
    .option('--curriculum <stages>', 'levels by pass, as 0:0,5:1,15:2')
    .option('--harder <share>', 'of harder sentences before their stage', Number)
    .option('--batch-size <n>', 'rows of an update', Number)
    .option('--accumulation <n>', 'micro-batches of an update', Number)
    .option('--length <n>', 'positions of a row', Number)
    .addOption(new Option('--optimizer <type>', 'updates').choices(['muon', 'adamw', 'schedule-free']))
    .option('--learning-rate <rate>', 'its peak', Number)
    .option('--weight-decay <decay>', 'of matrices', Number)
    .option('--label-smoothing <share>', 'of the training loss', Number)
    .addOption(new Option('--smoothing <where>', 'it acts (selective)').choices(['selective', 'uniform']))
    .option('--contrast <weight>', 'of the contrast with a wrong formula, as 0.1', Number)
    .option('--contrast-from <pass>', 'from which on it acts (5)', Number)
    .option('--heads <weight>', 'of each auxiliary head, as 0.05', Number)
    .addOption(new Option('--phases <kind>', 'reasoning first, then less (one)').choices(['one', 'distill', 'prune']))
    .option('--teacher <weight>', 'of what the first phase of a distillation says, as 0.5', Number)
    .option('--z-loss <factor>', 'of the squared log-partition', Number)
    .option('--max-grad-norm <norm>', 'of all gradients', Number)
    .option('--ema <decay>', 'of an average of the weights', Number)
    .option('--dropout <share>', 'of embeddings, attention and branches', Number)
    .option('--stochastic-depth <share>', 'of the last block', Number)
    .addOption(new Option('--precision <dtype>', 'of matrix products').choices(['float32', 'bfloat16']))
    .option('--seed <n>', 'draws sentences, orders and first weights', Number);
}

async function train({ out, json = false, ...settings }: Flags, signal: AbortSignal, output: Output): Promise<void> {
  // Loaded when it is called: the trainer comes with it.
  const { trainLogic } = await import('../../../tasks/index.js');
  const display = new Display(output);
  const report = await trainLogic({
    ...settings,
    ...{ folder: out, signal },
    onStage: (stage, text) => display.showStage(stage, text),
    onStep: ({ step, steps, loss, tokens }) => display.showStep(step, steps, { loss, tokens }),
  }).finally(() => display.finish());
  printResult(output, { json }, report, describeReport);
}

function describeReport(report: ShownReport): string {
  const { model, parameters, vocabSize, sentences, steps, seconds, validation, held } = report;
  const rows: [string, string][] = [
    ['model', `${model}, ${parameters.toLocaleString('en')} parameters, ${vocabSize} tokens`],
    ['trained', `${sentences} sentences, ${steps} updates, ${seconds.toFixed(0)} s`],
    ...(validation === null
      ? []
      : [['held-out loss', `${validation.toFixed(3)} nats a token`] satisfies [string, string]]),
    ...Object.entries(held).map(([name, scores]): [string, string] => [name, describeScores(scores)]),
  ];
  return formatColumns(rows);
}

function describeScores({ count, scores, equivalence: { low, high } }: ShownScores): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const interval = `${percent(low)} to ${percent(high)}`;
  const others = `valid ${percent(scores.valid)}, clauses F1 ${scores.glossF1.toFixed(3)}`;
  return `${percent(scores.semantic)} equivalent (${interval}) of ${count}, ${others}`;
}

/** Shows on standard error how far it has come. */
class Display {
  private progress: Progress | undefined;

  constructor(private readonly output: Output) {}

  showStage(stage: TrainLogicStage, text: string): void {
    this.finish();
    this.output.err(`${stage} ${text} …\n`);
  }

  showStep(step: number, total: number, values: { loss: number; tokens: number }): void {
    const { isTTY, columns } = process.stderr;
    this.progress ??= new Progress({ total, label: 'train', stream: { isTTY, columns, write: this.output.err } });
    this.progress.update(step, values);
  }

  finish(): void {
    this.progress?.finish();
    this.progress = undefined;
  }
}
