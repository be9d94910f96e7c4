import { raise, show } from '../../../core/index.js';

/** A part of a template. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'slot'; name: string; form: string }
  | { kind: 'choice'; options: readonly (readonly TemplatePart[])[] };

/** Marks around the words that commit the fallacy: of Unicode's private use area, so that no text has them. */
export const [SPAN_START, SPAN_END] = ['\uE000', '\uE001'] as const;

const TOKEN = /\{(\p{L}+)(?::(\p{L}+))?\}|[()|[\]]|[^{}()|[\]]+/uy;

/**
 * Reads a template: `{name:form}` is filled in, of `(one|two)` one is chosen, and `[ ]` stand around what commits the fallacy.
 *
 * @param template - its text
 * @returns its parts in their order
 * @throws ArgumentError for brackets that don't fit
 */
export function readTemplate(template: string): TemplatePart[] {
  const open: TemplatePart[][][] = [[[]]];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < template.length) {
    const at = TOKEN.lastIndex;
    const [token, name, form = ''] = TOKEN.exec(template) ?? refuseTemplate(template, at);
    const parts = open.at(-1)!.at(-1)!;
    if (name !== undefined) parts.push({ kind: 'slot', name, form });
    else if (token === '(') open.push([[]]);
    else if (token === '|') open.at(-1)!.push([]);
    else if (token === ')') closeChoice(open, template, at);
    else parts.push({ kind: 'text', text: token.replace('[', SPAN_START).replace(']', SPAN_END) });
  }
  return open.length === 1 && open[0]!.length === 1 ? open[0]![0]! : refuseTemplate(template, template.length);
}

function closeChoice(open: TemplatePart[][][], template: string, at: number): void {
  if (open.length < 2) refuseTemplate(template, at);
  const options = open.pop()!;
  open.at(-1)!.at(-1)!.push({ kind: 'choice', options });
}

function refuseTemplate(template: string, at: number): never {
  return raise('PAL_ARGUMENT', {
    where: 'readTemplate',
    expected: 'slots {name:form}, choices (one|two) and one pair of [ ]',
    received: `${show(template.slice(at, at + 20))} in ${show(template)}`,
  });
}
