import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { raise } from '../core/index.js';

/** The option that names modules to run first. */
export const IMPORT_FLAG = '--import';

/** A module that was run. */
export interface ImportedModule {
  /** Absolute. */
  path: string;
  /** What named it, as `--import`. */
  where: string;
}

/** The modules that this process has run; what they register holds for the whole process. */
const imported = new Map<string, ImportedModule>();

/**
 * Runs the ES modules that a command line names, before any command is: they make models known by `registerModel`.
 * @param words - the command line; `--import FILE` may stand anywhere before `--`, and several times
 * @returns the other words
 * @throws PalabraError of code PAL_FILE for a file that isn't there, PAL_ARGUMENT for one that fails or is not named
 */
export async function importModules(words: readonly string[]): Promise<string[]> {
  const { files, rest } = separateImports(words);
  await importFiles(IMPORT_FLAG, files);
  return rest;
}

/**
 * Runs ES modules one after another, each once in a process.
 * @param where - what names them, for errors
 * @param files - their paths; relative ones are seen from the working directory
 * @throws PalabraError of code PAL_FILE for a file that isn't there, PAL_ARGUMENT for one that fails
 */
export async function importFiles(where: string, files: readonly string[]): Promise<void> {
  for (const file of files) await importFile(where, resolve(file));
}

/** The modules that were run so far, for a run to record. @returns them in their order */
export function listImported(): ImportedModule[] {
  return [...imported.values()];
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
async function importFile(where: string, path: string): Promise<void> {
  if (!existsSync(path)) {
    const fix = where === IMPORT_FLAG ? '' : `Name the place where it is now: ${IMPORT_FLAG} FILE.`;
    const details = { path, code: 'ENOENT' };
    raise('PAL_FILE', { where, expected: `a module at ${path}`, received: 'nothing there', fix, details });
  }
  try {
    await import(pathToFileURL(path).href);
    imported.set(path, { path, where });
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause);
    const fix = "It is an ES module, as: import { registerModel } from 'palabra/models'; registerModel({ … });";
    raise('PAL_ARGUMENT', { where, expected: `${path} to run`, received, fix, cause });
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
