import { Command } from 'commander';
import { deferSchema, parseConfig } from '../../../core/index.js';
import { generate, generateTexts, resolvePreset } from '../../../generation/index.js';
import type { GenerateOptions, GeneratedText } from '../../../generation/index.js';
import { generationConfigSchema } from '../../../models/interface/index.js';
import type { JsonFlag } from '../../print-result.js';
import { openModel, preprocessText } from '../../inputs/model-folder.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import { readStandardInput } from '../../inputs/standard-input.js';
import { withInterruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { PRESETS } from '../../settings/evaluation-settings.js';
import { readSettings, withSettings } from '../../settings/settings.js';

/** Settings of the command line: the number of texts, and the sampling of their tokens. */
const requestSchema = deferSchema((z) =>
  z.strictObject({
    preset: z.enum(PRESETS).exactOptional().describe('Settings by name; single ones win over it.'),
    samples: z.int().min(1).default(1).describe('Completions of the prompt.'),
    seed: z.int().min(0).exactOptional().describe('The same seed gives the same text. Default: another one each time.'),
    contextKeep: z.int().min(1).exactOptional().describe('Tokens read again where the context is full. Default: half.'),
    ...generationConfigSchema.shape,
  }),
);

const sections = [{ name: '', title: 'Sampling', schema: requestSchema }];

/** `palabra generate`: completions of a prompt, streamed. */
export function createGenerateCommand(output: Output): Command {
  const command = new Command('generate')
    .description('Continue a prompt with a model; settings start from those stored with it.')
    .argument('<model>', 'a model folder or a run folder')
    .argument('[prompt]', 'the text to continue; standard input without it')
    .option('--json', 'print texts, ids and log-probabilities as JSON')
    .addHelpText('after', "\nExample: palabra generate runs/first 'Once upon a time' --topP 0.9 --maxTokens 100")
    .action((folder: string, prompt: string | undefined, flags: JsonFlag) =>
      generateFromFolder(folder, prompt, flags, output),
    );
  return withSettings(command, sections);
}

async function generateFromFolder(
  folder: string,
  prompt: string | undefined,
  flags: JsonFlag,
  output: Output,
): Promise<void> {
  const settings = await readSettings(sections, { ...flags });
  const { samples, preset, ...options } = parseConfig('generate', requestSchema, settings);
  using opened = await openModel(folder, output);
  const text = preprocessText(opened, prompt ?? (await readStandardInput()));
  const named = preset === undefined ? {} : resolvePreset(preset, opened.tokenizer);
  const all = { ...opened.generation, ...named, ...options };
  const form = { samples, json: flags.json === true };
  await withInterruption((signal) => write(opened, text, { ...all, signal }, form, output));
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
    output.out(json ? `${JSON.stringify({ prompt, texts }, null, 2)}\n` : formatTexts(prompt, texts));
    return;
  }
  output.out(prompt);
  try {
    for await (const { text } of generate(model, tokenizer, prompt, options)) {
      if (output.closed === true) break;
      output.out(text);
    }
  } finally {
    output.out('\n');
  }
}

function formatTexts(prompt: string, texts: readonly GeneratedText[]): string {
  return texts.map(({ sample, text }) => `--- ${sample + 1} ---\n${prompt}${text}\n`).join('');
}
