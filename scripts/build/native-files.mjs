/** The C and C++ sources of the addon, as git knows them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Paths under native/ that end in one of the endings, tracked or new, without ignored ones. */
export function nativeFiles(...endings) {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', 'native'];
  const listed = execFileSync('git', args, { encoding: 'utf8' }).split('\n');
  return listed.filter((path) => endings.some((ending) => path.endsWith(ending)) && existsSync(path)).sort();
}
