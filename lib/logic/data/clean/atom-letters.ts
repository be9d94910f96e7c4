const LETTERS = 'pqrstuvw';

/**
 * The letter of an atom by its place: p to w, then p1 to w1, p2 and so on.
 *
 * @param place - from 0, in the order of first mention
 * @returns the letter with its digits
 */
export function nameLetter(place: number): string {
  const round = Math.floor(place / LETTERS.length);
  return LETTERS[place % LETTERS.length]! + (round === 0 ? '' : String(round));
}
