import { readFileSync } from 'node:fs';

import type { CoreAddon } from '../../lib/native/index.js';

/** The operators on the list of native/dispatch/refused.cc. */
export function refusedOperators(): string[] {
  return [...readFileSync('native/dispatch/refused.cc', 'utf8').matchAll(/\{"(\w+::[\w.]+)",/g)].map(
    ([, name = '']) => name,
  );
}

/** The call that kills, as the error tells a user; undefined when the operator is not refused. */
export function deadlyCall(addon: CoreAddon, name: string): string | undefined {
  try {
    addon.operator(name);
    return undefined;
  } catch (error) {
    return /libtorch ends the process at (.*)\. Use another operator/.exec((error as Error).message)?.[1];
  }
}
