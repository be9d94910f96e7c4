import { setImmediate } from 'node:timers/promises';
import { createError, raise } from '../core/index.js';
import type { ErrorParts } from '../core/index.js';
import { openTextAddon } from '../native/text.js';
import type { BpeSettings, JobDone, NativeBpe, NativeTexts, TextAddon } from '../native/text.js';
import { bytesOfWritten } from './byte-alphabet.js';
import { fallbackByte } from './bpe-vocabulary.js';
import type { BpeVocabulary } from './bpe-vocabulary.js';

/** Stands for no id. */
const NONE = 2 ** 32 - 1;

/** The native form of a vocabulary. */
export function nativeBpe(vocabulary: BpeVocabulary): NativeBpe {
  const { pattern, merges, unknownToken, fuseUnknown } = vocabulary;
  const unknown = unknownToken === undefined ? undefined : vocabulary.tokens.indexOf(unknownToken);
  const words = vocabulary.wholePieces ? wholePieces(vocabulary) : { wordParts: new Uint32Array(0) };
  return openTextAddon().bpe({ pattern, merges, fuseUnknown, unknown, ...symbols(vocabulary), ...words });
}

/** The tokens that text can become, with their ids. */
function ordinary({ tokens, specialTokens }: BpeVocabulary): [string, number][] {
  const special = new Set(Object.values(specialTokens));
  return tokens.map((token, id): [string, number] => [token, id]).filter(([, id]) => !special.has(id));
}

function symbols(vocabulary: BpeVocabulary): Pick<BpeSettings, 'bytes' | 'characters' | 'endings'> {
  const { spelling } = vocabulary;
  const tokens = ordinary(vocabulary);
  if (spelling.type === 'bytes') return { bytes: byteIds(tokens, singleByte) };
  const { endOfWord, byteFallback } = spelling;
  const endings = tokens.filter(([token]) => token.endsWith(endOfWord));
  const unmarked = endings.map(([token, id]): [string, number] => [token.slice(0, -endOfWord.length), id]);
  return {
    bytes: byteFallback ? byteIds(tokens, fallbackByte) : new Uint32Array(0),
    characters: characterIds(tokens),
    endings: endOfWord === '' ? undefined : characterIds(unmarked),
  };
}

function singleByte(token: string): number | undefined {
  return token.length === 1 ? bytesOfWritten(token)?.[0] : undefined;
}

function byteIds(tokens: readonly [string, number][], byteOf: (token: string) => number | undefined): Uint32Array {
  const ids = new Uint32Array(256).fill(NONE);
  for (const [token, id] of tokens) {
    const byte = byteOf(token);
    if (byte !== undefined) ids[byte] = id;
  }
  return ids;
}

function characterIds(tokens: readonly [string, number][]): Uint32Array {
  return Uint32Array.from(
    tokens.flatMap(([token, id]) => {
      const code = token.codePointAt(0);
      const single = code !== undefined && token.length === (code > 0xffff ? 2 : 1);
      return single ? [code, id] : [];
    }),
  );
}

function wholePieces(vocabulary: BpeVocabulary): Pick<BpeSettings, 'words' | 'wordParts'> {
  const encoder = new TextEncoder();
  const inBytes = vocabulary.spelling.type === 'bytes';
  const pieces = ordinary(vocabulary).map(([token, id]): [Uint8Array, number] => [
    (inBytes ? bytesOfWritten(token) : undefined) ?? encoder.encode(token),
    id,
  ]);
  return {
    words: Buffer.concat(pieces.map(([bytes]) => bytes)),
    wordParts: Uint32Array.from(pieces.flatMap(([bytes, id]) => [bytes.length, id])),
  };
}

/** Adds a document of some slices; between two of them this thread is free for others. Returns the bytes held. */
export async function appendDocument(
  texts: NativeTexts,
  slices: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const addon = openTextAddon();
  let first = true;
  for (const slice of slices) {
    if (!first) await turn(signal);
    first = false;
    addon.appendText(texts, slice, false);
  }
  return addon.appendText(texts, '', true);
}

/**
 * Lets others have their turn on this thread.
 *
 * @throws PalabraError of code PAL_ABORTED when the signal says so
 */
export function turn(signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  return setImmediate(undefined, options).catch(() => raise('PAL_ABORTED', aborted(signal)));
}

/**
 * Runs a job of the addon to its end.
 *
 * @throws PalabraError of code PAL_ABORTED when the signal says so
 */
export function runJob<Result>(
  start: (addon: TextAddon, done: JobDone<Result>) => number,
  signal?: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(createError('PAL_ABORTED', aborted(signal)));
      return;
    }
    const addon = openTextAddon();
    const abort = (): void => addon.abort(job);
    const job = start(addon, (error, result) => {
      signal?.removeEventListener('abort', abort);
      if (error === undefined) resolve(result);
      else reject(error);
    });
    signal?.addEventListener('abort', abort);
  });
}

function aborted(signal: AbortSignal | undefined): ErrorParts {
  return { where: 'BpeTokenizer', expected: 'to finish', received: 'a signal to stop', cause: signal?.reason };
}
