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

/** Contractions in any case, which here are written out; the long s counts as one. */
const ANY_CASE = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const WRITTEN_OUT = "(?:'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD]))";

/** Parts of expressions that mean the same in both languages: characters, categories, classes without classes, groups. */
const SAME =
  /^(?:\\[pP]\{\^?[A-Za-z_]+\}|\\[rntsSd]|\\[^A-Za-z0-9]|\[\^?(?:\\[pP]\{[A-Za-z_]+\}|\\[rntsSd]|\\[^A-Za-z0-9]|(?!&&)[^\\[\]])+\]|\(\?[:!=]|\(|\)|\||(?:[*+?]|\{\d+(?:,\d*)?\})(?![+?])|[^\\^$.*+?()[\]{}|])*$/u;

/**
 * The expression of a file as JavaScript has it; undefined for one that may mean something else here.
 * White space and digits are those of Unicode.
 */
export function translateExpression(expression: string): RegExp | undefined {
  const written = expression.replaceAll(ANY_CASE, WRITTEN_OUT);
  if (!SAME.test(written)) return undefined;
  const text = written
    .replaceAll(
      /\\[sSd]/gu,
      (name) => ({ '\\s': '\\p{White_Space}', '\\S': '\\P{White_Space}', '\\d': '\\p{Nd}' })[name]!,
    )
    .replaceAll(/\\([^A-Za-z0-9^$\\.*+?()[\]{}|/-])/gu, '$1');
  try {
    return new RegExp(text, 'gu');
  } catch {
    return undefined;
  }
}
