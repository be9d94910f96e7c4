/** Words that say nothing about what a Spanish clause is about. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a al ante con de del desde e el ella ellas ellos en entre es esta este esto ha han hay la las le les lo los me mi ' +
    'nos o para por que se si son su sus te tu un una uno unas unos u y ya'
  ).split(' '),
);

/** Words that turn a clause into its opposite. */
const NEGATIONS: ReadonlySet<string> = new Set([
  'no',
  'nunca',
  'jamas',
  'tampoco',
  'ni',
  'sin',
  'ningun',
  'ninguna',
  'nadie',
  'nada',
]);

/** Endings of number, gender and verbs that a light stem goes without, the longest first. */
const ENDINGS =
  /(?:aciones|acion|amientos|imientos|amiento|imiento|aremos|eremos|iremos|abamos|iendo|ando|aron|ieron|aran|eran|iran|aban|amos|emos|imos|ados|adas|idos|idas|ado|ada|ido|ida|aba|ara|era|ira|are|ere|ire|ian|ia|an|en|as|es|os|ar|er|ir|a|e|o|s)$/;

/** What a gloss says. */
export interface GlossWords {
  /** Stems of the words that count, in order. */
  stems: readonly string[];
  /** True if it negates. */
  negative: boolean;
}

/**
 * The words of a gloss without case, accents, words that say nothing, negations and endings.
 *
 * @param gloss - a Spanish clause
 * @returns its stems; of a clause of nothing but such words all of them; and whether it negates
 */
export function readGloss(gloss: string): GlossWords {
  const words = gloss
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  const all = words ?? [];
  const negations = all.filter((word) => NEGATIONS.has(word)).length;
  const positive = all.filter((word) => !NEGATIONS.has(word));
  const counted = positive.filter((word) => !STOP_WORDS.has(word));
  return { stems: (counted.length > 0 ? counted : positive).map(stem), negative: negations > 0 };
}

/** A word without its ending; short ones stay. */
function stem(word: string): string {
  const shorter = word.replace(ENDINGS, '');
  return shorter.length >= 3 ? shorter : word;
}

/**
 * The F1 of the words that two glosses share, each as often as it stands in both.
 *
 * @param a - words of a gloss
 * @param b - words of another
 * @returns 0 to 1; 1 for two empty ones
 */
export function computeTokenF1(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 1;
  const left = [...b];
  let shared = 0;
  for (const word of a) {
    const place = left.indexOf(word);
    if (place === -1) continue;
    left.splice(place, 1);
    shared++;
  }
  return (2 * shared) / (a.length + b.length);
}
