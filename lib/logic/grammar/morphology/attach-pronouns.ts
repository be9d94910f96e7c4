import { accentuate, findStress } from './syllables.js';

/**
 * A form of a verb with pronouns behind it, and the accent that this asks for: quédate, dígame, ponerse.
 *
 * @param form - an imperative, an infinitive or a gerund
 * @param pronouns - in their order
 * @returns one word
 */
export function attachPronouns(form: string, pronouns: readonly string[]): string {
  if (pronouns.length === 0) return form;
  const base = form.endsWith('mos') && pronouns[0] === 'nos' ? form.slice(0, -1) : form;
  return accentuate(base + pronouns.join(''), findStress(form));
}
