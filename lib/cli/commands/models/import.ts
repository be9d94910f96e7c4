import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { Progress, formatInteger, raise } from '../../../core/index.js';
import { importGguf, importHub, weightTypes } from '../../../models/index.js';
import type { HubModel, ImportGgufOptions, ImportedModel } from '../../../models/index.js';
import type { Output } from '../../output.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';

interface Flags extends JsonFlag {
  out: string;
  dtype?: NonNullable<ImportGgufOptions['dtype']>;
  revision?: string;
  replace?: boolean;
}

/** `palabra import`: a GGUF file or a model of the Hugging Face hub as a model folder. */
export function createImportCommand(output: Output): Command {
  return new Command('import')
    .description(
      "Write a model folder of Hugging Face's layout from a GGUF file of a LLaMA, or from a model of the hub.",
    )
    .argument('<source>', 'a GGUF file of version 2 or 3, or the name of a model on the hub, owner/name')
    .requiredOption('--out <folder>', 'the model folder to write')
    .addOption(
      new Option('--dtype <type>', 'of a file: element type of the weights (default: float32)').choices(weightTypes),
    )
    .option('--revision <name>', 'of a model on the hub: a branch, tag or commit (default: main)')
    .option('--replace', 'take the place of a folder that is already there')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples: palabra import SmolLM2-135M-Instruct.Q4_1.gguf --out models/smollm2\n' +
        '          palabra import HuggingFaceTB/SmolLM2-135M-Instruct --out models/smollm2',
    )
    .action((source: string, flags: Flags) =>
      isOnHub(source) ? importModel(source, flags, output) : importFile(source, flags, output),
    );
}

/** A name of the hub has at most one slash and is no file. */
function isOnHub(source: string): boolean {
  return !existsSync(source) && !source.endsWith('.gguf') && /^[\w-][\w.-]*\/[\w-][\w.-]*$/u.test(source);
}

async function importModel(name: string, flags: Flags, output: Output): Promise<void> {
  const { out, dtype, revision, replace = false } = flags;
  if (dtype !== undefined) refuseFlag('--dtype', 'a GGUF file', 'weights of the hub keep their type');
  let progress: { path: string; bar: Progress } | undefined;
  const onProgress = ({ path, bytes, totalBytes }: { path: string; bytes: number; totalBytes: number }): void => {
    if (progress?.path !== path) {
      progress?.bar.finish();
      progress = { path, bar: new Progress({ total: totalBytes, label: path }) };
    }
    progress.bar.update(bytes);
  };
  try {
    const imported = await importHub(name, out, { replace, onProgress, ...(revision !== undefined && { revision }) });
    printResult(output, flags, { folder: out, ...imported }, describeModel);
  } finally {
    progress?.bar.finish();
  }
}

function refuseFlag(flag: string, where: string, reason: string): never {
  raise('PAL_ARGUMENT', { where: 'palabra import', expected: `${flag} with ${where} only`, received: reason });
}

function describeModel({ folder, name, commit, ...sizes }: HubModel & { folder: string }): string {
  return formatColumns([['folder', folder], ['name', `${name} at ${commit.slice(0, 12)}`], ...describeSizes(sizes)]);
}

async function importFile(file: string, flags: Flags, output: Output): Promise<void> {
  const { out, dtype = 'float32', revision, replace = false } = flags;
  if (revision !== undefined) refuseFlag('--revision', 'a model of the hub', 'a file');
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
  const { folder, name, dtype, ...sizes } = imported;
  return formatColumns([['folder', folder], ['name', name ?? 'none'], ...describeSizes(sizes, `, ${dtype}`)]);
}

function describeSizes(
  { parameters, tensors, tokens, hasChatTemplate }: Omit<ImportedModel, 'name'>,
  dtype = '',
): [string, string][] {
  return [
    ['weights', `${formatInteger(parameters)} in ${tensors} tensors${dtype}`],
    ['tokenizer', tokens === 0 ? 'none' : `${formatInteger(tokens)} tokens`],
    ['chat template', hasChatTemplate ? 'yes' : 'none'],
  ];
}
