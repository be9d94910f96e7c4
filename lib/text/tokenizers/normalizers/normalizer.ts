import { knownMarks, newerCharacter } from './newer-characters.js';

/** A normalizer: changes a text before it is cut into pretokens. */
export type Normalizer =
  | { readonly type: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | 'Lowercase' | 'StripAccents' }
  /** Leaves out white space at the ends of a text. */
  | { readonly type: 'Strip'; readonly strip_left: boolean; readonly strip_right: boolean }
  | { readonly type: 'Prepend'; readonly text: string }
  /** Prepends only where the text does not begin so; `once` leaves it out behind a token that was found in text. */
  | { readonly type: 'Begin'; readonly text: string; readonly once?: boolean }
  | { readonly type: 'Replace'; readonly text: string; readonly by: string };

/** A text after all steps, in order. */
export function normalize(text: string, normalizers: readonly Normalizer[]): string {
  return normalizers.reduce(applyNormalizer, text);
}

function applyNormalizer(text: string, normalizer: Normalizer): string {
  switch (normalizer.type) {
    case 'Lowercase':
      return lowerCase(text);
    case 'Prepend':
      return text === '' ? text : normalizer.text + text;
    case 'Begin':
      return text === '' || text.startsWith(normalizer.text) ? text : normalizer.text + text;
    case 'Replace':
      return text.replaceAll(normalizer.text, () => normalizer.by);
    case 'StripAccents':
      return text.replace(knownMarks, '');
    case 'Strip':
      return strip(text, normalizer.strip_left, normalizer.strip_right);
    default:
      return normalizeForm(text, normalizer.type);
  }
}

/** Each character by itself: a sigma at the end of a word is a sigma like others. */
function lowerCase(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

/** A form of Unicode by the tables that Hugging Face's library has, which are older than Node's. */
function normalizeForm(text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string {
  const normal = text.normalize(form);
  if (normal === text || !newerCharacter.test(text)) return normal;
  // Every other part is one of the characters that split the text.
  return text
    .split(newerCharacter)
    .map((part, index) => (index % 2 === 0 ? part.normalize(form) : part))
    .join('');
}

const SPACE = /\p{White_Space}/u;

function strip(text: string, left: boolean, right: boolean): string {
  let [start, end] = [0, text.length];
  while (left && start < end && SPACE.test(text[start]!)) start++;
  while (right && end > start && SPACE.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}
