/**
 * The choice nearest to a mistyped name, or undefined when none is near.
 *
 * @example suggest('widht', ['width', 'heads']) // 'width'
 */
export function suggest(name: string, choices: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const choice of choices) {
    const distance = computeEditDistance(name.toLowerCase(), choice.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [choice, distance];
  }
  return best ?? findAbbreviated(name.toLowerCase(), choices);
}

/** The only choice that begins with a name of three letters or more, or whose words have its letters as initials. */
function findAbbreviated(name: string, choices: readonly string[]): string | undefined {
  const found = choices.filter((choice) => {
    const initials = choice.charAt(0) + choice.slice(1).replace(/[^A-Z]/g, '');
    return (name.length >= 3 && choice.toLowerCase().startsWith(name)) || initials.toLowerCase() === name;
  });
  return found.length === 1 ? found[0] : undefined;
}

/** A sentence `Did you mean "…"?`, or the choices when none is near and they are few. */
export function formatSuggestion(name: string, choices: readonly string[]): string {
  const near = suggest(name, choices);
  if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
  return choices.length > 0 && choices.length <= 24 ? `Known: ${choices.join(', ')}.` : '';
}

/** What a refused key probably meant, and every key that is known. */
export function formatUnknownKey(key: string, known: readonly string[]): string {
  const near = suggest(key, known);
  const meant = near === undefined ? '' : `Did you mean ${JSON.stringify(near)}? `;
  return `${meant}${known.length === 0 ? 'No key is known here' : `Known: ${known.join(', ')}`}.`;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`;
 * any number ≥ `limit` once the distance is known not to be smaller.
 */
function computeEditDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = computeRow(a, b, i, previous, beforePrevious);
    if (Math.min(...current) >= limit) return limit;
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? limit;
}

function computeRow(a: string, b: string, i: number, previous: number[], beforePrevious: number[]): number[] {
  const row = [i];
  for (let j = 1; j <= b.length; j++) {
    const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
    let best = Math.min(substituted, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
    const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    if (swapped) best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
    row.push(best);
  }
  return row;
}
