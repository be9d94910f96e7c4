/** A step that cuts pieces into smaller ones. */
export type PieceStep =
  /** Keeps what matches, and what lies between only where it says so; each match is a piece. */
  | { readonly type: 'split'; readonly expression: RegExp; readonly keep: 'matches' | 'between' | 'both' }
  /** Puts a space before a piece that starts with none. */
  | { readonly type: 'prefixSpace' };

/** The pieces of a text after all steps, in order; none is empty. */
export function cutPieces(text: string, steps: readonly PieceStep[]): string[] {
  const start = text === '' ? [] : [text];
  return steps.reduce<string[]>((pieces, step) => pieces.flatMap((piece) => applyStep(piece, step)), start);
}

function applyStep(piece: string, step: PieceStep): string[] {
  if (step.type === 'prefixSpace') return [piece.startsWith(' ') ? piece : ` ${piece}`];
  const pieces: string[] = [];
  let end = 0;
  for (const { index, 0: match } of piece.matchAll(step.expression)) {
    if (step.keep !== 'matches' && index > end) pieces.push(piece.slice(end, index));
    // A match of no characters cuts, too.
    if (step.keep !== 'between' && match !== '') pieces.push(match);
    end = index + match.length;
  }
  if (step.keep !== 'matches' && end < piece.length) pieces.push(piece.slice(end));
  return pieces;
}
