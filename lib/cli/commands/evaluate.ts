import { Command, Option } from 'commander';
import { formatInteger, raise } from '../../core/index.js';
import { encodeCorpus, unigramEntropy } from '../../data/index.js';
import type { TokenArray } from '../../data/index.js';
import { evaluate } from '../../evaluation/index.js';
import type { Evaluation } from '../../evaluation/index.js';
import { preprocessed } from '../../text/index.js';
import { answer, columns } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { openModel } from '../inputs/model-folder.js';
import type { OpenModel } from '../inputs/model-folder.js';
import { readRunData } from '../inputs/run-data.js';
import { openTexts, reportMalformed, sourceSection } from '../inputs/texts.js';
import type { Output } from '../output.js';
import { readSettings, withSettings } from '../settings/settings.js';

interface Flags extends JsonFlag {
  split: 'train' | 'validation' | 'test';
}

/** What a model is worth on a text, beside the best guess that ignores the context. */
interface Result extends Evaluation {
  text: string;
  unigramLoss: number;
}

/** `palabra evaluate`: loss and perplexity on text the model has not seen. */
export function evaluateCommand(output: Output): Command {
  const command = new Command('evaluate')
    .description("Measure a model on text files, or on a split of its run's data.")
    .argument('<model>', 'a model folder or a run folder')
    .argument('[files...]', 'files or patterns; the split of a run without them')
    .addOption(
      new Option('--split <name>', 'the split of a run').choices(['train', 'validation', 'test']).default('test'),
    )
    .option('--json', 'print JSON')
    .action((folder: string, files: string[], flags: Flags) => run(folder, files, flags, output));
  return withSettings(command, [sourceSection]);
}

async function run(folder: string, files: readonly string[], flags: Flags, output: Output): Promise<void> {
  const { source } = await readSettings([sourceSection], { ...flags });
  const opened = await openModel(folder);
  const ofRun = files.length === 0 && source === undefined;
  const tokens = ofRun ? await tokensOfRun(folder, flags.split) : await tokensOfTexts(opened, files, source, output);
  const evaluation = await evaluate(opened.model, tokens);
  opened.model.dispose();
  const text = ofRun ? `the ${flags.split} split of ${folder}` : files.join(' ');
  answer(output, flags, { text, ...evaluation, unigramLoss: unigramEntropy(tokens) }, describe);
}

async function tokensOfTexts(
  { tokenizer, preprocess }: OpenModel,
  files: readonly string[],
  settings: unknown,
  output: Output,
): Promise<TokenArray> {
  const texts = await openTexts(files, settings);
  const corpus = await encodeCorpus(preprocess === undefined ? texts : preprocessed(texts, preprocess), { tokenizer });
  reportMalformed(texts, output);
  return corpus.tokens;
}

async function tokensOfRun(folder: string, split: Flags['split']): Promise<TokenArray> {
  const { prepared } = await readRunData(folder);
  using open = prepared;
  const { tokens } = open[split] ?? refuseSplit(folder, split);
  return tokens.subarray(0, tokens.length);
}

function describe({ text, loss, perplexity, tokens, unigramLoss }: Result): string {
  return columns([
    ['text', text],
    ['tokens', formatInteger(tokens)],
    ['loss', `${loss.toFixed(4)} nats a token`],
    ['perplexity', perplexity.toFixed(3)],
    ['unigram', `${unigramLoss.toFixed(4)} nats: the best guess that ignores the context`],
  ]);
}

function refuseSplit(folder: string, split: string): never {
  raise('PAL_DATA', {
    where: 'palabra evaluate',
    expected: `a ${split} split in the data of ${folder}`,
    received: 'none',
    fix: 'Name another --split, or text files.',
  });
}
