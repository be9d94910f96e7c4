/**
 * What a look of clang-tidy at a file depends on, as hashes: the same on every machine, so that a record of clean files
 * can be tracked.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { toolVersions } from './clang-tools.mjs';
import { nativeFiles } from './native-files.mjs';

const INCLUDE = /^\s*#\s*include\s+"([^"]+)"/gm;
/** Flags that name folders of one machine say nothing of the file; the headers there have their pinned versions. */
const FLAG = /^-(?:D(?!.*\/)|std=|f|m|O|W)/;

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256'));

/** The headers of native/ that a file includes, directly or through others; by the end of their paths. */
function headersOf(file, headers) {
  const found = new Set();
  const queue = [file];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const [, name] of readFileSync(path, 'utf8').matchAll(INCLUDE)) {
      const matching = (headers.get(basename(name)) ?? []).filter((header) => !found.has(header));
      for (const header of matching) found.add(header);
      queue.push(...matching);
    }
  }
  return [...found].sort();
}

/** The headers of native/ by their names alone: one of the same name elsewhere makes a look more, never one less. */
function headersByName() {
  const byName = new Map();
  for (const path of nativeFiles('.h')) byName.set(basename(path), [...(byName.get(basename(path)) ?? []), path]);
  return byName;
}

/** The state of each file: of its text, its headers, its flags, the checks and the tool. */
export function tidyStates(entries) {
  const headers = headersByName();
  const checks = [readFileSync('.clang-tidy'), toolVersions['clang-tidy']];
  const stateOf = ({ file, command }) => {
    const flags = command.split(' ').filter((word) => FLAG.test(word));
    const texts = [file, ...headersOf(file, headers)].flatMap((path) => [path, readFileSync(path)]);
    return sha256(...checks, ...flags, ...texts)
      .digest('hex')
      .slice(0, 32);
  };
  return new Map(entries.map((entry) => [entry.file, stateOf(entry)]));
}
