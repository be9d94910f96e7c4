import type { OptionChecks } from '../../core/index.js';
import { checkNested, expectOneOf, expectPositiveInteger, expectRange } from '../../core/index.js';

const ON_MALFORMED = ['error', 'report'] as const;
const INVALID_UTF8 = ['malformed', 'replace'] as const;
const BLANK = ['keep', 'drop'] as const;

/** Limits of a file. Reading stops with an error where one is passed, so that a small file cannot fill the memory. */
export interface SourceLimits {
  /** Bytes of one file after decompression. Default: 2^40 (1 TiB). */
  fileBytes: number;
  /** Bytes of one line or row, and of a text that is asked for whole. Default: 2^28 (256 MiB). */
  documentBytes: number;
  /** Decompressed bytes per compressed byte of a file, looked at from 16 MiB on. Default: 1,100, what gzip can reach. */
  ratio: number;
  /** Arrays and objects inside one another in one line of JSON. Default: 64. */
  nesting: number;
}

/** Options of all sources of files. */
export interface FileSourceOptions {
  /** The start of relative patterns. Default: the working directory. */
  directory?: string;
  /**
   * Treatment of a malformed line or row. `error` (default) ends the reading; `report` leaves it out, counts it in the
   * report of the source and goes on.
   */
  onMalformed?: (typeof ON_MALFORMED)[number];
  /**
   * Treatment of bytes that are no UTF-8. `malformed` (default): their line or row is malformed. `replace`: each becomes
   * U+FFFD and the report counts the document as repaired.
   */
  invalidUtf8?: (typeof INVALID_UTF8)[number];
  /**
   * Treatment of documents of nothing but white space. `keep` (default) gives them out; `drop` leaves them out and counts them
   * in the report.
   */
  blank?: (typeof BLANK)[number];
  /** Limits where reading stops for safety. */
  limits?: Partial<SourceLimits>;
}

/** The keys of {@link FileSourceOptions}. */
export const fileSourceKeys: OptionChecks<FileSourceOptions> = {
  directory: true,
  onMalformed: true,
  invalidUtf8: true,
  blank: true,
  limits: checkNested({ fileBytes: true, documentBytes: true, ratio: true, nesting: true }),
};

/** {@link FileSourceOptions} with their defaults. */
export interface ReadingRules {
  onMalformed: (typeof ON_MALFORMED)[number];
  invalidUtf8: (typeof INVALID_UTF8)[number];
  blank: (typeof BLANK)[number];
  limits: SourceLimits;
}

/** A little less than JavaScript can hold in one string. */
const LONGEST_STRING = 2 ** 29 - 2 ** 20;

const LIMITS: SourceLimits = { fileBytes: 2 ** 40, documentBytes: 2 ** 28, ratio: 1100, nesting: 64 };

/**
 * The rules that options ask for.
 *
 * @throws ArgumentError when an option is none
 */
export function resolveReadingRules(where: string, options: FileSourceOptions): ReadingRules {
  const limits = { ...LIMITS, ...options.limits };
  for (const name of Object.keys(LIMITS) as (keyof SourceLimits)[]) expectPositiveInteger(where, name, limits[name]);
  expectRange(where, 'documentBytes', limits.documentBytes, { max: LONGEST_STRING });
  return {
    onMalformed: expectOneOf(where, 'onMalformed', options.onMalformed ?? 'error', ON_MALFORMED),
    invalidUtf8: expectOneOf(where, 'invalidUtf8', options.invalidUtf8 ?? 'malformed', INVALID_UTF8),
    blank: expectOneOf(where, 'blank', options.blank ?? 'keep', BLANK),
    limits,
  };
}
