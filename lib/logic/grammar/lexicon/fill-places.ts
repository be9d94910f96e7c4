import type { Random } from '../../../core/index.js';
import { capitalize } from '../morphology/join-words.js';
import { cities, people, rareNouns, surnames, syllables } from './names.js';

/** One of a list. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.integer(items.length)]!;
}

/** A word that no dictionary has, by the syllables of Spanish. */
export function inventWord(random: Random): string {
  const count = 2 + random.integer(2);
  let word = '';
  for (let i = 0; i < count; i++) word += inventSyllable(random, word, i === count - 1);
  return word.replace(/qu(?=[aou])/g, 'c').replace(/z(?=[ei])/g, 'c');
}

function inventSyllable(random: Random, before: string, last: boolean): string {
  const closed = /[^aeiou]$/.test(before);
  const onset = pick(random, closed ? syllables.simpleOnset : syllables.onset);
  const nucleus = pick(random, before === '' || closed ? syllables.simpleNucleus : syllables.nucleus);
  return (
    onset + nucleus + (last ? pick(random, ['', '', '', 'n', 'r', 'l']) : pick(random, syllables.coda).replace('-', ''))
  );
}

const MONTHS = `enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre`.split(' ');

const PLACES: Readonly<Record<string, (random: Random) => string>> = {
  persona: (random) => {
    const { name, determiner } = pickPerson(random);
    return determiner === undefined ? name : `${determiner} ${name}`;
  },
  ciudad: (random) => (random.float() < 0.8 ? pick(random, cities) : capitalize(inventWord(random))),
  empresa: (random) => capitalize(inventWord(random)) + pick(random, ['', 'soft', 'tel', 'ex', 'nova']),
  nombre: (random) => (random.float() < 0.6 ? pick(random, surnames) : capitalize(inventWord(random))),
  cosa: (random) => pick(random, rareNouns),
  hora: (random) =>
    pick(random, [
      'ocho',
      'nueve',
      'diez',
      'once',
      'doce',
      'dos',
      'tres',
      'cinco',
      'seis',
      'siete',
      '18:30',
      '7:45',
      '20:00',
    ]),
  fecha: (random) =>
    random.float() < 0.5 ? pick(random, MONTHS) : `el ${1 + random.integer(30)} de ${pick(random, MONTHS)}`,
  código: (random) => makeCode(random),
};

/** A name and its gender. */
export function pickPerson(random: Random): { name: string; gender: 'm' | 'f'; determiner?: 'el' | 'la' } {
  const kind = random.float();
  if (kind > 0.9) return pickTitled(random);
  if (random.float() < 0.12) {
    const name = capitalize(inventWord(random));
    return { name, gender: name.endsWith('a') ? 'f' : 'm' };
  }
  const [given, feminine] = pick(random, people).split(':');
  const name = kind > 0.8 ? `${given!} ${pick(random, surnames)}` : given!;
  return { name, gender: feminine === undefined ? 'm' : 'f' };
}

const TITLES = ['señor', 'señora', 'doctor', 'doctora', 'profesor', 'profesora', 'inspectora', 'juez'];

function pickTitled(random: Random): { name: string; gender: 'm' | 'f'; determiner: 'el' | 'la' } {
  const title = pick(random, TITLES);
  const gender = title.endsWith('a') ? 'f' : 'm';
  return { name: `${title} ${pick(random, surnames)}`, gender, determiner: gender === 'f' ? 'la' : 'el' };
}

function makeCode(random: Random): string {
  const letters = 'ABCDEFGHKMNPRSTVXZ';
  const draw = (count: number) =>
    Array.from({ length: count }, () => letters[random.integer(letters.length)]!).join('');
  const style = random.integer(3);
  if (style === 0) return `${draw(2)}-${10 + random.integer(990)}`;
  return style === 1 ? `${draw(1)}${1 + random.integer(99)}` : inventWord(random);
}

/**
 * Fills the open places of a text, such as `<persona>` and `<n20-90>`.
 *
 * @param text - in the notation of DomainText
 * @param random - the generator that chooses
 * @returns the text without open places
 */
export function fillPlaces(text: string, random: Random): string {
  if (!text.includes('<')) return text;
  const filled = text.replace(/<n(\d+)-(\d+)>/g, (_, low: string, high: string) =>
    String(drawNumber(random, +low, +high)),
  );
  return filled.replace(/<(\p{L}+)>/gu, (_, place: string) => PLACES[place]!(random)).replace(/en (?=el \d)/, '');
}

function drawNumber(random: Random, low: number, high: number): number {
  const value = low + random.integer(high - low + 1);
  return high - low > 100 ? Math.max(low, value - (value % 10)) : value;
}
