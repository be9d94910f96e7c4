import { writeFile } from 'node:fs/promises';
import { checkConfig, checkOptions, isPalabraError, raise, show, throwFileError } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { generationConfigSchema } from '../../models/interface/index.js';
import type { GenerationConfig, LanguageModel } from '../../models/interface/index.js';
import { findEndTokens, findTurnEnd } from '../../text/index.js';
import type { ChatTemplate, Tokenizer } from '../../text/index.js';
import { generate } from '../generate.js';
import { applyChanges } from '../session-settings.js';
import { Conversation } from './conversation.js';

/** Settings of a conversation at a terminal. */
export interface ConverseOptions {
  model: LanguageModel;
  tokenizer: Tokenizer;
  /** The way the model writes conversations. */
  template: ChatTemplate;
  /** The lines that are typed. */
  lines: AsyncIterable<string>;
  /** Takes what is to be shown, as it comes. */
  write: (text: string) => void;
  /** Called before each line is read. */
  ask?: () => void;
  /** What the system says before the first turn. */
  system?: string | undefined;
  /** Settings of generation (default: those of `generate`). */
  settings?: GenerationConfig;
  /** The same seed gives the same answers (default: others each time). */
  seed?: number | undefined;
  /** Makes the signal that ends one answer; what came of it stays in the conversation. */
  signal?: () => AbortSignal;
}

/** The keys of {@link ConverseOptions}. */
export const converseKeys: OptionChecks<ConverseOptions> = {
  ...{ model: true, tokenizer: true, template: true, lines: true, write: true, ask: true, system: true },
  settings: checkConfig(generationConfigSchema),
  seed: true,
  signal: true,
};

const HELP = `Type a message to have it answered.
  /system TEXT   what the system says from now on; without a text, nothing
  /reset         forget the turns so far
  /save FILE     write the conversation as JSON
  /config        the settings; /config name=value or /config preset=name changes them
  /exit          end`;

/** Tokens kept free for an answer where the settings don't limit it. */
const ANSWER_TOKENS = 256;

interface Session {
  readonly options: ConverseOptions;
  readonly conversation: Conversation;
  readonly endTokens: number[];
  settings: GenerationConfig;
  answers: number;
}

/**
 * A conversation at a terminal: each line is a turn, answered as the model's template says. Lines that begin with a
 * slash are commands; `//` begins a turn with a slash.
 *
 * @param options - the model, its tokenizer and template, the lines that are typed and where text goes
 * @returns the number of turns that were answered
 * @throws ArgumentError for options of another kind, but not for what is typed: that is said and asked again
 */
export async function converse(options: ConverseOptions): Promise<number> {
  checkOptions('converse', options, converseKeys);
  const { model, tokenizer, template, system, lines, write, ask } = options;
  const { contextLength } = model.config;
  const turnEnd = findTurnEnd(tokenizer, template);
  const session: Session = {
    options,
    conversation: new Conversation({ tokenizer, template, contextLength, system }),
    endTokens: [...findEndTokens(tokenizer), ...(turnEnd === undefined ? [] : [turnEnd])],
    settings: options.settings ?? {},
    answers: 0,
  };
  write(`${HELP}\n`);
  ask?.();
  for await (const line of lines) {
    const text = line.trim();
    if (text === '/exit' || text === '/quit') break;
    await attempt(write, () => (isCommand(text) ? runCommand(session, text.slice(1)) : takeTurn(session, line)));
    ask?.();
  }
  return session.answers;
}

function isCommand(text: string): boolean {
  return text.startsWith('/') && !text.startsWith('//');
}

/** Says what goes wrong and lets the session go on. */
async function attempt(write: (text: string) => void, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isPalabraError(error)) throw error;
    write(error.code === 'PAL_ABORTED' ? ' [stopped]\n' : `\n${error.message}\n`);
  }
}

/** Asks and writes the answer as it comes; a question that got no answer is taken back. */
async function takeTurn(session: Session, line: string): Promise<void> {
  if (line.trim() === '') return;
  const { conversation, options } = session;
  conversation.ask(line.startsWith('//') ? line.slice(1) : line);
  let answer = '';
  try {
    for await (const { text } of generateAnswer(session)) {
      answer += text;
      options.write(text);
    }
    session.answers++;
    options.write('\n');
  } finally {
    if (answer === '') conversation.takeBack();
    else conversation.answer(answer);
  }
}

function generateAnswer(session: Session): ReturnType<typeof generate> {
  const { options, conversation, settings, endTokens, answers } = session;
  const { model, tokenizer, seed, signal } = options;
  const ids = conversation.encode(settings.maxTokens ?? ANSWER_TOKENS);
  return generate(model, tokenizer, ids, {
    ...settings,
    endTokens: settings.endTokens ?? endTokens,
    ...(seed !== undefined && { seed: seed + answers }),
    ...(signal && { signal: signal() }),
  });
}

async function runCommand(session: Session, line: string): Promise<void> {
  const { conversation, options } = session;
  const [name = '', ...words] = line.split(/\s+/u);
  const rest = line.slice(name.length).trim();
  switch (name) {
    case 'reset':
      return conversation.reset();
    case 'system':
      conversation.system = rest === '' ? undefined : rest;
      return;
    case 'config':
      session.settings = applyChanges(session.settings, words, options.tokenizer);
      return options.write(`${JSON.stringify(session.settings)}\n`);
    case 'save':
      await save(conversation, rest);
      return options.write(`Saved as ${rest}.\n`);
    case 'help':
      return options.write(`${HELP}\n`);
    default:
      raise('PAL_ARGUMENT', { where: 'chat', expected: 'a command of /help', received: show(`/${name}`) });
  }
}

/** Writes the turns to a file that is not there yet. */
async function save({ messages }: Conversation, path: string): Promise<void> {
  if (path === '') raise('PAL_ARGUMENT', { where: 'chat', expected: '/save FILE', received: 'no file' });
  const text = `${JSON.stringify({ messages }, null, 2)}\n`;
  await writeFile(path, text, { flag: 'wx' }).catch((cause: unknown) => throwFileError('chat', path, cause));
}
