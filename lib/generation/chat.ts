import type { OptionChecks } from '../core/index.js';
import { checkConfig, checkOptions, isPalabraError } from '../core/index.js';
import { generationConfigSchema } from '../models/interface/index.js';
import type { GenerationConfig, LanguageModel } from '../models/interface/index.js';
import type { Tokenizer } from '../text/index.js';
import { generate } from './generate.js';
import { generationPresets } from './presets.js';
import { applyChanges, attempt } from './session-settings.js';

/** Settings of an interactive session. */
export interface ChatOptions {
  model: LanguageModel;
  tokenizer: Tokenizer;
  /** The lines that are typed. */
  lines: AsyncIterable<string>;
  /** Takes what is to be shown, as it comes. */
  write: (text: string) => void;
  /** Called before each line is read. */
  ask?: () => void;
  /** Settings to start from (default: the preset `dialogue`, 50 tokens at temperature 1). */
  settings?: GenerationConfig;
  /** Makes a typed text uniform before it is continued, as the training text was. */
  preprocess?: (text: string) => string;
  /** The same seed gives the same session (default: another one each time). */
  seed?: number;
  /** Makes the signal that ends one answer, such as the next Ctrl-C; the session goes on. */
  signal?: () => AbortSignal;
}

/** The keys of {@link ChatOptions}. */
export const chatKeys: OptionChecks<ChatOptions> = {
  model: true,
  tokenizer: true,
  lines: true,
  write: true,
  ask: true,
  settings: checkConfig(generationConfigSchema),
  preprocess: true,
  seed: true,
  signal: true,
};

const HELP =
  'Type a text to continue it. config shows the settings, config name=value or config preset=name changes them, exit or quit ends.';

/**
 * An interactive session: each line is continued. `exit` and `quit` end it, `config` shows and changes settings.
 * @param options - the model, its tokenizer, the lines that are typed and where text goes
 * @returns the number of lines that were continued
 * @throws ArgumentError as `generate`, but not for what is typed: that is said and asked again
 */
export async function chat(options: ChatOptions): Promise<number> {
  checkOptions('chat', options, chatKeys);
  const { write, lines, ask } = options;
  let settings: GenerationConfig = options.settings ?? generationPresets.dialogue;
  let answers = 0;
  write(`${HELP}\n`);
  ask?.();
  for await (const line of lines) {
    const [word = '', ...rest] = line.trim().split(/\s+/u);
    if (word === 'exit' || word === 'quit') break;
    if (word === 'config') settings = attempt(write, settings, () => applyChanges(settings, rest, options.tokenizer));
    if (word === 'config') write(`${JSON.stringify(settings)}\n`);
    else if (word !== '') await reply(options, line, settings, answers++);
    ask?.();
  }
  return answers;
}

async function reply(options: ChatOptions, prompt: string, settings: GenerationConfig, turn: number): Promise<void> {
  const { model, tokenizer, write, seed, signal, preprocess = (text: string) => text } = options;
  const given = { ...settings, ...(seed !== undefined && { seed: seed + turn }), ...(signal && { signal: signal() }) };
  try {
    for await (const { text } of generate(model, tokenizer, preprocess(prompt), given)) write(text);
    write('\n');
  } catch (error) {
    if (!isPalabraError(error)) throw error;
    write(error.code === 'PAL_ABORTED' ? ' [stopped]\n' : `\n${error.message}\n`);
  }
}
