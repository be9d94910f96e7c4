import fc from 'fast-check';

/** Any well-formed text: ASCII, accents, other scripts, emoji, control characters, noncharacters. */
export const anyText = fc.string({ unit: 'binary', maxLength: 80 });
