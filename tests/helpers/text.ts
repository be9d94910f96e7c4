import fc from 'fast-check';

/** The last code point before the surrogates, of which well-formed text has none alone. */
const LAST_BEFORE = 0xd7ff;
const SURROGATES = 0x800;

const toCharacter = (place: number): string => String.fromCodePoint(place > LAST_BEFORE ? place + SURROGATES : place);

const toPlace = (text: unknown): number => {
  const point = String(text).codePointAt(0)!;
  return point > LAST_BEFORE ? point - SURROGATES : point;
};

/**
 * Any character but half a pair. The unit `binary` of fast-check is the same, but puts all of them into a map before the
 * first text, which takes longer than most tests.
 */
export const anyCharacter = fc.integer({ min: 0, max: 0x10ffff - SURROGATES }).map(toCharacter, toPlace);

const ascii = fc.integer({ min: 0, max: 0x7f }).map(toCharacter, toPlace);

/** Any well-formed text: ASCII, accents, other scripts, emoji, control characters, noncharacters. */
export const anyText = fc.string({ unit: fc.oneof(ascii, anyCharacter), maxLength: 80 });
