import { tokenizerConfigSchema } from '../../text/index.js';
import type { TokenizerConfig } from '../../text/index.js';
import type { SettingsSection } from './settings.js';

/** The settings of a tokenizer. */
export const tokenizerSection: SettingsSection = {
  name: 'tokenizer',
  title: 'Tokenizer',
  schema: tokenizerConfigSchema,
  implied: { '': 'bpe' },
};

/** Resolves settings, unchecked: byte-pair encoding by default, with a token for the end of documents. */
export function resolveTokenizerConfig(settings: unknown): TokenizerConfig {
  const config = (settings ?? { type: 'bpe' }) as TokenizerConfig;
  return config.type === 'bpe' ? { specialTokens: ['<|endoftext|>'], ...config } : config;
}
