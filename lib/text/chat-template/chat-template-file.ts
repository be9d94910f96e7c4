import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deferSchema, isSystemError, parseConfig, raise, throwFileError, writeFileAtomic } from '../../core/index.js';
import { ChatTemplate } from './chat-template.js';

/** The files of Hugging Face that hold a template and the texts of special tokens. */
const FILES = {
  template: 'chat_template.jinja',
  config: 'tokenizer_config.json',
  tokens: 'special_tokens_map.json',
} as const;

/** The template of a file with several. */
const DEFAULT = 'default';

const configSchema = deferSchema((z) => {
  const named = z.looseObject({ name: z.string(), template: z.string() });
  return z.looseObject({ chat_template: z.union([z.string(), z.array(named)]).nullish() });
});

/**
 * Reads the chat template of a tokenizer: `chat_template.jinja`, else that of `tokenizer_config.json`, with the special
 * tokens that `tokenizer_config.json` or `special_tokens_map.json` names.
 *
 * @param directory - the folder of a model
 * @returns the template, that called `default` of several; undefined where there is none
 * @throws PalabraError of code PAL_FILE when a file cannot be read
 * @throws ConfigError when a file is no JSON, or its template no template
 */
export async function loadChatTemplate(directory: string): Promise<ChatTemplate | undefined> {
  const fields = await readFields(join(directory, FILES.config));
  const own = await readOptionalText(join(directory, FILES.template));
  const tokens = await readFields(join(directory, FILES.tokens));
  return parseChatTemplate({ ...tokens, ...fields, ...(own !== undefined && { chat_template: own }) });
}

/**
 * Takes the chat template out of what `tokenizer_config.json` holds.
 *
 * @param fields - of the file
 * @returns the template, that called `default` of several; undefined where there is none
 * @throws ConfigError when it is no template
 */
export function parseChatTemplate(fields: Readonly<Record<string, unknown>>): ChatTemplate | undefined {
  const { chat_template: stored } = parseConfig('loadChatTemplate', configSchema, fields);
  const source = typeof stored === 'string' ? stored : stored?.find(({ name }) => name === DEFAULT)?.template;
  return source === undefined ? undefined : new ChatTemplate(source, { tokens: listTokens(fields) });
}

/**
 * Writes `chat_template.jinja` and `special_tokens_map.json` into a directory, which transformers read too.
 *
 * @param template - of the model
 * @param directory - the folder of the model
 * @throws PalabraError of code PAL_FILE when the disk refuses
 */
export async function saveChatTemplate(template: ChatTemplate, directory: string): Promise<void> {
  await writeFileAtomic(join(directory, FILES.template), template.source);
  await writeFileAtomic(join(directory, FILES.tokens), `${JSON.stringify(template.tokens, null, 2)}\n`);
}

/** Texts of special tokens, which stand as strings or as objects with their `content`. */
function listTokens(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const tokens = Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (!name.endsWith('_token')) return [];
    const text = typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value;
    return typeof text === 'string' ? [[name, text]] : [];
  });
  return Object.fromEntries(tokens);
}

async function readFields(path: string): Promise<Record<string, unknown>> {
  const text = await readOptionalText(path);
  if (text === undefined) return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    return throwNoJson(path, (cause as Error).message, cause);
  }
  return throwNoJson(path, 'something else');
}

function throwNoJson(path: string, received: string, cause?: unknown): never {
  const expected = `an object of JSON in ${path}`;
  raise('PAL_CONFIG', { where: 'loadChatTemplate', expected, received, details: { path }, cause });
}

async function readOptionalText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'ENOENT') return undefined;
    return throwFileError('loadChatTemplate', path, cause);
  }
}
