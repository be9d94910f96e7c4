/** One step that changes a text before it is cut into pieces. */
export type Normalizer =
  | { readonly type: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | 'Lowercase' }
  | { readonly type: 'Prepend'; readonly text: string }
  /** Prepends only where the text does not begin so. */
  | { readonly type: 'Begin'; readonly text: string }
  | { readonly type: 'Replace'; readonly text: string; readonly by: string };

/** A text after all steps, in order. */
export function normalize(text: string, steps: readonly Normalizer[]): string {
  return steps.reduce(apply, text);
}

function apply(text: string, step: Normalizer): string {
  switch (step.type) {
    case 'Lowercase':
      return lowercase(text);
    case 'Prepend':
      return text === '' ? text : step.text + text;
    case 'Begin':
      return text === '' || text.startsWith(step.text) ? text : step.text + text;
    case 'Replace':
      return text.replaceAll(step.text, () => step.by);
    default:
      return text.normalize(step.type);
  }
}

/** Each character by itself: a sigma at the end of a word is a sigma like others. */
function lowercase(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}
