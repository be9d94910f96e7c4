import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { deferSchema, formatBytes, parseConfig } from '../../../core/index.js';
import { chat, demonstrate, generationPresets } from '../../../generation/index.js';
import type { DemoMemory, DemoSection } from '../../../generation/index.js';
import { generationConfigSchema } from '../../../models/interface/index.js';
import type { JsonFlag } from '../../print-result.js';
import { openModel, preprocessText } from '../../inputs/model-folder.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { PRESETS } from '../../settings/evaluation-settings.js';
import { readSettings, withSettings } from '../../settings/settings.js';

const schema = deferSchema((z) =>
  z.strictObject({
    preset: z.enum(PRESETS).exactOptional().describe('Settings by name; single ones win over it.'),
    seed: z.int().min(0).exactOptional().describe('The same seed gives the same session. Default: another each time.'),
    ...generationConfigSchema.shape,
  }),
);
const sections = [{ name: '', title: 'Sampling', schema }];

interface Flags extends JsonFlag {
  demo?: boolean;
}

/** `palabra chat`: type a text, read its continuation; or a demonstration of the ways to sample. */
export function createChatCommand(output: Output): Command {
  const command = new Command('chat')
    .description('Type texts and read how the model goes on; config changes settings, exit ends.')
    .argument('<model>', 'a model folder or a run folder')
    .argument('[prompts...]', 'for --demo: texts to continue')
    .option('--demo', 'show several ways of sampling, and end')
    .option('--json', 'for --demo: print JSON')
    .action(async (folder: string, prompts: string[], flags: Flags) => {
      const given = parseConfig('chat', schema, await readSettings(sections, { ...flags }));
      using opened = await openModel(folder);
      await (flags.demo === true ? show(opened, prompts, { ...flags, ...given }, output) : talk(opened, given, output));
    });
  return withSettings(command, sections);
}

/** Ctrl-C ends an answer; at the prompt it ends the session. */
async function talk(
  opened: OpenModel,
  { preset, seed, ...given }: (typeof schema)['_output'],
  output: Output,
): Promise<void> {
  let answering: AbortController | undefined;
  const lines = createInterface({ input: process.stdin, ...(process.stdin.isTTY && { output: process.stdout }) });
  const interrupt = (): void => (answering === undefined ? lines.close() : answering.abort());
  const ask = (): void => {
    answering = undefined;
    if (process.stdin.isTTY) lines.prompt();
  };
  // A terminal's Ctrl-C comes by its line reader, another one to the process.
  lines.on('SIGINT', interrupt);
  process.on('SIGINT', interrupt);
  try {
    const signal = (): AbortSignal => (answering = new AbortController()).signal;
    const { model, tokenizer, generation } = opened;
    const named = preset && generationPresets[preset];
    const settings = { ...generationPresets.dialogue, ...generation, ...named, ...given };
    const preprocess = (text: string): string => preprocessText(opened, text);
    const session = { model, tokenizer, lines, write: output.out, settings, signal, preprocess, ask };
    await chat({ ...session, ...(seed !== undefined && { seed }) });
  } finally {
    process.off('SIGINT', interrupt);
    lines.close();
  }
}

async function show(
  opened: OpenModel,
  prompts: readonly string[],
  { json, seed }: Flags & { seed?: number },
  output: Output,
): Promise<void> {
  const given = prompts.length > 0 ? prompts : ['Once upon a time', 'The world is'];
  const [first = '', second = first, ...rest] = given.map((prompt) => preprocessText(opened, prompt));
  const options = { prompts: [first, second, ...rest] as const, ...(seed !== undefined && { seed }) };
  const sections = demonstrate(opened.model, opened.tokenizer, { ...options, prompts: [first, second, ...rest] });
  const finished: DemoSection[] = [];
  for (;;) {
    const { done, value } = await sections.next();
    if (done === true) return finish(finished, value, json, output);
    if (json === true) finished.push(value);
    else output.out(formatSection(value));
  }
}

function finish(sections: DemoSection[], memory: DemoMemory, json: boolean | undefined, output: Output): void {
  output.out(json === true ? `${JSON.stringify({ sections, memory }, null, 2)}\n` : formatMemory(memory));
}

function formatSection({ title, prompts, texts, tokensPerSecond }: DemoSection): string {
  const written = texts.map(({ prompt, text }) => `  ${prompts[prompt]!}▸${text.replaceAll('\n', '\n  ')}\n`);
  return `${title}, ${Math.round(tokensPerSecond)} tokens/s\n${written.join('')}\n`;
}

function formatMemory({ weights, state, tokens }: DemoMemory): string {
  return `Memory: ${formatBytes(weights)} of weights, ${formatBytes(state)} of state for ${tokens} tokens\n`;
}
