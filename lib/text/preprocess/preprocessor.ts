import { Turns, parseConfig } from '../../core/index.js';
import { getPartText, iterateLineParts, replacePartText } from '../tokenizers/text-parts.js';
import type { PartedSource, TextPart } from '../tokenizers/text-parts.js';
import { iterateDocuments } from '../tokenizers/tokenizer.js';
import type { TextSource } from '../tokenizers/tokenizer.js';
import { preprocessConfigSchema } from './preprocess-config.js';
import type { PreprocessConfig, PreprocessOptions } from './preprocess-config.js';
import { breakSentences } from './sentences.js';
import { createTruecaser } from './truecase.js';

type Step = (text: string) => string;

/**
 * The function that makes text uniform: line breaks and Unicode, then non-printables, punctuation, white space,
 * sentences and case. Done twice it changes nothing more, so text that has been through it is safe to pass again.
 *
 * @throws ConfigError when the options do not fit {@link preprocessConfigSchema}
 * @example createPreprocessor({ case: { type: 'lower' } })('Hello\u00a0 World') // 'hello world'
 */
export function createPreprocessor(options: PreprocessOptions = {}): (text: string) => string {
  const config = parseConfig('createPreprocessor', preprocessConfigSchema, options);
  const unicode = createNormalizer(config);
  const again =
    (step: Step): Step =>
    (text) =>
      renormalize(text, step(text), unicode);
  const steps = [
    unicode,
    ...(config.nonPrintables === 'remove' ? [again(removeNonPrintables)] : []),
    ...(config.punctuation === 'keep' ? [] : [config.punctuation === 'strip' ? stripPunctuation : separatePunctuation]),
    ...(config.tabs === 'space' ? [(text: string) => text.replaceAll('\t', ' ')] : []),
    ...(config.whitespace === 'collapse' ? [collapseWhitespace] : []),
    ...(config.sentences === 'lines' ? [breakSentences] : []),
    ...(config.case.type === 'lower' ? [again((text) => text.toLowerCase())] : []),
    ...(config.case.type === 'truecase' ? [again(createTruecaser(config.case.forms))] : []),
  ];
  return (text) => steps.reduce((current, step) => step(current), text);
}

/** The documents of a source, made uniform as they are read; long ones in parts. */
export function preprocessTexts(source: TextSource, options: PreprocessOptions = {}): PartedSource {
  const process = createPreprocessor(options);
  return {
    async *[Symbol.asyncIterator]() {
      for await (const text of iterateDocuments(source)) yield process(text);
    },
    parts: () => preprocessParts(source, process),
  };
}

async function* preprocessParts(source: TextSource, process: Step): AsyncGenerator<readonly TextPart[]> {
  const turns = new Turns('preprocessTexts');
  for await (const parts of iterateLineParts(source)) {
    const uniform: TextPart[] = [];
    for (const part of parts) {
      uniform.push(replacePartText(part, process(getPartText(part))));
      if (turns.over) await turns.next();
    }
    yield uniform;
  }
}

function createNormalizer({ unicode }: PreprocessConfig): Step {
  return unicode === 'none' ? (text) => text : (text) => text.normalize(unicode);
}

/** Normalizes again after a change, which may have brought letters and accents together. */
function renormalize(before: string, after: string, unicode: Step): string {
  return before === after ? after : unicode(after);
}

const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const NON_PRINTABLE = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

function removeNonPrintables(text: string): string {
  return text.replace(LINE_BREAKS, '\n').replace(NON_PRINTABLE, '');
}

/** Marks between letters, as in don't and well-known, and between digits, as in 1,000.5, belong to the word. */
const MARK = /(?<=[\p{L}\p{M}\p{N}])['’\-‐](?=[\p{L}\p{N}])|(?<=\p{N})[.,:](?=\p{N})|(\p{P})\1*/gu;

function stripPunctuation(text: string): string {
  return text.replace(MARK, (mark, outside?: string) => (outside === undefined ? mark : ' '));
}

function separatePunctuation(text: string): string {
  return text.replace(MARK, (mark, outside: string | undefined, index: number) => {
    if (outside === undefined) return mark;
    const before = index > 0 && !/\s/.test(text[index - 1]!) ? ' ' : '';
    const end = index + mark.length;
    return before + mark + (end < text.length && !/[\s\p{M}]/u.test(text[end]!) && !isMark(text, end) ? ' ' : '');
  });
}

/** A mark that follows puts the space before itself. */
function isMark(text: string, index: number): boolean {
  return /\p{P}/u.test(String.fromCodePoint(text.codePointAt(index)!));
}

function collapseWhitespace(text: string): string {
  return text
    .replace(/[\u2028\u2029\u0085]/g, '\n')
    .replace(/(?! )\p{Zs}+|\p{Zs}{2,}/gu, ' ')
    .replace(/ \n ?|\n /g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^ | $/g, '');
}
