import type { PretokenPattern } from '../../native/text.js';
import type { BpeSpelling } from '../bpe-vocabulary.js';
import type { Normalizer } from '../normalizer.js';
import { patternOf } from './patterns.js';
import { inconsistent, unsupported } from './schema.js';
import type { Component, HuggingFaceFile } from './schema.js';

type Optional = Component | null | undefined;

/** The components of a Sequence, those inside it too; of any other component itself. */
export function flattened(part: Optional, list: string): Component[] {
  if (part == null) return [];
  if (part.type !== 'Sequence') return [part];
  const parts = part[list];
  if (!Array.isArray(parts)) inconsistent(list, 'a list of components', typeof parts);
  return parts.flatMap((inner: unknown) => flattened(asComponent(inner, list), list));
}

function asComponent(value: unknown, list: string): Component {
  const fits = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
  return fits ? (value as Component) : inconsistent(list, 'components with a type', typeof value);
}

/** The text of a pattern field, `{ String }` or `{ Regex }`. */
function patternText(part: Component, kind: 'String' | 'Regex'): string {
  const pattern = part.pattern;
  const text = typeof pattern === 'object' && pattern !== null ? (pattern as Record<string, unknown>)[kind] : undefined;
  return typeof text === 'string' && text !== '' ? text : unsupported(`${part.type}, pattern`, pattern, `a ${kind}`);
}

function textField(part: Component, name: string): string {
  const value = part[name];
  return typeof value === 'string' ? value : inconsistent(`${part.type}, ${name}`, 'text', typeof value);
}

/** The steps of a normalizer. */
export function readNormalizers(part: Optional): Normalizer[] {
  return flattened(part, 'normalizers').map((step): Normalizer => {
    switch (step.type) {
      case 'NFC':
      case 'NFD':
      case 'NFKC':
      case 'NFKD':
      case 'Lowercase':
        return { type: step.type };
      case 'Prepend':
        return { type: 'Prepend', text: textField(step, 'prepend') };
      case 'Replace':
        return { type: 'Replace', text: patternText(step, 'String'), by: textField(step, 'content') };
      default:
        return unsupported(
          'normalizer',
          step,
          'NFC, NFD, NFKC, NFKD, Lowercase, Prepend, Replace or a Sequence of them',
        );
    }
  });
}

/** How a file cuts text into pieces. */
export interface Pieces {
  pattern: PretokenPattern;
  /** Pieces are written as bytes. */
  inBytes: boolean;
  prefixSpace: boolean;
  /** Steps that act like normalizers. */
  steps: Normalizer[];
}

/** The pieces of a pre-tokenizer for byte-pair encoding. */
export function readPieces(part: Optional): Pieces {
  const pieces: Pieces = { pattern: 'none', inBytes: false, prefixSpace: false, steps: [] };
  const parts = flattened(part, 'pretokenizers');
  const digits = parts[0]?.type === 'Digits' && parts[0].individual_digits === true && parts.length === 2;
  (digits ? parts.slice(1) : parts).forEach((step, index) => {
    if (pieces.inBytes || ((index > 0 || digits) && step.type !== 'ByteLevel')) unknownPieces(part);
    readStep(pieces, step, index > 0);
  });
  if (!digits) return pieces;
  return pieces.pattern === 'gpt-2' && !pieces.prefixSpace
    ? { ...pieces, pattern: 'gpt-2-digits' }
    : unknownPieces(part);
}

function readStep(pieces: Pieces, step: Component, cut: boolean): void {
  if (step.type === 'ByteLevel') readByteLevel(pieces, step, cut);
  else if (step.type === 'Split') pieces.pattern = readSplit(step);
  else if (step.type === 'Metaspace') readMetaspace(pieces, step);
  else unknownPieces(step);
}

function readByteLevel(pieces: Pieces, step: Component, cut: boolean): void {
  const expression = step.use_regex !== false;
  const prefix = step.add_prefix_space !== false;
  if (cut && (expression || prefix)) unknownPieces(step);
  pieces.inBytes = true;
  pieces.prefixSpace = prefix;
  if (expression) pieces.pattern = 'gpt-2';
}

function readSplit(step: Component): PretokenPattern {
  if (step.behavior !== 'Isolated' || step.invert === true) unknownPieces(step);
  return patternOf(patternText(step, 'Regex')) ?? unknownPieces(step);
}

function readMetaspace(pieces: Pieces, step: Component): void {
  const text = textField(step, 'replacement');
  const split = step.split !== false;
  if (split && text !== '▁') unknownPieces(step);
  pieces.pattern = split ? 'metaspace' : 'none';
  pieces.steps = [{ type: 'Replace', text: ' ', by: text }];
  if (prepends(step)) pieces.steps.push({ type: 'Begin', text });
}

function prepends(step: Component): boolean {
  return step.prepend_scheme === undefined ? step.add_prefix_space !== false : step.prepend_scheme !== 'never';
}

function unknownPieces(part: unknown): never {
  return unsupported(
    'pre_tokenizer',
    part,
    "ByteLevel, Metaspace, or a Split by GPT-2's, LLaMA 3's or Qwen 2's expression",
  );
}

/** How tokens of characters are spelled, from the decoder. */
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
  for (const step of flattened(decoder, 'decoders')) {
    if (step.type === 'Replace') readReplacement(spelling, step);
    else if (step.type === 'Metaspace')
      Object.assign(spelling, { space: textField(step, 'replacement'), leadingSpace: prepends(step) });
    else if (step.type === 'Strip') spelling.leadingSpace = readStrip(step);
    else if (step.type !== 'Fuse' && step.type !== 'ByteFallback') unknownDecoder(step);
    fused ||= step.type === 'Fuse' || step.type === 'Metaspace';
  }
  return fused ? spelling : unknownDecoder(decoder);
}

function readReplacement(spelling: { endOfWord: string; space: string }, step: Component): void {
  const [text, by] = [patternText(step, 'String'), textField(step, 'content')];
  if (by === ' ') spelling.space = text;
  else if (by !== '' || text !== spelling.endOfWord) unknownDecoder(step);
}

function readStrip(step: Component): boolean {
  if (step.content !== ' ' || step.stop !== 0 || (step.start !== 0 && step.start !== 1)) unknownDecoder(step);
  return step.start === 1;
}

function unknownDecoder(part: unknown): never {
  return unsupported('decoder', part, 'ByteLevel, Metaspace, or a Sequence of Replace, ByteFallback, Fuse and Strip');
}
