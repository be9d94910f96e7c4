import { join } from 'node:path';
import { createDirectory, throwFileError, writeFileAtomic } from '../core/index.js';
import type { ReportFormat } from '../evaluation/index.js';
import type { Output } from './output.js';

const ENDINGS = { json: 'json', csv: 'csv', text: 'txt', html: 'html' } as const;

/** Flags of the commands that write a report. */
export interface ReportFlags {
  json?: boolean;
  /** A folder for all forms of the report. */
  out?: string;
}

/** Prints a report, and writes all its forms into a folder where one is named. */
export async function writeReport(
  name: string,
  render: (format: ReportFormat) => string,
  { json, out }: ReportFlags,
  output: Output,
): Promise<void> {
  output.out(render(json === true ? 'json' : 'text'));
  if (out === undefined) return;
  await createDirectory(out).catch((error: unknown) => throwFileError('palabra', out, error));
  for (const [format, ending] of Object.entries(ENDINGS) as [ReportFormat, string][]) {
    await writeFileAtomic(join(out, `${name}.${ending}`), render(format));
  }
  output.err(`written: ${join(out, name)}.{${Object.values(ENDINGS).join(',')}}\n`);
}
