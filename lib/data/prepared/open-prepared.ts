import type { OptionChecks } from '../../core/index.js';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Turns, checkOptions, hashFile, parseConfig, raise, throwFileError } from '../../core/index.js';
import { loadTokenizer } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';
import { MANIFEST_FILE, manifestSchema } from './prepared-manifest.js';
import type { PreparedManifest } from './prepared-manifest.js';
import type { SplitName } from '../corpus/split.js';
import { openTokenFile } from '../token-files/token-file.js';
import type { TokenFile } from '../token-files/token-file.js';
import type { Corpus } from '../corpus/tokens.js';

/** A prepared folder, open. */
export interface Prepared {
  manifest: PreparedManifest;
  tokenizer: Tokenizer;
  train: Corpus<TokenFile>;
  validation: Corpus<TokenFile> | undefined;
  test: Corpus<TokenFile> | undefined;
  /** Closes the files. */
  close(): void;
  [Symbol.dispose](): void;
}

/** Options of {@link openPrepared}. */
export interface OpenPreparedOptions {
  /** Compares every byte with the manifest's hashes, which takes as long as reading the files. Default: false. */
  verify?: boolean;
}

/** The keys of {@link OpenPreparedOptions}. */
export const openPreparedKeys: OptionChecks<OpenPreparedOptions> = { verify: true };

/**
 * Opens a folder that `prepare` made.
 *
 * @throws PalabraError PAL_FILE when a file is missing
 * @throws ConfigError when the manifest or the tokenizer is not what this version writes
 * @throws DataError when the tokenizer is not that of the tokens, a file was cut, or a hash differs
 */
export async function openPrepared(directory: string, options: OpenPreparedOptions = {}): Promise<Prepared> {
  checkOptions('openPrepared', options, openPreparedKeys);
  const manifest = await readManifest(join(directory, MANIFEST_FILE));
  if (options.verify === true) await verifyHashes(directory, manifest);
  const tokenizer = await loadTokenizer(directory);
  const turns = new Turns('openPrepared');
  const opened: TokenFile[] = [];
  const close = (): void => {
    for (const file of opened) file.close();
  };
  try {
    const openSplit = async (name: SplitName): Promise<Corpus<TokenFile> | undefined> => {
      if (manifest.splits[name] === undefined) return undefined;
      const tokens = openTokenFile(join(directory, `${name}.bin`), { tokenizer });
      opened.push(tokens);
      await tokens.loadStarts(turns);
      return { tokens, starts: tokens.starts };
    };
    const train = await openSplit('train');
    const [validation, test] = [await openSplit('validation'), await openSplit('test')];
    if (train === undefined) refuse(directory, 'a training part', 'none');
    return { manifest, tokenizer, train, validation, test, close, [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

/** True for a folder that `prepare` made. */
export function isPrepared(directory: string): boolean {
  return existsSync(join(directory, MANIFEST_FILE)) && existsSync(join(directory, 'train.bin'));
}

async function readManifest(path: string): Promise<PreparedManifest> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('openPrepared', path, error));
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    return refuse(path, 'JSON', 'something else', cause);
  }
  return parseConfig('openPrepared', manifestSchema, data);
}

async function verifyHashes(directory: string, { files }: PreparedManifest): Promise<void> {
  for (const [name, expected] of Object.entries(files)) {
    const path = join(directory, name);
    const found = await hashFile(path);
    if (found.sha256 !== expected.sha256) refuse(path, `SHA-256 ${expected.sha256}`, found.sha256);
  }
}

function refuse(path: string, expected: string, received: string, cause?: unknown): never {
  raise('PAL_DATA', {
    where: 'openPrepared',
    expected: `${expected} in ${path}`,
    received,
    fix: 'Prepare the text again.',
    details: { path },
    cause,
  });
}
