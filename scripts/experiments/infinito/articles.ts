/** A document of a corpus, as `palabra prepare` reads it. */
export interface CorpusDocument {
  text: string;
}

/**
 * The articles of a file of WikiText: each begins with a line ` = Title = ` between blank ones.
 * @param text - of the file
 * @returns a document an article
 */
export function splitArticles(text: string): CorpusDocument[] {
  const starts = [...text.matchAll(/^ = [^=\n].*[^=\n] = $/gm)].map(({ index }) => index);
  return starts.map((start, i) => ({ text: text.slice(start, starts[i + 1]) }));
}

/**
 * Passages of a play: so many speeches each, which blank lines separate.
 * @param text - of the plays
 * @param speeches - of a passage
 * @returns a document a passage
 */
export function splitPassages(text: string, speeches = 60): CorpusDocument[] {
  const all = text.split('\n\n');
  const count = Math.ceil(all.length / speeches);
  return Array.from({ length: count }, (_, i) => ({
    text: `${all.slice(i * speeches, (i + 1) * speeches).join('\n\n')}\n\n`,
  }));
}
