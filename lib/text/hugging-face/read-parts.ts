import type { PretokenPattern } from '../../native/text.js';
import type { Normalizer } from '../tokenizers/normalizers/normalizer.js';
import type { PieceStep } from '../tokenizers/bpe/pieces.js';
import { flattenSequence, prependsSpace, readPattern, readText } from './components.js';
import type { Optional } from './components.js';
import { findPattern } from './patterns.js';
import { KNOWN_PRE_TOKENIZERS, readPieceSteps } from './read-pieces.js';
import { throwUnsupported } from './schema.js';
import type { Component } from './schema.js';

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
  const begin: Normalizer[] = prependsSpace(component)
    ? [{ type: 'Begin', text, once: component.prepend_scheme === 'first' }]
    : [];
  const normalizers: Normalizer[] = [{ type: 'Replace', text: ' ', by: text }, ...begin];
  return { ...result, pattern: split ? 'metaspace' : 'none', normalizers };
}

function throwUnknownPreTokenizer(component: unknown): never {
  return throwUnsupported('pre_tokenizer', component, KNOWN_PRE_TOKENIZERS);
}
