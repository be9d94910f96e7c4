import { setImmediate } from 'node:timers/promises';
import { createError, raise } from '../../../core/index.js';
import type { ErrorParts } from '../../../core/index.js';
import { openTextAddon } from '../../../native/text.js';
import type { BpeSettings, JobDone, NativeBpe, NativeTexts, TextAddon } from '../../../native/text.js';
import { decodeBytes } from './byte-alphabet.js';
import { formatFallbackToken } from './bpe-vocabulary.js';
import type { BpeVocabulary } from './bpe-vocabulary.js';
import { parseFallbackByte } from './token-decoding.js';

/** Stands for no id. */
const NONE = 2 ** 32 - 1;

/** The native form of a vocabulary. */
export function createNativeBpe(vocabulary: BpeVocabulary): NativeBpe {
  const { pattern, merges, unknownToken, fuseUnknown } = vocabulary;
  const unknown = unknownToken === undefined ? undefined : vocabulary.tokens.indexOf(unknownToken);
  const words = vocabulary.ignoreMerges ? encodeWholePretokens(vocabulary) : { wordParts: new Uint32Array(0) };
  return openTextAddon().bpe({ pattern, merges, fuseUnknown, unknown, ...encodeSymbols(vocabulary), ...words });
}

/** The tokens that text can become, with their ids. */
function listOrdinaryTokens({ tokens, specialTokens }: BpeVocabulary): [string, number][] {
  const special = new Set(Object.values(specialTokens));
  return tokens.map((token, id): [string, number] => [token, id]).filter(([, id]) => !special.has(id));
}

function encodeSymbols(vocabulary: BpeVocabulary): Pick<BpeSettings, 'bytes' | 'characters' | 'endings'> {
  const { spelling } = vocabulary;
  const tokens = listOrdinaryTokens(vocabulary);
  if (spelling.type === 'bytes') return { bytes: mapBytes(tokens, parseSingleByte) };
  const { endOfWord, byteFallback } = spelling;
  const endings = tokens.filter(([token]) => token.endsWith(endOfWord));
  const unmarked = endings.map(([token, id]): [string, number] => [token.slice(0, -endOfWord.length), id]);
  return {
    bytes: byteFallback ? mapBytes(tokens, parseStandIn) : new Uint32Array(0),
    characters: mapCharacters(tokens),
    endings: endOfWord === '' ? undefined : mapCharacters(unmarked),
  };
}

function parseSingleByte(token: string): number | undefined {
  return token.length === 1 ? decodeBytes(token)?.[0] : undefined;
}

/** The byte that a token stands in for: text is only encoded as the usual form of it. */
function parseStandIn(token: string): number | undefined {
  const byte = parseFallbackByte(token);
  return byte !== undefined && formatFallbackToken(byte) === token ? byte : undefined;
}

function mapBytes(tokens: readonly [string, number][], parseByte: (token: string) => number | undefined): Uint32Array {
  const ids = new Uint32Array(256).fill(NONE);
  for (const [token, id] of tokens) {
    const byte = parseByte(token);
    if (byte !== undefined) ids[byte] = id;
  }
  return ids;
}

function mapCharacters(tokens: readonly [string, number][]): Uint32Array {
  return Uint32Array.from(
    tokens.flatMap(([token, id]) => {
      const code = token.codePointAt(0);
      const single = code !== undefined && token.length === (code > 0xffff ? 2 : 1);
      return single ? [code, id] : [];
    }),
  );
}

function encodeWholePretokens(vocabulary: BpeVocabulary): Pick<BpeSettings, 'words' | 'wordParts'> {
  const encoder = new TextEncoder();
  const inBytes = vocabulary.spelling.type === 'bytes';
  const pretokens = listOrdinaryTokens(vocabulary).map(([token, id]): [Uint8Array, number] => [
    (inBytes ? decodeBytes(token) : undefined) ?? encoder.encode(token),
    id,
  ]);
  return {
    words: Buffer.concat(pretokens.map(([bytes]) => bytes)),
    wordParts: Uint32Array.from(pretokens.flatMap(([bytes, id]) => [bytes.length, id])),
  };
}

/** Adds a document of some slices; between two of them this thread is free for others. Returns the bytes held. */
export async function appendDocument(
  texts: NativeTexts,
  slices: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const addon = openTextAddon();
  let held: string | undefined;
  for (const slice of slices) {
    if (held !== undefined) {
      addon.appendText(texts, held, false);
      await yieldTurn(signal);
    }
    held = slice;
  }
  return addon.appendText(texts, held ?? '', true);
}

/**
 * Lets others have their turn on this thread.
 *
 * @throws PalabraError of code PAL_ABORTED when the signal says so
 */
export function yieldTurn(signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  return setImmediate(undefined, options).catch(() => raise('PAL_ABORTED', describeAbort(signal)));
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
      reject(createError('PAL_ABORTED', describeAbort(signal)));
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

function describeAbort(signal: AbortSignal | undefined): ErrorParts {
  return { where: 'BpeTokenizer', expected: 'to finish', received: 'a signal to stop', cause: signal?.reason };
}
