import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { isSystemError, raise, show, throwFileError } from '../../core/index.js';

/**
 * The files that a word means, sorted by path: the file of that very name where there is one, else those that match it as
 * a pattern.
 *
 * `*` stands for any characters of one name, `?` for one, `[a-z]` for one of a set, `{a,b}` for
 * alternatives and `**` for any number of directories. Hidden names match only where the pattern
 * writes the dot; `**` does not follow links to directories. A backslash takes the meaning from the character behind it.
 *
 * @param pattern - with `/` between names
 * @param directory - where relative patterns start
 * @throws ArgumentError when the pattern is empty or its braces or brackets are not closed
 * @throws DataError when a name that would match is no UTF-8
 */
export function expandGlob(pattern: string, directory: string): string[] {
  const named = resolve(directory, pattern);
  if (!pattern.endsWith('/') && pattern !== '' && isFile(named)) return [named];
  const found = new Set<string>();
  for (const plain of expandBraces(pattern)) {
    const absolute = plain.startsWith('/');
    const names = plain.split('/').filter((name) => name !== '' && name !== '.');
    if (names.length === 0) refuse(pattern, 'a file name');
    collect(absolute ? sep : directory, names, found);
  }
  return [...found].sort();
}

/** True for a pattern that has a character with a meaning of its own. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[{]/.test(pattern.replace(/\\./g, ''));
}

/** A name without the backslashes that take meanings. */
function unescapeName(name: string): string {
  return name.replace(/\\(.)/g, '$1');
}

/** Adds the files under a directory that match the rest of a pattern. */
function collect(directory: string, names: readonly string[], found: Set<string>): void {
  const [name, ...rest] = names as [string, ...string[]];
  const literal = join(directory, name);
  if (name === '**') collectDeep(directory, rest, found);
  else if (!hasWildcard(name)) visit(join(directory, unescapeName(name)), rest, found);
  else if (rest.length > 0 && !/[*?]/.test(name) && existsSync(literal)) visit(literal, rest, found);
  else {
    const expression = compileName(name);
    for (const entry of listEntries(directory)) {
      if (!expression.test(entry.name)) continue;
      expectUtf8(directory, entry);
      visit(join(directory, entry.name), rest, found);
    }
  }
}

function collectDeep(directory: string, rest: readonly string[], found: Set<string>): void {
  const names = rest.length > 0 ? rest : ['*'];
  collect(directory, names, found);
  for (const entry of listEntries(directory)) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    expectUtf8(directory, entry);
    collectDeep(join(directory, entry.name), names, found);
  }
}

function visit(path: string, rest: readonly string[], found: Set<string>): void {
  if (rest.length > 0) collect(path, rest, found);
  else if (isFile(path)) found.add(path);
}

function listEntries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(error.code)) return [];
    return throwFileError('textFiles', directory, error);
  }
}

/**
 * Requires a name whose bytes are UTF-8: by another one its file can't be opened.
 *
 * @throws DataError otherwise, with the bytes of the name
 */
function expectUtf8(directory: string, { name }: Dirent): void {
  if (!name.includes('\uFFFD') || lstatSync(join(directory, name), { throwIfNoEntry: false }) !== undefined) return;
  const bytes = readdirSync(directory, { encoding: 'buffer' }).find((other) => other.toString('utf8') === name);
  const shown = Array.from(bytes?.toString('latin1') ?? name, (character) =>
    character >= ' ' && character <= '~' ? character : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  ).join('');
  raise('PAL_DATA', {
    where: 'textFiles',
    expected: `names in UTF-8 in ${directory}`,
    received: `'${shown}'`,
    fix: `Rename it, as with mv $'${shown}' and a new name.`,
    details: { directory, name: shown },
  });
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (error) {
    if (isSystemError(error) && ['ENOTDIR', 'ELOOP'].includes(error.code)) return false;
    return throwFileError('textFiles', path, error);
  }
}

function compileName(name: string): RegExp {
  let source = name.startsWith('.') ? '' : '(?!\\.)';
  for (let i = 0; i < name.length; i++) {
    const character = name[i]!;
    if (character === '\\' && i + 1 < name.length) source += escape(name[++i]!);
    else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const end = name.indexOf(']', i + 2);
      if (end < 0) refuse(name, 'a closing ]');
      source += compileCharacterClass(name.slice(i + 1, end));
      i = end;
    } else source += escape(character);
  }
  return new RegExp(`^${source}$`, 'u');
}

function compileCharacterClass(body: string): string {
  const negated = body.startsWith('!') || body.startsWith('^');
  const members = (negated ? body.slice(1) : body).replace(/[\\\]^[&~|]/g, '\\$&');
  return `[${negated ? '^' : ''}${members}]`;
}

function escape(character: string): string {
  return /[\\^$.|+*?()[\]{}/]/.test(character) ? `\\${character}` : character;
}

/** `a{b,c{d,e}}` → `ab`, `acd`, `ace`. */
function expandBraces(pattern: string): string[] {
  const start = pattern.search(/(?<!\\)\{/);
  if (start < 0) return [pattern];
  const { parts, end } = splitAlternatives(pattern, start);
  const tails = expandBraces(pattern.slice(end + 1));
  const head = pattern.slice(0, start);
  return parts.flatMap(expandBraces).flatMap((part) => tails.map((tail) => head + part + tail));
}

function splitAlternatives(pattern: string, start: number): { parts: string[]; end: number } {
  const parts: string[] = [];
  let from = start + 1;
  for (let i = start + 1, depth = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === '\\') i++;
    else if (character === '{') depth++;
    else if (depth > 0) depth -= character === '}' ? 1 : 0;
    else if (character === ',' || character === '}') {
      parts.push(pattern.slice(from, i));
      from = i + 1;
      if (character === '}') return { parts, end: i };
    }
  }
  return refuse(pattern, 'a closing }');
}

function refuse(pattern: string, expected: string): never {
  raise('PAL_ARGUMENT', { where: 'textFiles', expected: `${expected} in the pattern`, received: show(pattern) });
}
