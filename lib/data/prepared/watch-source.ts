import type { Turns } from '../../core/index.js';
import { getPartText, isOpenPart, iterateDocuments, iterateParts } from '../../text/index.js';
import type { PartedSource, TextPart, TextSource } from '../../text/index.js';

/** A part of a text that was passed on. */
export interface SeenPart {
  /** Of UTF-8. */
  bytes: number;
  /** True where its document ends. */
  ends: boolean;
}

/**
 * A source that leaves the thread to others now and then, and stops where it is to.
 *
 * @param source - what is watched
 * @param turns - the slices of the work
 * @param see - called behind each part, once it was taken
 */
export function watchSource(source: TextSource, turns: Turns, see: (part: SeenPart) => void): PartedSource {
  return {
    parts: () => watchParts(source, turns, see),
    async *[Symbol.asyncIterator]() {
      for await (const text of iterateDocuments(source)) {
        turns.check();
        yield text;
        see({ bytes: Buffer.byteLength(text), ends: true });
        if (turns.over) await turns.next();
      }
    },
  };
}

async function* watchParts(
  source: TextSource,
  turns: Turns,
  see: (part: SeenPart) => void,
): AsyncGenerator<readonly TextPart[]> {
  for await (const parts of iterateParts(source)) {
    turns.check();
    yield parts;
    for (const part of parts) {
      see({ bytes: Buffer.byteLength(getPartText(part)), ends: !isOpenPart(part) });
      if (turns.over) await turns.next();
    }
  }
  turns.check();
}
