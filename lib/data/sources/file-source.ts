import { resolve } from 'node:path';
import { checkOptions, raise, show } from '../../core/index.js';
import { getPartText, isOpenPart } from '../../text/index.js';
import type { PartedSource, TextPart } from '../../text/index.js';
import { expandGlob, hasWildcard } from './glob.js';
import { Reading } from './reading.js';
import type { SourceReport } from './reading.js';
import { fileSourceKeys, resolveReadingRules } from './source-options.js';
import type { FileSourceOptions } from './source-options.js';

/** The ways of a text that does not fit into one string. */
const IN_PARTS = [
  'What to do:',
  '  - take its lines as documents (textLines, --source lines),',
  '  - or read it by parts(), as analyzeCorpus, the training of tokenizers and prepare do: the last unless its tokenizer',
  '    needs documents whole, as byte-pair encodings that merge across spaces do,',
  '  - or pass a larger limits.documentBytes, up to 511 MiB.',
].join('\n');

/** Reads the documents of one file, some at a time; long ones in parts. */
export type DocumentReader = (path: string, reading: Reading) => AsyncIterable<readonly TextPart[]>;

/** Documents from files, in the order of their paths; the files are read anew at each iteration. */
export class FileSource implements PartedSource {
  /** The absolute paths. */
  readonly paths: readonly string[];
  readonly #read: DocumentReader;
  readonly #begin: () => Reading;
  #reading: Reading;

  constructor(
    where: string,
    paths: readonly string[],
    options: FileSourceOptions,
    read: DocumentReader,
    unit: 'line' | 'row' = 'line',
  ) {
    checkOptions('FileSource', options, fileSourceKeys);
    const rules = resolveReadingRules(where, options);
    this.paths = paths;
    this.#read = read;
    this.#begin = () => new Reading(where, rules, unit);
    this.#reading = this.#begin();
  }

  /** The report of the iteration that started last. */
  get report(): Readonly<SourceReport> {
    return this.#reading.report;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    let open: string[] = [];
    let bytes = 0;
    for await (const { parts, path, reading } of this.#groups()) {
      const { documentBytes } = reading.rules.limits;
      for (const part of parts) {
        const text = getPartText(part);
        bytes += text.length * 3 > documentBytes || open.length > 0 ? Buffer.byteLength(text) : text.length;
        if (bytes > documentBytes)
          reading.exceeded(path, 'documentBytes', 'a larger text that is asked for whole', IN_PARTS);
        open.push(text);
        if (isOpenPart(part)) continue;
        yield open.length === 1 ? text : open.join('');
        [open, bytes] = [[], 0];
      }
    }
  }

  /** The documents in groups, long texts in parts: of any size. */
  async *parts(): AsyncGenerator<readonly TextPart[]> {
    for await (const { parts } of this.#groups()) yield parts;
  }

  async *#groups(): AsyncGenerator<{ parts: readonly TextPart[]; path: string; reading: Reading }> {
    const reading = (this.#reading = this.#begin());
    for (const path of this.paths) {
      for await (const documents of this.#read(path, reading)) {
        yield { parts: documents.filter((part) => reading.gives(part)), path, reading };
      }
      reading.report.files++;
    }
  }
}

/**
 * The absolute paths that patterns stand for, sorted, each once.
 *
 * @throws DataError when a pattern matches no file
 */
export function matchPaths(where: string, patterns: string | readonly string[], directory = '.'): string[] {
  const start = resolve(directory);
  const list = typeof patterns === 'string' ? [patterns] : patterns;
  if (list.length === 0) throwMissing(where, 'a pattern', start);
  const paths = list.flatMap((pattern) => {
    const found = expandGlob(pattern, start);
    if (found.length === 0) throwMissing(where, `files that match ${show(pattern)}`, start, suggestPattern(pattern));
    return found;
  });
  return [...new Set(paths)].sort();
}

function suggestPattern(pattern: string): string {
  if (hasWildcard(pattern)) return 'Quote the pattern in a shell, and use ** for directories at any depth.';
  return `Check the path; for the files of a directory write ${show(`${pattern.replace(/\/$/, '')}/**`)}.`;
}

function throwMissing(where: string, expected: string, directory: string, fix = ''): never {
  raise('PAL_DATA', { where, expected, received: `none in ${directory}`, fix, details: { directory } });
}
