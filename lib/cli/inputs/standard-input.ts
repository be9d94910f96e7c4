import { text } from 'node:stream/consumers';

/** All of standard input as UTF-8, without a line break at its end. */
export async function readStandardInput(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}
