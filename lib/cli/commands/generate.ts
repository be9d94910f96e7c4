import { Command } from 'commander';
import { deferredSchema, parseConfig } from '../../core/index.js';
import { generate, generateTexts } from '../../generation/index.js';
import type { GenerateOptions, GeneratedText } from '../../generation/index.js';
import { generationConfigSchema } from '../../models/index.js';
import { preprocessor } from '../../text/index.js';
import type { JsonFlag } from '../answer.js';
import { openModel } from '../inputs/model-folder.js';
import type { OpenModel } from '../inputs/model-folder.js';
import { standardInput } from '../inputs/standard-input.js';
import type { Output } from '../output.js';
import { readSettings, withSettings } from '../settings/settings.js';

/** What the command line asks for: how many texts, and how their tokens are drawn. */
const requestSchema = deferredSchema((z) =>
  z.strictObject({
    samples: z.int().min(1).default(1).describe('Continuations of the prompt.'),
    seed: z.int().min(0).exactOptional().describe('The same seed gives the same text. Default: another one each time.'),
    ...generationConfigSchema.shape,
  }),
);

const sections = [{ name: '', title: 'Sampling', schema: requestSchema }];

/** `palabra generate`: continuations of a prompt, streamed. */
export function generateCommand(output: Output): Command {
  const command = new Command('generate')
    .description('Continue a prompt with a model; settings start from those stored with it.')
    .argument('<model>', 'a model folder or a run folder')
    .argument('[prompt]', 'the text to continue; standard input without it')
    .option('--json', 'print texts, ids and log-probabilities as JSON')
    .addHelpText('after', "\nExample: palabra generate runs/first 'Once upon a time' --topP 0.9 --maxTokens 100")
    .action((folder: string, prompt: string | undefined, flags: JsonFlag) => run(folder, prompt, flags, output));
  return withSettings(command, sections);
}

async function run(folder: string, prompt: string | undefined, flags: JsonFlag, output: Output): Promise<void> {
  const settings = await readSettings(sections, { ...flags });
  const { samples, ...options } = parseConfig('generate', requestSchema, settings);
  const opened = await openModel(folder);
  const text = uniform(opened, prompt ?? (await standardInput()));
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  try {
    const all = { ...opened.generation, ...options, signal: stop.signal };
    await write(opened, text, all, { samples, json: flags.json === true }, output);
  } finally {
    process.off('SIGINT', end);
    opened.model.dispose();
  }
}

/** A prompt made uniform as the training text was. */
function uniform({ preprocess }: OpenModel, prompt: string): string {
  return preprocess === undefined ? prompt : preprocessor(preprocess)(prompt);
}

async function write(
  { model, tokenizer }: OpenModel,
  prompt: string,
  options: GenerateOptions,
  { samples, json }: { samples: number; json: boolean },
  output: Output,
): Promise<void> {
  if (json || samples > 1) {
    const texts = await generateTexts(model, tokenizer, [prompt], { ...options, samples });
    output.out(json ? `${JSON.stringify({ prompt, texts }, null, 2)}\n` : asText(prompt, texts));
    return;
  }
  output.out(prompt);
  for await (const { text } of generate(model, tokenizer, prompt, options)) output.out(text);
  output.out('\n');
}

function asText(prompt: string, texts: readonly GeneratedText[]): string {
  return texts.map(({ sample, text }) => `--- ${sample + 1} ---\n${prompt}${text}\n`).join('');
}
