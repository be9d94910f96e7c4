import { Command, InvalidArgumentError } from 'commander';
import { parseConfig } from '../../core/index.js';
import { generate, generateTexts } from '../../generation/index.js';
import type { GenerateOptions, GeneratedText } from '../../generation/index.js';
import { generationConfigSchema } from '../../models/index.js';
import type { JsonFlag } from '../answer.js';
import { openModel } from '../inputs/model-folder.js';
import type { OpenModel } from '../inputs/model-folder.js';
import { standardInput } from '../inputs/standard-input.js';
import type { Output } from '../output.js';
import { readSettings, withSettings } from '../settings/settings.js';

const sections = [{ name: '', title: 'Sampling', schema: generationConfigSchema }];

interface Flags extends JsonFlag {
  samples: number;
  seed?: number;
}

/** `palabra generate`: continuations of a prompt, streamed. */
export function generateCommand(output: Output): Command {
  const command = new Command('generate')
    .description('Continue a prompt with a model; settings start from those stored with it.')
    .argument('<model>', 'a model folder or a run folder')
    .argument('[prompt]', 'the text to continue; standard input without it')
    .option('--samples <n>', 'continuations of the prompt', wholeNumber, 1)
    .option('--seed <n>', 'the same seed gives the same text', wholeNumber)
    .option('--json', 'print texts, ids and log-probabilities as JSON')
    .addHelpText('after', "\nExample: palabra generate runs/first 'Once upon a time' --topP 0.9 --maxTokens 100")
    .action((folder: string, prompt: string | undefined, flags: Flags) => run(folder, prompt, flags, output));
  return withSettings(command, sections);
}

async function run(folder: string, prompt: string | undefined, flags: Flags, output: Output): Promise<void> {
  const given = parseConfig('generate', generationConfigSchema, await readSettings(sections, { ...flags }));
  const opened = await openModel(folder);
  const text = prompt ?? (await standardInput());
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  try {
    const { seed } = flags;
    const options = { ...opened.generation, ...given, ...(seed !== undefined && { seed }), signal: stop.signal };
    await write(opened, text, options, flags, output);
  } finally {
    process.off('SIGINT', end);
    opened.model.dispose();
  }
}

async function write(
  { model, tokenizer }: OpenModel,
  prompt: string,
  options: GenerateOptions,
  { samples, json }: Flags,
  output: Output,
): Promise<void> {
  if (json === true || samples > 1) {
    const texts = await generateTexts(model, tokenizer, [prompt], { ...options, samples });
    output.out(json === true ? `${JSON.stringify({ prompt, texts }, null, 2)}\n` : asText(prompt, texts));
    return;
  }
  output.out(prompt);
  for await (const { text } of generate(model, tokenizer, prompt, options)) output.out(text);
  output.out('\n');
}

function asText(prompt: string, texts: readonly GeneratedText[]): string {
  return texts.map(({ sample, text }) => `--- ${sample + 1} ---\n${prompt}${text}\n`).join('');
}

function wholeNumber(word: string): number {
  const value = Number(word);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('Expected a whole number.');
}
