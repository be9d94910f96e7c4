import type { PretokenPattern } from '../../native/text.js';
import type { BpeSpelling } from '../tokenizers/bpe/bpe-vocabulary.js';
import type { Normalizer } from '../tokenizers/normalizers/normalizer.js';
import type { PieceStep } from '../tokenizers/bpe/pieces.js';
import { findPattern } from './patterns.js';
import { KNOWN_PRE_TOKENIZERS, readPieceSteps } from './read-pieces.js';
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
  /** Steps that cut text before the pattern does; none where the pattern says all. */
  pieces: readonly PieceStep[];
}

/** Reads a pre-tokenizer for byte-pair encoding: by a native pattern where one says all of it, else by steps here. */
export function readPreTokenizer(component: Optional): PreTokenizer {
  const components = flattenSequence(component, 'pretokenizers');
  const result: PreTokenizer = { pattern: 'none', inBytes: false, prefixSpace: false, normalizers: [], pieces: [] };
  const last = components.at(-1);
  if (components.length === 1 && last?.type === 'Metaspace') return readMetaspace(result, last);
  if (components.slice(0, -1).some(({ type }) => type === 'ByteLevel')) throwUnknownPreTokenizer(component);
  result.inBytes = last?.type === 'ByteLevel';
  return readNative(result, components) ?? { ...result, pieces: components.flatMap(readPieceSteps) };
}

/** What the native patterns cut: GPT-2's ByteLevel, alone or behind single digits, and the Splits of known models. */
function readNative(result: PreTokenizer, components: readonly Component[]): PreTokenizer | undefined {
  const [first, second] = components;
  if (components.length > 2 || first === undefined) return components.length === 0 ? result : undefined;
  const level = second ?? first;
  const prefixSpace = result.inBytes && level.add_prefix_space !== false;
  const cuts = result.inBytes && level.use_regex !== false;
  if (second === undefined && result.inBytes) return { ...result, prefixSpace, pattern: cuts ? 'gpt-2' : 'none' };
  if (second !== undefined && (!result.inBytes || prefixSpace)) return undefined;
  if (first.type === 'Digits' && first.individual_digits === true && cuts)
    return { ...result, pattern: 'gpt-2-digits' };
  const isolated = first.type === 'Split' && first.behavior === 'Isolated' && first.invert !== true && !cuts;
  const expression = isolated ? (first.pattern as { Regex?: string } | undefined)?.Regex : undefined;
  const pattern = expression === undefined ? undefined : findPattern(expression);
  return pattern && { ...result, pattern };
}

function readMetaspace(result: PreTokenizer, component: Component): PreTokenizer {
  const text = readText(component, 'replacement');
  const split = component.split !== false;
  if (split && text !== '▁') throwUnknownPreTokenizer(component);
  const begin: Normalizer[] = prependsSpace(component) ? [{ type: 'Begin', text }] : [];
  const normalizers: Normalizer[] = [{ type: 'Replace', text: ' ', by: text }, ...begin];
  return { ...result, pattern: split ? 'metaspace' : 'none', normalizers };
}

function prependsSpace(component: Component): boolean {
  return component.prepend_scheme === undefined
    ? component.add_prefix_space !== false
    : component.prepend_scheme !== 'never';
}

function throwUnknownPreTokenizer(component: unknown): never {
  return throwUnsupported('pre_tokenizer', component, KNOWN_PRE_TOKENIZERS);
}

/** Reads the spelling of tokens of characters from the decoder. */
export function readSpelling({ decoder, model }: HuggingFaceFile): BpeSpelling {
  const endOfWord = model.end_of_word_suffix ?? '';
  // Without a decoder their library puts a space between tokens.
  if (decoder == null && !model.byte_fallback)
    return { type: 'characters', byteFallback: false, endOfWord: '', space: '', leadingSpace: true, spaced: true };
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
