import { setImmediate } from 'node:timers/promises';
import { Random, expectCount, raise } from '../core/index.js';
import type { GenerationConfig, LanguageModel } from '../models/index.js';
import type { Tokenizer } from '../text/index.js';
import { TokenStream } from './token-stream.js';
import { expectSampling, sample } from './sampling.js';
import { DecodeSession } from './session.js';

/** How text is generated. */
export interface GenerateOptions extends GenerationConfig {
  /** The same seed gives the same text (default: another one each time). */
  seed?: number | bigint;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal;
}

/** One generated token and the text it completes; empty where a character or a stop string may be unfinished. */
export interface GeneratedPiece {
  text: string;
  id: number;
}

/** Tokens generated where nothing else is said. */
const DEFAULT_TOKENS = 256;

/**
 * Continues a prompt token by token.
 *
 * @param model - dropout is off whatever its mode
 * @param tokenizer - the one the model was trained with
 * @param prompt - text of at least one token
 * @param options - by default 256 tokens at temperature 1
 * @throws ArgumentError for settings out of range and an empty prompt
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example
 * for await (const piece of generate(model, tokenizer, 'Once', { topP: 0.9 })) process.stdout.write(piece.text);
 */
export async function* generate(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompt: string,
  options: GenerateOptions = {},
): AsyncGenerator<GeneratedPiece, void, undefined> {
  expectSampling('generate', options);
  const ids = promptIds(tokenizer, prompt);
  const session = new DecodeSession(model);
  try {
    yield* continued(session, tokenizer, ids, options);
  } finally {
    session.dispose();
  }
}

async function* continued(
  session: DecodeSession,
  tokenizer: Tokenizer,
  prompt: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedPiece, void, undefined> {
  const most = expectCount('generate', 'maxTokens', options.maxTokens ?? DEFAULT_TOKENS);
  const random = new Random(options.seed ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));
  const stream = new TokenStream(tokenizer, options.stop ?? []);
  let ids = prompt;
  for (let made = 1; made <= most && !stream.stopped; made++) {
    // The event loop gets its turn between tokens.
    await setImmediate();
    expectRunning(options.signal);
    const id = sample(session.read(ids), options, random);
    yield { id, text: made === most ? stream.last(id) : stream.push(id) };
    ids = [id];
  }
}

function promptIds(tokenizer: Tokenizer, prompt: string): number[] {
  const ids = Array.from(tokenizer.encode(prompt));
  if (ids.length > 0) return ids;
  raise('PAL_ARGUMENT', { where: 'generate', expected: 'a prompt of at least one token', received: 'an empty one' });
}

function expectRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const cause: unknown = signal.reason;
  raise('PAL_ABORTED', { where: 'generate', expected: 'to reach the end of the text', received: 'an abort', cause });
}
