import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { raise } from '../core/index.js';

/** The option that names modules to run first. */
export const IMPORT_FLAG = '--import';

/**
 * Runs the ES modules that a command line names, before any command is: they make models known by `registerModel`.
 * @param words - the command line; `--import FILE` may stand anywhere before `--`, and several times
 * @returns the other words
 * @throws PalabraError of code PAL_FILE for a file that isn't there, PAL_ARGUMENT for one that fails or is not named
 */
export async function importModules(words: readonly string[]): Promise<string[]> {
  const { files, rest } = separateImports(words);
  for (const file of files) await importFile(file);
  return rest;
}

function separateImports(words: readonly string[]): { files: string[]; rest: string[] } {
  const [files, rest]: [string[], string[]] = [[], []];
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (i < end && word === IMPORT_FLAG) files.push(expectNamed(words[++i]));
    else if (i < end && word.startsWith(`${IMPORT_FLAG}=`)) files.push(expectNamed(word.slice(IMPORT_FLAG.length + 1)));
    else rest.push(word);
  }
  return { files, rest };
}

/** Only files of this machine are run: no addresses, and no packages. */
async function importFile(file: string): Promise<void> {
  const path = resolve(file);
  if (!existsSync(path)) {
    const details = { path, code: 'ENOENT' };
    raise('PAL_FILE', { where: IMPORT_FLAG, expected: `a module at ${path}`, received: 'nothing there', details });
  }
  try {
    await import(pathToFileURL(path).href);
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause);
    const fix = "It is an ES module, as: import { registerModel } from 'palabra/models'; registerModel({ … });";
    raise('PAL_ARGUMENT', { where: IMPORT_FLAG, expected: `${path} to run`, received, fix, cause });
  }
}

function expectNamed(file: string | undefined): string {
  if (file !== undefined && file !== '' && !file.startsWith('--')) return file;
  raise('PAL_ARGUMENT', {
    where: IMPORT_FLAG,
    expected: 'the path of a module behind it',
    received: file === undefined || file === '' ? 'nothing' : file,
  });
}
