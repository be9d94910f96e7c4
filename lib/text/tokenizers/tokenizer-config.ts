import type { z } from 'zod';
import { checkOptions, deferSchema, omitType, parseConfig } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { BpeTokenizer } from './bpe/bpe-tokenizer.js';
import { textPatterns } from './bpe/bpe-training.js';
import { ByteTokenizer } from './byte-tokenizer.js';
import { CharTokenizer } from './char-tokenizer.js';
import { loadGpt2Tokenizer } from './gpt2-tokenizer.js';
import { loadTokenizer } from './tokenizer-file.js';
import type { TextSource, Tokenizer } from './tokenizer.js';
import { WordTokenizer } from './word-tokenizer.js';

const defineMinFrequency = (z: Zod) => z.int().min(1).exactOptional().describe('What occurs less often gets no token.');

const defineNormalize = (z: Zod) =>
  z
    .array(z.enum(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase']))
    .exactOptional()
    .describe('Changes made to every text first, for good. Default: none.');

const defineBpe = (z: Zod) =>
  z.strictObject({
    type: z.literal('bpe'),
    vocabSize: z.int().min(1).exactOptional().describe('Tokens in all. Default: 10,000.'),
    minFrequency: defineMinFrequency(z),
    specialTokens: z
      .array(z.string().min(1))
      .exactOptional()
      .describe('Tokens that no text is encoded as. Default: none.'),
    base: z.enum(['byte', 'character']).exactOptional().describe('What merging starts from. Default: byte.'),
    pattern: z.enum(textPatterns).exactOptional().describe('How text is cut into pieces first. Default: gpt-2.'),
    normalize: defineNormalize(z),
    endOfWord: z
      .string()
      .exactOptional()
      .describe("Mark of the last token of a piece. Default: '</w>' with characters."),
    unknown: z
      .enum(['error', 'token', 'bytes'])
      .exactOptional()
      .describe('Characters that the training text lacks, with base character. Default: error.'),
  });

const defineWord = (z: Zod) =>
  z.strictObject({
    type: z.literal('word'),
    words: z.int().min(1).exactOptional().describe('The most frequent words that get a token. Default: 10,000.'),
    minFrequency: defineMinFrequency(z),
    split: z.enum(['words', 'spaces']).exactOptional().describe('Where words end. Default: words.'),
    normalize: defineNormalize(z),
  });

/** Schema of a tokenizer's configuration: types and their description. */
export const tokenizerConfigSchema = deferSchema((z) =>
  z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('byte') }),
      z.strictObject({
        type: z.literal('char'),
        unknown: z
          .boolean()
          .exactOptional()
          .describe('A token for characters that the training text lacks. Default: false.'),
      }),
      defineWord(z),
      defineBpe(z),
      z.strictObject({ type: z.literal('gpt2') }),
      z.strictObject({
        type: z.literal('file'),
        directory: z.string().min(1).describe('A folder with a tokenizer.json.'),
      }),
    ])
    .describe('Where the tokenizer comes from.'),
);

/** The configuration of a tokenizer, as plain data. */
export type TokenizerConfig = z.input<typeof tokenizerConfigSchema>;

/**
 * The tokenizer that a configuration describes, trained on the text where it is one that learns.
 *
 * @throws ConfigError when it does not fit {@link tokenizerConfigSchema}
 * @throws ArgumentError when the text is empty
 * @example const tokenizer = await buildTokenizer({ type: 'bpe', vocabSize: 4096 }, textFiles('corpus/*.txt'));
 */
export async function buildTokenizer(
  config: TokenizerConfig,
  source: TextSource,
  options: { signal?: AbortSignal } = {},
): Promise<Tokenizer> {
  const { signal } = checkOptions('buildTokenizer', options, { signal: true });
  const settings = parseConfig('buildTokenizer', tokenizerConfigSchema, config);
  switch (settings.type) {
    case 'byte':
      return new ByteTokenizer();
    case 'char':
      return await CharTokenizer.train(source, omitType(settings));
    case 'word':
      return await WordTokenizer.train(source, omitType(settings));
    case 'bpe':
      return await BpeTokenizer.train(source, { ...omitType(settings), ...(signal && { signal }) });
    case 'gpt2':
      return await loadGpt2Tokenizer();
    case 'file':
      return await loadTokenizer(settings.directory);
  }
}
