import { Option } from 'commander';
import type { Command } from 'commander';
import { csvFiles, jsonLines, textFiles, textLines } from '../../data/index.js';
import type { FileSource, FileSourceOptions } from '../../data/index.js';

const FORMATS = ['text', 'lines', 'jsonl', 'csv'] as const;

/** How the files of a command line are read. */
export interface TextFlags {
  format?: (typeof FORMATS)[number];
  field?: string;
  skipMalformed?: boolean;
}

/** Gives a command the options of {@link TextFlags}. */
export function addTextOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how the files are read; by their names otherwise').choices(FORMATS))
    .option('--field <name>', 'the field or column with the text (default: text)')
    .option('--skip-malformed', 'leave out malformed lines and tell how many there were');
}

/** The documents of files: what a name ends in tells how it is read, `.gz` and `.zst` left aside. */
export function openTexts(patterns: readonly string[], flags: TextFlags): FileSource {
  const rules: FileSourceOptions = { onMalformed: flags.skipMalformed === true ? 'report' : 'error' };
  const field = flags.field ?? 'text';
  switch (flags.format ?? formatOf(patterns)) {
    case 'jsonl':
      return jsonLines(patterns, { ...rules, field: field.split('.') });
    case 'csv':
      return csvFiles(patterns, { ...rules, column: field });
    case 'lines':
      return textLines(patterns, rules);
    case 'text':
      return textFiles(patterns, rules);
  }
}

function formatOf(patterns: readonly string[]): (typeof FORMATS)[number] {
  const name = (patterns[0] ?? '').replace(/\.(gz|zst)$/, '');
  if (/\.(jsonl|ndjson)$/.test(name)) return 'jsonl';
  return name.endsWith('.csv') ? 'csv' : 'text';
}

/** What a pass over a source left out, as a line; undefined where all was well. */
export function malformedNote({ report }: FileSource): string | undefined {
  if (report.malformed === 0) return undefined;
  const examples = report.examples.slice(0, 3).map(({ path, line, problem }) => `\n  ${path}:${line}: ${problem}`);
  return `${report.malformed} malformed lines were left out:${examples.join('')}`;
}
