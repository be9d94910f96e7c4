/** Words before a full stop that does not end a sentence, in lower case. */
const ABBREVIATIONS = new Set(
  [
    'mr mrs ms dr prof rev hon gen col lt sgt capt st jr sr vs etc cf ed eds vol no nos fig figs p pp ch sec art',
    'e.g i.e a.m p.m u.s u.k approx dept est inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec',
    'sra sres srta dra prov ud uds vd vds núm pág págs cap av avda gral lic ing ej bzw usw ca bd nr abs',
  ].flatMap((line) => line.split(' ')),
);

/** The number of quotes and brackets that may stand together is limited, so that no text takes more than its length in time. */
const ENDING =
  /(?<![.!?…])[.!?…]+["'”’)\]»]{0,4}(?:\s+["'”’)\]»](?=\s)){0,2}(\s+)(?=(?:["'“‘«¿¡([]\s?){0,4}[\p{Lu}\p{Lt}\p{Lo}\p{N}])|[。！？]["'”’）」』]{0,4}()(?=[^\s。！？"'”’）」』])/gu;

const WORD_BEFORE = /[\p{L}\p{M}\p{N}.]+$/u;

/**
 * Finds the gap before each sentence after the first. A sentence ends at a stop, question
 * or exclamation mark before a capital or a digit, unless the word before a full stop is an initial or a common
 * abbreviation; a line break always ends one.
 */
export function* findSentenceGaps(line: string): Generator<{ start: number; end: number }> {
  for (const match of line.matchAll(ENDING)) {
    if (match[0].startsWith('.') && !match[0].startsWith('..') && isAbbreviation(line, match.index)) continue;
    const end = match.index + match[0].length;
    yield { start: end - (match[1]?.length ?? 0), end };
  }
}

/**
 * The sentences of a text, without the white space around them and without empty ones.
 *
 * @example splitSentences('Dr. Who? Yes.\nNo') // ['Dr. Who?', 'Yes.', 'No']
 */
export function splitSentences(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const sentences: string[] = [];
    let from = 0;
    for (const { start, end } of findSentenceGaps(line)) {
      sentences.push(line.slice(from, start));
      from = end;
    }
    return [...sentences, line.slice(from)].map((sentence) => sentence.trim()).filter((piece) => piece !== '');
  });
}

/** Puts a line break in place of the gap between two sentences. */
export function breakSentences(text: string): string {
  const lines = text.split('\n').map((line) => {
    let result = '';
    let from = 0;
    for (const { start, end } of findSentenceGaps(line)) {
      result += `${line.slice(from, start)}\n`;
      from = end;
    }
    return result + line.slice(from);
  });
  return lines.join('\n');
}

/** True where the word that ends at an index is an initial or a known abbreviation. */
function isAbbreviation(line: string, index: number): boolean {
  const word = WORD_BEFORE.exec(line.slice(Math.max(0, index - 12), index))?.[0] ?? '';
  return /^\p{Lu}$/u.test(word) || ABBREVIATIONS.has(word.toLowerCase());
}
