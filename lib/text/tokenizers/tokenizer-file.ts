import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deferSchema, throwFileError, parseConfig, raise, writeFileAtomic } from '../../core/index.js';
import { ByteTokenizer } from './byte-tokenizer.js';
import { CharTokenizer } from './char-tokenizer.js';
import { isHuggingFaceForm, readHuggingFace } from '../hugging-face/read.js';
import type { Tokenizer } from './tokenizer.js';

const FILE_NAME = 'tokenizer.json';

const schema = deferSchema((z) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('byte'), version: z.literal(1) }),
    z.strictObject({
      type: z.literal('char'),
      version: z.literal(1),
      unknown: z.boolean(),
      characters: z.array(z.string()),
    }),
  ]),
);

/**
 * The tokenizer of a stored form: what `toJSON` gives, or a `tokenizer.json` of Hugging Face with a BPE or WordLevel
 * model.
 *
 * @throws ConfigError when the data is no tokenizer this version knows, or contradicts itself
 * @throws PalabraError of code PAL_UNSUPPORTED when a tokenizer of Hugging Face needs what is not known here
 */
export function parseTokenizer(data: unknown): Tokenizer {
  if (isHuggingFaceForm(data)) return readHuggingFace(data);
  const stored = parseConfig('parseTokenizer', schema, data);
  switch (stored.type) {
    case 'byte':
      return new ByteTokenizer();
    case 'char':
      return new CharTokenizer(stored.characters, { unknown: stored.unknown });
  }
}

/**
 * Writes `tokenizer.json` into a directory, atomically.
 *
 * @throws PalabraError PAL_FILE when the disk refuses
 */
export async function saveTokenizer(tokenizer: Tokenizer, directory: string): Promise<void> {
  await writeFileAtomic(join(directory, FILE_NAME), `${JSON.stringify(tokenizer)}\n`);
}

/**
 * Reads `tokenizer.json` from a directory.
 *
 * @throws PalabraError PAL_FILE when it cannot be read
 * @throws ConfigError when it holds no tokenizer this version knows
 */
export async function loadTokenizer(directory: string): Promise<Tokenizer> {
  const path = join(directory, FILE_NAME);
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('loadTokenizer', path, error));
  return parseTokenizer(parseJson(path, text));
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return raise('PAL_CONFIG', {
      where: 'loadTokenizer',
      expected: `JSON in ${path}`,
      received: cause instanceof SyntaxError ? cause.message : 'something else',
      details: { path },
      cause,
    });
  }
}
