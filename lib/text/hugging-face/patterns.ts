import type { PretokenPattern } from '../../native/text.js';

const LLAMA_3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** The regular expressions of pre-tokenizers, as files of Hugging Face have them. */
export const regularExpressions = {
  'gpt-2': "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  'llama-3': LLAMA_3,
  'qwen-2': LLAMA_3.replace('\\p{N}{1,3}', '\\p{N}'),
} as const;

/** Other spellings of the same expressions. */
const aliases: Readonly<Record<string, PretokenPattern>> = {
  "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+": 'gpt-2',
  [LLAMA_3.replace("(?i:'s|'t|'re|'ve|'m|'ll|'d)", "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])")]:
    'llama-3',
  ...Object.fromEntries(Object.entries(regularExpressions).map(([name, text]) => [text, name as PretokenPattern])),
};

/** The pattern of a regular expression; undefined for one that is not known. */
export function findPattern(expression: string): PretokenPattern | undefined {
  return Object.hasOwn(aliases, expression) ? aliases[expression] : undefined;
}
