import { existsSync } from 'node:fs';
import { raise } from '../../../core/index.js';

/** Where a model is looked for that isn't named. */
export const MODEL = 'runs/logic';

/** Requires that the folder is there: the one that nobody named is there only where a model was trained. */
export function expectModel(where: string, folder: string): void {
  if (existsSync(folder)) return;
  raise('PAL_FILE', {
    where,
    expected: `a model in ${folder}`,
    received: 'no such folder',
    fix: `Train one with palabra logic train --out ${MODEL}, or name another with --model.`,
    details: { path: folder },
  });
}
