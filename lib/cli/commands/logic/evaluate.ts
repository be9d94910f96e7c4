import { join } from 'node:path';
import { Command } from 'commander';
import { createDirectory, hashFile, raise, throwFileError, writeFileAtomic } from '../../../core/index.js';
import {
  comparePredictions,
  evaluatePredictions,
  readPredictions,
  readRecords,
  renderComparison,
  renderLogicReport,
  writeLines,
} from '../../../logic/index.js';
import type {
  ComparedScore,
  EvaluationSource,
  LogicPrediction,
  LogicRecord,
  LogicReport,
} from '../../../logic/index.js';
import { openModel, preprocessText } from '../../inputs/model-folder.js';
import { withInterruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { readNumber } from './data/run-stage.js';
import { renderEvaluationPage } from './evaluation-page.js';
import { expectModel } from './expect-model.js';

interface Flags extends JsonFlag {
  data: string;
  predictions?: string;
  model?: string;
  train?: string[];
  against?: string;
  beams: number;
  free?: boolean;
  examples: number;
  out?: string;
}

/** Predictions and where they come from. */
interface Predicted {
  predictions: LogicPrediction[];
  source: EvaluationSource;
}

/** What is printed: the report, and the comparison where one was asked for. */
type Evaluation = LogicReport & { comparison?: ComparedScore[] };

const HELP = `
A prediction is a line of JSON with formula, atoms ({letter, gloss}) and id or input; palabra logic formalize --json
prints such. --out writes report.json, report.txt, report.html and predictions.jsonl.
Example: palabra logic evaluate --data test.jsonl --model runs/logic --train train.jsonl`;

/** `palabra logic evaluate --data FILE --predictions FILE | --model FOLDER`. */
export function createEvaluateLogicCommand(output: Output): Command {
  return new Command('evaluate')
    .description('Measure predicted formulas, or those of a model, against records, beside baselines.')
    .requiredOption('--data <file>', 'records with the right formulas')
    .option('--predictions <file>', 'what was predicted, in JSON Lines')
    .option('--model <folder>', 'a model or run folder that predicts')
    .option('--train <files...>', 'records that baselines learn from')
    .option('--against <file>', 'other predictions, compared record by record')
    .option('--beams <n>', 'hypotheses of the model that grow side by side', readNumber, 1)
    .option('--free', 'let the model write what it will: there may be no formula')
    .option('--examples <n>', 'predictions to show that are not equivalent', readNumber, 0)
    .option('--out <folder>', 'where to write report and predictions')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => {
      const records = await readRecords(flags.data);
      const predicted = await predict(flags, records, output);
      const evaluation = await evaluate(flags, records, predicted);
      if (flags.out !== undefined) await writeEvaluation(flags.out, evaluation, predicted.predictions);
      printResult(output, flags, evaluation, renderEvaluation);
    });
}

/** The predictions of a file or of a model. */
async function predict(flags: Flags, records: readonly LogicRecord[], output: Output): Promise<Predicted> {
  const { predictions, model } = flags;
  if ((predictions === undefined) === (model === undefined)) refuseSources(predictions);
  if (predictions !== undefined) return { predictions: await readPredictions(predictions), source: {} };
  return await predictWith({ ...flags, model: model! }, records, output);
}

function refuseSources(predictions: string | undefined): never {
  raise('PAL_ARGUMENT', {
    where: 'palabra logic evaluate',
    expected: 'either --predictions or --model',
    received: predictions === undefined ? 'neither' : 'both',
  });
}

async function predictWith(
  { model: folder, beams, free }: Flags & { model: string },
  records: readonly LogicRecord[],
  output: Output,
): Promise<Predicted> {
  expectModel('palabra logic evaluate', folder);
  // Loaded when it is needed: libtorch comes with it.
  const { formalize } = await import('../../../tasks/index.js');
  using opened = await openModel(folder, output);
  const { model, tokenizer } = opened;
  const decoding = { beams, constrained: free !== true };
  const texts = records.map(({ input }) => preprocessText(opened, input));
  const found = await withInterruption((signal) => formalize(texts, { model, tokenizer, ...decoding, signal }));
  return {
    predictions: found.map(({ formula, atoms }, i) => ({ ...pickKeys(records[i]!), formula: formula ?? null, atoms })),
    source: { model: folder, tokenizer: `${tokenizer.size} tokens`, decoding },
  };
}

function pickKeys({ id, input }: LogicRecord): { id: string; input: string } {
  return { id, input };
}

async function evaluate(flags: Flags, records: readonly LogicRecord[], predicted: Predicted): Promise<Evaluation> {
  const train: LogicRecord[] = [];
  for (const file of flags.train ?? []) train.push(...(await readRecords(file)));
  const { sha256 } = await hashFile(flags.data);
  const { predictions, source } = predicted;
  const report = evaluatePredictions(records, predictions, {
    ...{ train, examples: flags.examples },
    source: { ...source, dataset: { path: flags.data, sha256 } },
  });
  if (flags.against === undefined) return report;
  return { ...report, comparison: comparePredictions(records, predictions, await readPredictions(flags.against)) };
}

function renderEvaluation({ comparison, ...report }: Evaluation): string {
  const text = renderLogicReport(report);
  return comparison === undefined ? text : `${text}\n\n${renderComparison(comparison)}`;
}

async function writeEvaluation(
  folder: string,
  evaluation: Evaluation,
  predictions: readonly LogicPrediction[],
): Promise<void> {
  await createDirectory(folder).catch((error: unknown) => throwFileError('--out', folder, error));
  await writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(evaluation, null, 2)}\n`);
  await writeFileAtomic(join(folder, 'report.txt'), `${renderEvaluation(evaluation)}\n`);
  await writeFileAtomic(join(folder, 'report.html'), renderEvaluationPage(evaluation, evaluation.comparison));
  await writeLines(join(folder, 'predictions.jsonl'), predictions);
}
