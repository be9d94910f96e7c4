import { Command } from 'commander';
import { createDirectory, throwFileError, formatInteger, raise, show } from '../../../core/index.js';
import {
  buildTokenizer,
  getPartText,
  loadGpt2Tokenizer,
  loadTokenizer,
  divideChunks,
  saveTokenizer,
} from '../../../text/index.js';
import type { Tokenizer } from '../../../text/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { resolveModelFolder } from '../../inputs/model-folder.js';
import { readStandardInput, readStandardInputChunks } from '../../inputs/standard-input.js';
import { openTexts, reportMalformed, sourceSection } from '../../inputs/texts.js';
import type { Output } from '../../output.js';
import { readSettings, withSettings } from '../../settings/settings.js';
import { resolveTokenizerConfig, tokenizerSection } from '../../settings/tokenizer-settings.js';

const sections = [tokenizerSection, sourceSection];
const LONG_TEXT = 'palabra prepare takes texts of any size; --source lines makes a document of each line.';

interface TrainFlags extends JsonFlag {
  out: string;
}

/** `palabra tokenizer train|encode|decode`. */
export function createTokenizerCommand(output: Output): Command {
  return new Command('tokenizer')
    .description('Train tokenizers, and turn text into token ids and back.')
    .addCommand(createTrainCommand(output))
    .addCommand(createEncodeCommand(output))
    .addCommand(createDecodeCommand(output));
}

function createTrainCommand(output: Output): Command {
  const command = new Command('train')
    .description(
      'Train a tokenizer on text files and save it as tokenizer.json: byte-pair encoding with <|endoftext|> by default.',
    )
    .argument('[files...]', 'files or patterns, as corpus/**/*.txt')
    .requiredOption('--out <folder>', 'where tokenizer.json goes')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      "\nExample: palabra tokenizer train 'corpus/**/*.txt' --out tokens --tokenizer.vocabSize 4096",
    )
    .action((files: string[], flags: TrainFlags) => train(files, flags, output));
  return withSettings(command, sections);
}

async function train(files: readonly string[], flags: TrainFlags, output: Output): Promise<void> {
  const settings = await readSettings(sections, { ...flags });
  const source = await openTexts(files, settings.source);
  const tokenizer = await buildTokenizer(resolveTokenizerConfig(settings.tokenizer), source);
  reportMalformed(source, output);
  await createDirectory(flags.out).catch((error: unknown) => throwFileError('palabra', flags.out, error));
  await saveTokenizer(tokenizer, flags.out);
  const { type, size } = tokenizer;
  printResult(output, flags, { type, size, folder: flags.out }, () => {
    return `A ${type} tokenizer of ${formatInteger(size)} tokens, saved in ${flags.out}`;
  });
}

function createEncodeCommand(output: Output): Command {
  return new Command('encode')
    .description('Print the ids of a text.')
    .argument('<folder>', 'a folder with tokenizer.json, a model, a run, or gpt2')
    .argument('[text]', 'the text; standard input without it')
    .option('--json', 'print ids and tokens as JSON')
    .action(async (folder: string, text: string | undefined, flags: JsonFlag) => {
      const tokenizer = await openTokenizer(folder);
      if (text === undefined && flags.json !== true && tokenizer.wordLocal === true) {
        await encodeStandardInput(tokenizer, output);
        return;
      }
      const ids = Array.from(tokenizer.encode(text ?? (await readStandardInput(LONG_TEXT))));
      const value = { ids, tokens: ids.map((id) => tokenizer.decode([id])) };
      printResult(output, flags, value, () => ids.join(' '));
    });
}

/** Prints the ids of standard input as it is read, which may be of any size. */
async function encodeStandardInput(tokenizer: Tokenizer, output: Output): Promise<void> {
  let between = '';
  for await (const part of divideChunks(readStandardInputChunks())) {
    const ids = tokenizer.encode(getPartText(part));
    if (output.closed === true) return;
    if (ids.length === 0) continue;
    output.out(between + ids.join(' '));
    between = ' ';
  }
  output.out('\n');
}

function createDecodeCommand(output: Output): Command {
  return new Command('decode')
    .description('Print the text of ids.')
    .argument('<folder>', 'a folder with tokenizer.json, a model, a run, or gpt2')
    .argument('[ids...]', 'the ids; standard input without them')
    .option('--json', 'print JSON')
    .action(async (folder: string, ids: string[], flags: JsonFlag) => {
      const tokenizer = await openTokenizer(folder);
      const words = ids.length > 0 ? ids : (await readStandardInput()).split(/[\s,]+/).filter((word) => word !== '');
      const text = tokenizer.decode(words.map(parseId));
      printResult(output, flags, { text }, () => text);
    });
}

function parseId(word: string): number {
  if (/^\d+$/.test(word)) return Number(word);
  return raise('PAL_ARGUMENT', { where: 'palabra tokenizer decode', expected: 'ids', received: show(word) });
}

async function openTokenizer(folder: string): Promise<Tokenizer> {
  return folder === 'gpt2' ? await loadGpt2Tokenizer() : await loadTokenizer(resolveModelFolder(folder));
}
