import { Command, Option } from 'commander';
import { Progress, formatInteger } from '../../../core/index.js';
import { importGguf, weightTypes } from '../../../models/index.js';
import type { ImportGgufOptions, ImportedModel } from '../../../models/index.js';
import type { Output } from '../../output.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';

interface Flags extends JsonFlag {
  out: string;
  dtype: NonNullable<ImportGgufOptions['dtype']>;
  replace?: boolean;
}

/** `palabra import`: a GGUF file as a folder of Hugging Face. */
export function createImportCommand(output: Output): Command {
  return new Command('import')
    .description(
      "Turn a GGUF file of a LLaMA into a model folder of Hugging Face's layout: weights, tokenizer, template.",
    )
    .argument('<file>', 'a GGUF file of version 2 or 3')
    .requiredOption('--out <folder>', 'the model folder to write')
    .addOption(new Option('--dtype <type>', 'element type of the weights').choices(weightTypes).default('float32'))
    .option('--replace', 'take the place of a folder that is already there')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: palabra import SmolLM2-135M-Instruct.Q4_1.gguf --out models/smollm2')
    .action((file: string, flags: Flags) => importFile(file, flags, output));
}

async function importFile(file: string, flags: Flags, output: Output): Promise<void> {
  const { out, dtype, replace = false } = flags;
  let progress: Progress | undefined;
  const onTensor = (done: number, total: number): void => {
    progress ??= new Progress({ total, label: 'import' });
    progress.update(done);
  };
  try {
    const imported = await importGguf(file, out, { dtype, replace, onTensor });
    printResult(output, flags, { folder: out, dtype, ...imported }, describeImport);
  } finally {
    progress?.finish();
  }
}

function describeImport(imported: ImportedModel & { folder: string; dtype: string }): string {
  const { folder, name, dtype, parameters, tensors, tokens, hasChatTemplate } = imported;
  return formatColumns([
    ['folder', folder],
    ['name', name ?? 'none'],
    ['weights', `${formatInteger(parameters)} in ${tensors} tensors, ${dtype}`],
    ['tokenizer', tokens === 0 ? 'none' : `${formatInteger(tokens)} tokens`],
    ['chat template', hasChatTemplate ? 'yes' : 'none'],
  ]);
}
