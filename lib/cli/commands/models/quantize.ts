import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { Progress, raise, throwFileError } from '../../../core/index.js';
import { measureDivergence } from '../../../evaluation/index.js';
import type { Divergence, Interval } from '../../../evaluation/index.js';
import { loadGguf, loadModel, saveModel } from '../../../models/index.js';
import type { LoadedModel } from '../../../models/index.js';
import { getWeightFormat, groupSizes, listQuantized, quantizeWeights, weightFormats } from '../../../nn/index.js';
import type { Module, QuantizeOptions, WeightFormat } from '../../../nn/index.js';
import { preprocessText, resolveModelFolder } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';

/** Tokens of a text that are scored where nothing else is said. */
const DEFAULT_TOKENS = 16_384;

interface Flags extends JsonFlag {
  out: string;
  weights: WeightFormat;
  group?: string;
  zeroPoint?: boolean;
  headDtype?: WeightFormat;
  text?: string;
  tokens: string;
  replace?: boolean;
}

/** What the command prints. */
interface Quantized {
  folder: string;
  bytes: { before: number; after: number };
  quality: Divergence | undefined;
}

/** `palabra quantize`: a model folder with the weights of another in fewer bits. */
export function createQuantizeCommand(output: Output): Command {
  return new Command('quantize')
    .description('Write a model folder with weights in fewer bits, and tell what that costs on a text.')
    .argument('<model>', 'a model folder, a run folder or a GGUF file')
    .requiredOption('--out <folder>', 'the model folder to write')
    .addOption(new Option('--weights <type>', 'of linear maps').choices(weightFormats).makeOptionMandatory())
    .addOption(
      new Option('--group <size>', 'numbers that share a factor (default: of int4 32, of int8 a row)').choices(
        groupSizes.map(String),
      ),
    )
    .option('--no-zero-point', 'leave out the offsets of groups of int4, half a bit a number')
    .addOption(
      new Option('--head-dtype <type>', 'of tables and the map to the logits (default: int8 with int4)').choices(
        weightFormats,
      ),
    )
    .option('--text <file>', 'measure perplexity and KL divergence against the full model on it')
    .option('--tokens <count>', 'of the text, at most', String(DEFAULT_TOKENS))
    .option('--replace', 'take the place of a folder that is already there')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: palabra quantize models/smollm2 --out models/smollm2-int4 --weights int4 --text test.txt',
    )
    .action((source: string, flags: Flags) => quantizeFolder(source, flags, output));
}

async function quantizeFolder(source: string, flags: Flags, output: Output): Promise<void> {
  const options = readOptions(flags);
  const loaded = await openPlain(source);
  try {
    const ids = flags.text === undefined ? undefined : await encodeText(flags.text, loaded, flags);
    const before = countBytes(loaded.model);
    quantizeWeights(loaded.model, options);
    const bytes = { before, after: countBytes(loaded.model) };
    const quality = ids && (await measureQuality(source, loaded.model, ids));
    await saveQuantized(loaded, quality, flags);
    printResult(output, flags, { folder: flags.out, bytes, quality }, describeQuantized);
  } finally {
    loaded.model.dispose();
  }
}

async function saveQuantized(loaded: LoadedModel, quality: Divergence | undefined, flags: Flags): Promise<void> {
  const { model, tokenizer, chatTemplate, generation, preprocess } = loaded;
  await saveModel(flags.out, model, {
    generation,
    replace: flags.replace ?? false,
    ...(tokenizer && { tokenizer }),
    ...(chatTemplate && { chatTemplate }),
    ...(preprocess && { preprocess }),
    ...(quality && { evaluation: { quantization: quality } }),
  });
}

function readOptions({ weights, group, zeroPoint, headDtype }: Flags): QuantizeOptions {
  if (zeroPoint === false && weights !== 'int4') refuse('--no-zero-point with --weights int4 alone', weights);
  if (group !== undefined && weights === 'bfloat16') refuse('--group with --weights int8 or int4', weights);
  return {
    weights,
    ...(group !== undefined && { group: Number(group) }),
    ...(zeroPoint === false && { zeroPoint }),
    ...(headDtype !== undefined && { head: headDtype }),
  };
}

function refuse(expected: string, received: string, fix?: string): never {
  return raise('PAL_ARGUMENT', { where: 'palabra quantize', expected, received, ...(fix !== undefined && { fix }) });
}

/** A model whose weights are as they are computed with. */
async function openPlain(source: string): Promise<LoadedModel> {
  const loaded = source.endsWith('.gguf') ? await loadGguf(source) : await loadModel(resolveModelFolder(source));
  const [held] = listQuantized(loaded.model);
  if (held === undefined) return loaded;
  const received = `${held[0]} in ${getWeightFormat(held[1].weight)}`;
  loaded.model.dispose();
  return refuse('weights that are not rounded yet', received, 'Take the folder that it was made from.');
}

function countBytes(model: Module): number {
  return model.ownedTensors().reduce((sum, { bytes }) => sum + bytes, 0);
}

async function encodeText(
  path: string,
  { tokenizer, preprocess }: Pick<LoadedModel, 'tokenizer' | 'preprocess'>,
  { tokens }: Flags,
): Promise<ArrayLike<number>> {
  const most = Number(tokens);
  if (!Number.isSafeInteger(most) || most < 1) refuse('--tokens to be a positive integer', tokens);
  if (tokenizer === undefined) refuse('a tokenizer beside the model, for --text', 'none');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('palabra quantize', path, cause));
  const ids = tokenizer.encode(preprocessText({ preprocess }, text));
  return Array.from(ids).slice(0, most + 1);
}

async function measureQuality(
  source: string,
  changed: LoadedModel['model'],
  ids: ArrayLike<number>,
): Promise<Divergence> {
  const { model } = await openPlain(source);
  let progress: Progress | undefined;
  const onWindow = (done: number, total: number): void => {
    progress ??= new Progress({ total, label: 'measure' });
    progress.update(done);
  };
  try {
    return await measureDivergence(model, changed, ids, { onWindow });
  } finally {
    progress?.finish();
    model.dispose();
  }
}

function describeQuantized({ folder, bytes, quality }: Quantized): string {
  const share = (100 * bytes.after) / bytes.before;
  const sizes = [
    ['folder', folder],
    ['weights', `${toMegabytes(bytes.after)}, ${share.toFixed(1)} % of ${toMegabytes(bytes.before)}`],
  ] as const;
  return formatColumns([...sizes, ...(quality === undefined ? [] : describeQuality(quality))]);
}

function describeQuality({ tokens, perplexity, change, divergence, agreement }: Divergence): [string, string][] {
  return [
    ['perplexity', `${perplexity.after.toFixed(3)}, full ${perplexity.before.toFixed(3)}, on ${tokens} tokens`],
    ['change', `${formatInterval(change, 2)} %`],
    ['KL', `${formatInterval(divergence, 5)} nats a token`],
    ['agreement', `${(100 * agreement).toFixed(1)} % of the most likely tokens`],
  ];
}

function formatInterval({ estimate, low, high }: Interval, digits: number): string {
  return `${estimate.toFixed(digits)} (95 %: ${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

function toMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
