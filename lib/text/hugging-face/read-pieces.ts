import type { PieceStep } from '../tokenizers/bpe/pieces.js';
import { regularExpressions, translateExpression } from './patterns.js';
import { throwUnsupported } from './schema.js';
import type { Component } from './schema.js';

/** Letters, marks, digits and joiners: the words of `\w`. */
const WORD = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
const PUNCTUATION = /[\p{P}$+<=>^`|~]/gu;

/** The words for what is read, in errors. */
export const KNOWN_PRE_TOKENIZERS =
  'ByteLevel, Metaspace, Whitespace, WhitespaceSplit, Punctuation, Digits, BertPreTokenizer, CharDelimiterSplit, Split, or a Sequence of them with Metaspace alone and ByteLevel last';

/** The steps of a pre-tokenizer that cuts text; its bytes are written afterwards. */
export function readPieceSteps(component: Component): PieceStep[] {
  switch (component.type) {
    case 'Whitespace':
      return [keepMatches(new RegExp(String.raw`[${WORD}]+|[^${WORD}\p{White_Space}]+`, 'gu'))];
    case 'WhitespaceSplit':
      return [keepMatches(/\P{White_Space}+/gu)];
    case 'BertPreTokenizer':
      return [keepMatches(/\P{White_Space}+/gu), split(PUNCTUATION, 'both')];
    case 'Punctuation':
      return [readBehavior(component, PUNCTUATION)];
    case 'Digits':
      return [split(component.individual_digits === true ? /\p{N}/gu : /\p{N}+/gu, 'both')];
    case 'CharDelimiterSplit':
      return [split(readDelimiter(component), 'between')];
    case 'Split':
      return [readBehavior(component, readExpression(component))];
    case 'ByteLevel':
      return readByteLevel(component);
    default:
      return throwUnsupported('pre_tokenizer', component, KNOWN_PRE_TOKENIZERS);
  }
}

function keepMatches(expression: RegExp): PieceStep {
  return split(expression, 'matches');
}

function split(expression: RegExp, keep: 'matches' | 'between' | 'both'): PieceStep {
  return { type: 'split', expression, keep };
}

function readByteLevel({ use_regex: cuts, add_prefix_space: prefix }: Component): PieceStep[] {
  return [
    ...(prefix === false ? [] : [{ type: 'prefixSpace' } as const]),
    ...(cuts === false ? [] : [split(translateExpression(regularExpressions['gpt-2'])!, 'both')]),
  ];
}

/** A step by what the component does with matches; what joins them to a neighbour is refused. */
function readBehavior(component: Component, expression: RegExp): PieceStep {
  const { behavior = 'Isolated', invert } = component;
  if (behavior === 'Isolated') return split(expression, 'both');
  if (behavior === 'Removed') return split(expression, invert === true ? 'matches' : 'between');
  if (behavior === 'Contiguous' && invert !== true) return split(new RegExp(`(?:${expression.source})+`, 'gu'), 'both');
  return throwUnsupported('pre_tokenizer', component, 'behavior: Isolated, Removed or Contiguous');
}

function readDelimiter(component: Component): RegExp {
  const { delimiter } = component;
  if (typeof delimiter === 'string' && delimiter !== '') return new RegExp(escapeText(delimiter), 'gu');
  return throwUnsupported('pre_tokenizer', component, 'a CharDelimiterSplit with a delimiter');
}

function readExpression(component: Component): RegExp {
  const { String: text, Regex: expression } = (component.pattern ?? {}) as Record<string, unknown>;
  if (typeof text === 'string' && text !== '') return new RegExp(escapeText(text), 'gu');
  const found = typeof expression === 'string' ? translateExpression(expression) : undefined;
  return found ?? throwUnsupported('pre_tokenizer', component, 'a Split by an expression that means the same here');
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
