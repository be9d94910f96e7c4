import { chooseAnd, chooseOr, contract } from '../../grammar/morphology/join-words.js';
import { SPAN_END, SPAN_START } from './read-template.js';

/** Marks that may stand before the first letter of a sentence. */
const BEFORE = `[${SPAN_START}${SPAN_END}¿¡«]`;
/** Where sentences start: at the front, behind the end of another, and in quotation marks behind a colon. */
const STARTS = new RegExp(`(^—?|[.?!]${BEFORE}*\\s+|:\\s+(?=${BEFORE}*«))(${BEFORE}*)(\\p{L})`, 'gu');

/** A text with the place of the words that were marked in it. */
export interface FormattedText {
  text: string;
  span: readonly [number, number] | null;
}

/**
 * Makes Spanish of words that were put together: spaces, contractions, «e» and «u», and capitals.
 *
 * @param draft - words, with marks around what commits the fallacy
 * @returns the text without marks
 */
export function formatText(draft: string): FormattedText {
  const spaced = draft
    .replace(/\s+/g, ' ')
    .replace(new RegExp(`(${SPAN_START}) `, 'g'), '$1')
    .replace(/ (?=[,.;:?!])/g, '')
    .replace(/([¿¡«(]) /g, '$1')
    .trim();
  const joined = contract(spaced)
    .replace(/(?<=\s)y (?=(\p{L}+))/gu, (_, next: string) => `${chooseAnd(next)} `)
    .replace(/(?<=\s)o (?=(\p{L}+))/gu, (_, next: string) => `${chooseOr(next)} `);
  const capital = joined.replace(
    STARTS,
    (_, before: string, marks: string, letter: string) => before + marks + letter.toUpperCase(),
  );
  return cutMarks(capital);
}

function cutMarks(marked: string): FormattedText {
  const start = marked.indexOf(SPAN_START);
  if (start < 0) return { text: marked, span: null };
  const end = marked.indexOf(SPAN_END) - SPAN_START.length;
  return { text: marked.replace(SPAN_START, '').replace(SPAN_END, ''), span: [start, end] };
}
