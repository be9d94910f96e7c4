import type { PretokenPattern } from '../../native/text.js';
import type { BpeSpelling } from '../tokenizers/bpe/bpe-vocabulary.js';
import type { Normalizer } from '../tokenizers/normalizers/normalizer.js';
import { findPattern } from './patterns.js';
import { throwInconsistent, throwUnsupported } from './schema.js';
import type { Component, HuggingFaceFile } from './schema.js';

type Optional = Component | null | undefined;

/** The components of a Sequence, those inside it too; of any other component itself. */
export function flattenSequence(component: Optional, list: string): Component[] {
  if (component == null) return [];
  if (component.type !== 'Sequence') return [component];
  const components = component[list];
  if (!Array.isArray(components)) throwInconsistent(list, 'a list of components', typeof components);
  return components.flatMap((inner: unknown) => flattenSequence(expectComponent(inner, list), list));
}

function expectComponent(value: unknown, list: string): Component {
  const fits = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
  return fits ? (value as Component) : throwInconsistent(list, 'components with a type', typeof value);
}

/** The text of a pattern field, `{ String }` or `{ Regex }`. */
function readPattern(component: Component, kind: 'String' | 'Regex'): string {
  const pattern = component.pattern;
  const text = typeof pattern === 'object' && pattern !== null ? (pattern as Record<string, unknown>)[kind] : undefined;
  return typeof text === 'string' && text !== ''
    ? text
    : throwUnsupported(`${component.type}, pattern`, pattern, `a ${kind}`);
}

function readText(component: Component, name: string): string {
  const value = component[name];
  return typeof value === 'string' ? value : throwInconsistent(`${component.type}, ${name}`, 'text', typeof value);
}

/** The steps of a normalizer. */
export function readNormalizers(component: Optional): Normalizer[] {
  return flattenSequence(component, 'normalizers').map((step): Normalizer => {
    switch (step.type) {
      case 'NFC':
      case 'NFD':
      case 'NFKC':
      case 'NFKD':
      case 'Lowercase':
      case 'StripAccents':
        return { type: step.type };
      case 'Strip':
        return { type: 'Strip', strip_left: step.strip_left !== false, strip_right: step.strip_right !== false };
      case 'Prepend':
        return { type: 'Prepend', text: readText(step, 'prepend') };
      case 'Replace':
        return { type: 'Replace', text: readPattern(step, 'String'), by: readText(step, 'content') };
      default:
        return throwUnsupported(
          'normalizer',
          step,
          'NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace or a Sequence of them',
        );
    }
  });
}

/** The pre-tokenizer of a file. */
export interface PreTokenizer {
  pattern: PretokenPattern;
  /** Pretokens are written as bytes. */
  inBytes: boolean;
  prefixSpace: boolean;
  /** Steps that act like normalizers. */
  normalizers: Normalizer[];
}

/** Reads a pre-tokenizer for byte-pair encoding. */
export function readPreTokenizer(component: Optional): PreTokenizer {
  const result: PreTokenizer = { pattern: 'none', inBytes: false, prefixSpace: false, normalizers: [] };
  const components = flattenSequence(component, 'pretokenizers');
  const digits =
    components[0]?.type === 'Digits' && components[0].individual_digits === true && components.length === 2;
  (digits ? components.slice(1) : components).forEach((step, index) => {
    if (result.inBytes || ((index > 0 || digits) && step.type !== 'ByteLevel')) throwUnknownPreTokenizer(component);
    readPreTokenizerStep(result, step, index > 0);
  });
  if (!digits) return result;
  return result.pattern === 'gpt-2' && !result.prefixSpace
    ? { ...result, pattern: 'gpt-2-digits' }
    : throwUnknownPreTokenizer(component);
}

function readPreTokenizerStep(result: PreTokenizer, component: Component, cut: boolean): void {
  if (component.type === 'ByteLevel') readByteLevel(result, component, cut);
  else if (component.type === 'Split') result.pattern = readSplit(component);
  else if (component.type === 'Metaspace') readMetaspace(result, component);
  else throwUnknownPreTokenizer(component);
}

function readByteLevel(result: PreTokenizer, component: Component, cut: boolean): void {
  const expression = component.use_regex !== false;
  const prefix = component.add_prefix_space !== false;
  if (cut && (expression || prefix)) throwUnknownPreTokenizer(component);
  result.inBytes = true;
  result.prefixSpace = prefix;
  if (expression) result.pattern = 'gpt-2';
}

function readSplit(component: Component): PretokenPattern {
  if (component.behavior !== 'Isolated' || component.invert === true) throwUnknownPreTokenizer(component);
  return findPattern(readPattern(component, 'Regex')) ?? throwUnknownPreTokenizer(component);
}

function readMetaspace(result: PreTokenizer, component: Component): void {
  const text = readText(component, 'replacement');
  const split = component.split !== false;
  if (split && text !== '▁') throwUnknownPreTokenizer(component);
  result.pattern = split ? 'metaspace' : 'none';
  result.normalizers = [{ type: 'Replace', text: ' ', by: text }];
  if (prependsSpace(component)) result.normalizers.push({ type: 'Begin', text });
}

function prependsSpace(component: Component): boolean {
  return component.prepend_scheme === undefined
    ? component.add_prefix_space !== false
    : component.prepend_scheme !== 'never';
}

function throwUnknownPreTokenizer(component: unknown): never {
  return throwUnsupported(
    'pre_tokenizer',
    component,
    "ByteLevel, Metaspace, or a Split by GPT-2's, LLaMA 3's or Qwen 2's expression",
  );
}

/** Reads the spelling of tokens of characters from the decoder. */
export function readSpelling({ decoder, model }: HuggingFaceFile): BpeSpelling {
  const endOfWord = model.end_of_word_suffix ?? '';
  const spelling = {
    type: 'characters' as const,
    byteFallback: model.byte_fallback,
    endOfWord,
    space: '',
    leadingSpace: false,
  };
  let fused = false;
  for (const component of flattenSequence(decoder, 'decoders')) {
    if (component.type === 'Replace') readReplacement(spelling, component);
    else if (component.type === 'Metaspace')
      Object.assign(spelling, { space: readText(component, 'replacement'), leadingSpace: prependsSpace(component) });
    else if (component.type === 'Strip') spelling.leadingSpace = readStrip(component);
    else if (component.type !== 'Fuse' && component.type !== 'ByteFallback') throwUnknownDecoder(component);
    fused ||= component.type === 'Fuse' || component.type === 'Metaspace';
  }
  return fused ? spelling : throwUnknownDecoder(decoder);
}

function readReplacement(spelling: { endOfWord: string; space: string }, component: Component): void {
  const [text, by] = [readPattern(component, 'String'), readText(component, 'content')];
  if (by === ' ') spelling.space = text;
  else if (by !== '' || text !== spelling.endOfWord) throwUnknownDecoder(component);
}

function readStrip(component: Component): boolean {
  if (component.content !== ' ' || component.stop !== 0 || (component.start !== 0 && component.start !== 1))
    throwUnknownDecoder(component);
  return component.start === 1;
}

function throwUnknownDecoder(component: unknown): never {
  return throwUnsupported(
    'decoder',
    component,
    'ByteLevel, Metaspace, or a Sequence of Replace, ByteFallback, Fuse and Strip',
  );
}
