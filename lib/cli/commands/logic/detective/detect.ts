import { Command } from 'commander';
import { openModel, preprocessText } from '../../../inputs/model-folder.js';
import { withInterruption } from '../../../interruption.js';
import type { Output } from '../../../output.js';
import { formatColumns, printResult } from '../../../print-result.js';
import type { JsonFlag } from '../../../print-result.js';

interface Flags extends JsonFlag {
  model: string;
}

/** What is printed of a text. */
interface Found {
  text: string;
  label: string;
  severity: number;
  explanation: string;
  probabilities: Readonly<Record<string, number>>;
}

/** `palabra logic detective detect TEXT… --model FOLDER`. */
export function createDetectCommand(output: Output): Command {
  return new Command('detect')
    .description('Name the informal fallacies of Spanish texts, and the words that commit them.')
    .argument('<texts...>', 'short arguments')
    .requiredOption('--model <folder>', 'a model folder or a run folder of palabra logic detective train')
    .option('--json', 'print JSON')
    .addHelpText('after', "\nExample: palabra logic detective detect 'O vienes o te odio.' --model runs/detective")
    .action(async (texts: string[], { model: folder, json = false }: Flags) => {
      const { detect } = await import('../../../../tasks/index.js');
      using opened = await openModel(folder, output);
      const { model, tokenizer } = opened;
      const sentences = texts.map((text) => preprocessText(opened, text));
      const found = await withInterruption((signal) => detect(sentences, { model, tokenizer, signal }));
      printResult(output, { json }, found, (all) => all.map(describeFound).join('\n'));
    });
}

function describeFound({ text, label, severity, explanation, probabilities }: Found): string {
  return formatColumns([
    ['text', text],
    ['label', `${label} (${(100 * probabilities[label]!).toFixed(1)} %)`],
    ['severity', String(severity)],
    ['explanation', explanation],
  ]);
}
