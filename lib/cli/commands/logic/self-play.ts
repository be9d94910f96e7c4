import { Command } from 'commander';
import { withInterruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { readNumber } from './data/run-stage.js';

interface Flags extends JsonFlag {
  out: string;
  formalizer: string;
  detective: string;
  rounds?: number;
  drawn?: number;
  frozen?: number;
  records?: number;
  share?: number;
  steps?: number;
  learningRate?: number;
  fold?: number;
  seed?: number;
}

/** What is shown of a lesson. */
interface ShownLesson {
  pooled: number;
  before: number;
  after: number;
  accepted: boolean;
}

/** What is shown of a self-play. */
interface ShownReport {
  models: Readonly<Record<string, string>>;
  rounds: readonly {
    round: number;
    arguments: Readonly<Record<'valid' | 'fallacy', Readonly<Record<string, number>>>>;
    formalizer?: ShownLesson;
    detective?: ShownLesson;
  }[];
  pools: Readonly<Record<string, number>>;
}

/** `palabra logic self-play --out FOLDER --formalizer FOLDER --detective FOLDER`. */
export function createSelfPlayCommand(output: Output): Command {
  return new Command('self-play')
    .description("Let a formaliser and a detective learn from each other's errors, confirmed by the verifier.")
    .requiredOption(
      '--out <folder>',
      'gets the journal, the pools and all runs; the same call goes on where it stopped',
    )
    .requiredOption('--formalizer <folder>', 'a model folder of palabra logic train')
    .requiredOption('--detective <folder>', 'a model folder of palabra logic detective train')
    .option('--rounds <n>', 'rounds, at most (3)', readNumber)
    .option('--drawn <n>', 'arguments of each kind that a round draws (120)', readNumber)
    .option('--frozen <n>', 'sentences, arguments of each kind and texts of the frozen test (60)', readNumber)
    .option('--records <n>', 'sentences, and texts, that a training draws beside its pool (2000)', readNumber)
    .option('--share <share>', 'the most of a training that comes from its pool (0.2)', readNumber)
    .option('--steps <n>', 'updates of a training (one pass)', readNumber)
    .option('--learning-rate <rate>', 'the peak of both trainings (0.001)', readNumber)
    .option('--fold <n>', 'the tenth of the templates that the detective never saw (0)', readNumber)
    .option('--seed <n>', 'draws everything (0)', readNumber)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: palabra logic self-play --out play --formalizer runs/logic/model --detective runs/detective/model',
    )
    .action((flags: Flags) => withInterruption((signal) => runPlay(flags, signal, output)));
}

async function runPlay({ out, json = false, ...settings }: Flags, signal: AbortSignal, output: Output): Promise<void> {
  // Loaded when it is called: the trainer comes with it.
  const { runSelfPlay } = await import('../../../tasks/index.js');
  const onStage = (stage: string, text: string): void => output.err(`${stage} ${text} …\n`);
  const report = await runSelfPlay({ ...settings, folder: out, onStage, signal });
  printResult(output, { json }, report, describeReport);
}

function describeReport({ models, rounds, pools }: ShownReport): string {
  return formatColumns([
    ...rounds.flatMap(({ round, arguments: played, formalizer, detective }): [string, string][] => [
      [`round ${round}`, `fallacies ${describeCounts(played.fallacy)}; valid ${describeCounts(played.valid)}`],
      ...Object.entries({ formalizer, detective }).flatMap(([name, lesson]): [string, string][] =>
        lesson === undefined ? [] : [[`  ${name}`, describeLesson(lesson)]],
      ),
    ]),
    ['pools', describeCounts(pools)],
    ...Object.entries(models).map(([name, folder]): [string, string] => [name, folder]),
  ]);
}

function describeLesson({ pooled, before, after, accepted }: ShownLesson): string {
  const verdict = accepted ? 'accepted' : 'not accepted';
  return `${before.toFixed(3)} → ${after.toFixed(3)} on the frozen test with ${pooled} of the pool: ${verdict}`;
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
