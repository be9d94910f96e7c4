import { Command } from 'commander';
import { deferredSchema, isPalabraError, parseConfig } from '../../core/index.js';
import { generate, generateTexts, generationPresets } from '../../generation/index.js';
import type { GenerateOptions, GeneratedText } from '../../generation/index.js';
import { generationConfigSchema } from '../../models/index.js';
import type { JsonFlag } from '../answer.js';
import { openModel, uniform } from '../inputs/model-folder.js';
import type { OpenModel } from '../inputs/model-folder.js';
import { standardInput } from '../inputs/standard-input.js';
import type { Output } from '../output.js';
import { PRESETS } from '../settings/evaluation-settings.js';
import { readSettings, withSettings } from '../settings/settings.js';

/** What the command line asks for: how many texts, and how their tokens are drawn. */
const requestSchema = deferredSchema((z) =>
  z.strictObject({
    preset: z.enum(PRESETS).exactOptional().describe('Settings by name; single ones win over it.'),
    samples: z.int().min(1).default(1).describe('Continuations of the prompt.'),
    seed: z.int().min(0).exactOptional().describe('The same seed gives the same text. Default: another one each time.'),
    keepContext: z.int().min(1).exactOptional().describe('Tokens read again where the context is full. Default: half.'),
    ...generationConfigSchema.shape,
  }),
);

const sections = [{ name: '', title: 'Sampling', schema: requestSchema }];
const EXIT_INTERRUPTED = 130;

/** `palabra generate`: continuations of a prompt, streamed. */
export function generateCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('generate')
    .description('Continue a prompt with a model; settings start from those stored with it.')
    .argument('<model>', 'a model folder or a run folder')
    .argument('[prompt]', 'the text to continue; standard input without it')
    .option('--json', 'print texts, ids and log-probabilities as JSON')
    .addHelpText('after', "\nExample: palabra generate runs/first 'Once upon a time' --topP 0.9 --maxTokens 100")
    .action(async (folder: string, prompt: string | undefined, flags: JsonFlag) =>
      end(await run(folder, prompt, flags, output)),
    );
  return withSettings(command, sections);
}

async function run(folder: string, prompt: string | undefined, flags: JsonFlag, output: Output): Promise<number> {
  const settings = await readSettings(sections, { ...flags });
  const { samples, preset, ...options } = parseConfig('generate', requestSchema, settings);
  using opened = await openModel(folder);
  const text = uniform(opened, prompt ?? (await standardInput()));
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  try {
    const named = preset === undefined ? {} : generationPresets[preset];
    const all = { ...opened.generation, ...named, ...options, signal: stop.signal };
    await write(opened, text, all, { samples, json: flags.json === true }, output);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted || !isPalabraError(error)) throw error;
    output.err('\nstopped\n');
    return EXIT_INTERRUPTED;
  } finally {
    process.off('SIGINT', end);
  }
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
