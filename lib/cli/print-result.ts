import { formatInteger } from '../core/index.js';
import type { Output } from './output.js';

/** The flag of commands that print for programs too. */
export interface JsonFlag {
  json?: boolean;
}

/** Prints what a command found: as JSON where that was asked for, else as `text` says it. */
export function printResult<T>(output: Output, { json }: JsonFlag, value: T, text: (value: T) => string): void {
  output.out(`${json === true ? JSON.stringify(value, null, 2) : text(value)}\n`);
}

/** `1 document`, `2,000 documents`. */
export function pluralize(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Lines of two columns. */
export function formatColumns(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n');
}
