/** A normalizer: changes a text before it is cut into pretokens. */
export type Normalizer =
  | { readonly type: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | 'Lowercase' }
  | { readonly type: 'Prepend'; readonly text: string }
  /** Prepends only where the text does not begin so. */
  | { readonly type: 'Begin'; readonly text: string }
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
    default:
      return text.normalize(normalizer.type);
  }
}

/** Each character by itself: a sigma at the end of a word is a sigma like others. */
function lowerCase(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}
