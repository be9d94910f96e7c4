import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { deferSchema, formatBytes, parseConfig, raise } from '../../../core/index.js';
import { chat, converse, demonstrate, generationPresets } from '../../../generation/index.js';
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
    system: z.string().exactOptional().describe('Said before the first turn, where the model has a chat template.'),
    ...generationConfigSchema.shape,
  }),
);
const sections = [{ name: '', title: 'Sampling', schema }];

interface Flags extends JsonFlag {
  demo?: boolean;
}

/** `palabra chat`: a conversation, or texts and their continuations; or a demonstration of the ways to sample. */
export function createChatCommand(output: Output): Command {
  const command = new Command('chat')
    .description('Talk with a model that has a chat template; with another, type texts and read how it goes on.')
    .argument('<model>', 'a model folder or a run folder')
    .argument('[prompts...]', 'for --demo: texts to continue')
    .option('--demo', 'show several ways of sampling, and end')
    .option('--json', 'for --demo: print JSON')
    .action(async (folder: string, prompts: string[], flags: Flags) => {
      const given = parseConfig('chat', schema, await readSettings(sections, { ...flags }));
      using opened = await openModel(folder, output);
      await (flags.demo === true ? show(opened, prompts, { ...flags, ...given }, output) : talk(opened, given, output));
    });
  return withSettings(command, sections);
}

/** Ctrl-C ends an answer; at the prompt it ends the session. */
async function talk(
  opened: OpenModel,
  { preset, seed, system, ...given }: (typeof schema)['_output'],
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
    const { model, tokenizer, chatTemplate: template, generation } = opened;
    const settings = { ...generation, ...(preset && generationPresets[preset]), ...given };
    const session = { model, tokenizer, lines, write: output.out, signal, ask, ...(seed !== undefined && { seed }) };
    if (template !== undefined) {
      await converse({ ...session, template, settings, system });
    } else {
      refuseSystem(system);
      const preprocess = (text: string): string => preprocessText(opened, text);
      await chat({ ...session, settings: { ...generationPresets.dialogue, ...settings }, preprocess });
    }
  } finally {
    process.off('SIGINT', interrupt);
    lines.close();
  }
}

function refuseSystem(system: string | undefined): void {
  if (system === undefined) return;
  raise('PAL_ARGUMENT', {
    where: 'palabra chat',
    expected: 'a model with a chat template, for --system',
    received: 'one without',
    fix: 'Leave --system out: this model goes on with what is typed.',
  });
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
