import { checkOptions, expectPositiveInteger, raise } from '../core/index.js';
import { expectRowForEachToken } from '../models/interface/index.js';
import { generateKeys, generateManyKeys } from './options.js';
import type { LanguageModel } from '../models/interface/index.js';
import type { Tokenizer } from '../text/index.js';
import type { GenerateManyOptions, GenerateOptions, Prompt } from './options.js';
import { createDecoder, createSequences, encodePrompt } from './decoding/prepare.js';
import type { FinishReason, GeneratedToken } from './decoding/sequence.js';

/** A token of one of several texts. */
export interface LabelledToken extends GeneratedToken {
  /** The index of its prompt. */
  prompt: number;
  /** The index among the texts of that prompt. */
  sample: number;
}

/** A whole generated text. */
export interface GeneratedText {
  /** The index of its prompt. */
  prompt: number;
  /** The index among the texts of that prompt. */
  sample: number;
  text: string;
  ids: number[];
  /** ln P of each token under the model, before any filter. */
  logProbabilities: number[];
  finish: FinishReason;
}

/**
 * Continues a prompt token by token.
 *
 * @param model - dropout is off whatever its mode
 * @param tokenizer - the one the model was trained with
 * @param prompt - text of at least one token, or its ids as they are; nothing stands for `<START>` where the tokenizer
 *   has it
 * @param options - by default 256 tokens at temperature 1
 * @returns the tokens, each as it is sampled, the last with the reason that the text ended
 * @throws ArgumentError for settings out of range, an empty prompt, and another vocabulary than the model's
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example
 * for await (const token of generate(model, tokenizer, 'Once', { topP: 0.9 })) process.stdout.write(token.text);
 */
export async function* generate(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompt: Prompt,
  options: GenerateOptions = {},
): AsyncGenerator<GeneratedToken, void, undefined> {
  checkOptions('generate', options, generateKeys);
  for await (const { prompt: _, sample: __, ...token } of generateMany(model, tokenizer, [prompt], options))
    yield token;
}

/**
 * Continues several prompts side by side, each in as many ways as asked for. Every text has random numbers of its own,
 * by the place of its prompt and its sample: the same prompt twice gives two texts, and the first prompt's text is the
 * one it would give alone. The tokens come as they are sampled.
 *
 * @param model - dropout is off whatever its mode
 * @param tokenizer - the one the model was trained with
 * @param prompts - as of {@link generate}; none gives no token
 * @param options - by default one text a prompt, of 256 tokens at temperature 1
 * @returns the tokens of all texts, each with the indices of its prompt and its sample
 * @throws ArgumentError and PalabraError as {@link generate}
 */
export async function* generateMany(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompts: readonly Prompt[],
  options: GenerateManyOptions = {},
): AsyncGenerator<LabelledToken, void, undefined> {
  checkOptions('generateMany', options, generateManyKeys);
  expectRowForEachToken('generate', model, tokenizer);
  const samples = expectPositiveInteger('generate', 'samples', options.samples ?? 1);
  const texts = prompts.map((prompt) => encodePrompt(model, tokenizer, prompt, options));
  if (texts.length === 0) return;
  const sequences = createSequences(tokenizer, texts, samples, options);
  using decoder = createDecoder(model, tokenizer, texts, samples, options);
  while (sequences.some(({ finish }) => finish === undefined)) {
    expectRunning(options.signal);
    const sampled = await decoder.decode(
      sequences.map((sequence) => sequence.nextInputs()),
      options.signal,
    );
    for (const [row, sequence] of sequences.entries()) {
      const token = sequence.accept(sampled[row]!);
      if (token) yield { prompt: Math.floor(row / samples), sample: row % samples, ...token };
    }
  }
}

/**
 * The texts of {@link generateMany}, whole, by prompt and sample.
 * @param model - dropout is off whatever its mode
 * @param tokenizer - the one the model was trained with
 * @param prompts - as of {@link generate}
 * @param options - by default one text a prompt, of 256 tokens at temperature 1
 * @returns `prompts.length · samples` texts, those of the first prompt first
 * @throws ArgumentError and PalabraError as {@link generate}
 */
export async function generateTexts(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompts: readonly Prompt[],
  options: GenerateManyOptions = {},
): Promise<GeneratedText[]> {
  checkOptions('generateTexts', options, generateManyKeys);
  const { samples = 1 } = options;
  const texts = prompts.flatMap((_, prompt) =>
    Array.from({ length: samples }, (__, sample) => createText(prompt, sample)),
  );
  for await (const token of generateMany(model, tokenizer, prompts, options)) {
    const text = texts[token.prompt * samples + token.sample]!;
    text.text += token.text;
    text.ids.push(token.id);
    text.logProbabilities.push(token.logProbability);
    if (token.finish) text.finish = token.finish;
  }
  return texts;
}

function createText(prompt: number, sample: number): GeneratedText {
  return { prompt, sample, text: '', ids: [], logProbabilities: [], finish: 'length' };
}

function expectRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const cause: unknown = signal.reason;
  raise('PAL_ABORTED', { where: 'generate', expected: 'to reach the end of the text', received: 'an abort', cause });
}
