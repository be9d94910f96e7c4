import type { TokenTemplate } from '../tokenizers/tokenizer.js';
import { flattenSequence } from './components.js';
import { throwInconsistent, throwUnsupported } from './schema.js';
import type { Component, HuggingFaceFile } from './schema.js';

const KNOWN = 'ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing or a Sequence of them';

/** The special tokens that a post-processor puts around a text; undefined where it puts none. */
export function readTemplate(component: HuggingFaceFile['post_processor']): TokenTemplate | undefined {
  const adding = flattenSequence(component, 'processors')
    .map(readStep)
    .filter(({ before, after }) => before.length + after.length > 0);
  if (adding.length > 1) throwUnsupported('post_processor', component, 'one step that adds tokens');
  return adding[0];
}

function readStep(step: Component): TokenTemplate {
  switch (step.type) {
    case 'ByteLevel':
      return { before: [], after: [] };
    case 'TemplateProcessing':
      return readPieces(step);
    case 'RobertaProcessing':
    case 'BertProcessing':
      return { before: [readPairId(step, 'cls')], after: [readPairId(step, 'sep')] };
    default:
      return throwUnsupported('post_processor', step, KNOWN);
  }
}

/** The pieces of a template for one text: special tokens, and the text once among them. */
function readPieces(step: Component): TokenTemplate {
  const pieces = (Array.isArray(step.single) ? step.single : []) as Record<string, { id?: unknown } | undefined>[];
  if (pieces.length === 0) return { before: [], after: [] };
  const at = pieces.findIndex((piece) => piece.Sequence !== undefined);
  if (at < 0 || pieces.some((piece, i) => i !== at && piece.SpecialToken === undefined))
    throwUnsupported('post_processor', step, 'a template with the text once');
  const read = (part: typeof pieces) => part.flatMap(({ SpecialToken: token }) => readIds(step, token?.id));
  return { before: read(pieces.slice(0, at)), after: read(pieces.slice(at + 1)) };
}

function readIds(step: Component, name: unknown): number[] {
  const known = step.special_tokens as Record<string, { ids?: unknown } | undefined> | undefined;
  const ids = typeof name === 'string' ? known?.[name]?.ids : undefined;
  if (Array.isArray(ids) && ids.every(isId)) return ids;
  return throwInconsistent('post_processor, special_tokens', 'the ids of every token of the template', String(name));
}

function readPairId(step: Component, name: 'cls' | 'sep'): number {
  const pair = step[name];
  const id: unknown = Array.isArray(pair) ? pair[1] : undefined;
  return isId(id) ? id : throwInconsistent(`post_processor, ${name}`, 'a token and its id', JSON.stringify(pair));
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
