/** The vowel of an infinitive's ending. */
export type Conjugation = 'a' | 'e' | 'i';

/**
 * The stem as it is written before an ending: buscar keeps its sound as busqu- before e, coger as coj- before a.
 *
 * @param stem - of the infinitive, changed vowels in it
 * @param ending - what follows
 * @param conjugation - of the verb
 * @returns the stem
 */
export function spellStem(stem: string, ending: string, conjugation: Conjugation): string {
  const soft = /^[eéií]/.test(ending);
  if (conjugation === 'a') return soft ? hardenStem(stem) : stem;
  return soft || ending === '' ? stem : softenStem(stem);
}

/** Before e: busc- → busqu-, lleg- → llegu-, empez- → empec-, averigu- → averigü-. */
function hardenStem(stem: string): string {
  if (stem.endsWith('gu')) return `${stem.slice(0, -1)}ü`;
  if (stem.endsWith('c')) return `${stem.slice(0, -1)}qu`;
  if (stem.endsWith('g')) return `${stem}u`;
  return stem.endsWith('z') ? `${stem.slice(0, -1)}c` : stem;
}

/** Before a and o: conoc- → conozc-, venc- → venz-, cog- → coj-, distingu- → disting-. */
function softenStem(stem: string): string {
  if (/(?:^(?:re)?(?:coc|cuec)|^mec|tuerc|torc)$/.test(stem)) return `${stem.slice(0, -1)}z`;
  if (/[aeiou]c$/.test(stem)) return `${stem.slice(0, -1)}zc`;
  if (stem.endsWith('c')) return `${stem.slice(0, -1)}z`;
  if (stem.endsWith('gu')) return stem.slice(0, -1);
  if (stem.endsWith('qu')) return `${stem.slice(0, -2)}c`;
  return stem.endsWith('g') ? `${stem.slice(0, -1)}j` : stem;
}

/**
 * Joins a stem and an ending whose first sound is i: leyó, construyó, gruñó, oído.
 *
 * @param stem - all before
 * @param ending - the ending
 * @returns the form
 */
export function joinEnding(stem: string, ending: string): string {
  if (/^i[oóe]/.test(ending)) {
    if (/[aeo]$/.test(stem) || /[^gq]u$/.test(stem)) return `${stem}y${ending.slice(1)}`;
    if (/(?:ñ|ll)$/.test(stem)) return stem + ending.slice(1);
  }
  if (/[aeo]$/.test(stem) && /^i(?:ste|mos|do)/.test(ending)) return `${stem}í${ending.slice(1)}`;
  return stem + ending;
}
