import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { formatBytes, parseConfig } from '../../core/index.js';
import { chat, demo } from '../../generation/index.js';
import type { DemoMemory, DemoPart } from '../../generation/index.js';
import { generationConfigSchema } from '../../models/index.js';
import { openModel } from '../inputs/model-folder.js';
import type { OpenModel } from '../inputs/model-folder.js';
import type { Output } from '../output.js';
import { readSettings, withSettings } from '../settings/settings.js';

const sections = [{ name: '', title: 'Sampling', schema: generationConfigSchema }];

/** `palabra chat`: type a text, read its continuation; or a demonstration of the ways to sample. */
export function chatCommand(output: Output): Command {
  const command = new Command('chat')
    .description('Type texts and read how the model goes on; config changes settings, exit ends.')
    .argument('<model>', 'a model folder or a run folder')
    .argument('[prompts...]', 'for --demo: texts to continue')
    .option('--demo', 'show several ways of sampling, and end')
    .action(async (folder: string, prompts: string[], flags: { demo?: boolean }) => {
      const given = parseConfig('chat', generationConfigSchema, await readSettings(sections, { ...flags }));
      const opened = await openModel(folder);
      await (flags.demo === true ? show(opened, prompts, output) : talk(opened, given, output));
      opened.model.dispose();
    });
  return withSettings(command, sections);
}

/** Ctrl-C ends an answer; at the prompt it ends the session. */
async function talk({ model, tokenizer, generation }: OpenModel, given: object, output: Output): Promise<void> {
  let answering: AbortController | undefined;
  const lines = createInterface({ input: process.stdin });
  const interrupt = (): void => {
    if (answering === undefined || answering.signal.aborted) lines.close();
    else answering.abort();
  };
  process.on('SIGINT', interrupt);
  try {
    const signal = (): AbortSignal => (answering = new AbortController()).signal;
    await chat({ model, tokenizer, lines, write: output.out, settings: { ...generation, ...given }, signal });
  } finally {
    process.off('SIGINT', interrupt);
    lines.close();
  }
}

async function show({ model, tokenizer }: OpenModel, prompts: readonly string[], output: Output): Promise<void> {
  const [first = 'Once upon a time', second = first, ...rest] = prompts;
  const parts = demo(model, tokenizer, { prompts: [first, second, ...rest] });
  for (;;) {
    const { done, value } = await parts.next();
    if (done === true) return output.out(memoryLine(value));
    output.out(partText(value));
  }
}

function partText({ title, prompts, texts, tokensPerSecond }: DemoPart): string {
  const written = texts.map(({ prompt, text }) => `  ${prompts[prompt]!}▸${text.replaceAll('\n', '\n  ')}\n`);
  return `${title}, ${Math.round(tokensPerSecond)} tokens/s\n${written.join('')}\n`;
}

function memoryLine({ weights, state, tokens }: DemoMemory): string {
  return `Memory: ${formatBytes(weights)} of weights, ${formatBytes(state)} of state for ${tokens} tokens\n`;
}
