import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deferSchema, parseConfig, throwFileError } from '../../core/index.js';
import { architectures } from '../../models/index.js';
import { importFiles } from '../import-modules.js';
import type { Output } from '../output.js';
import { parseJson } from './parse-json.js';

/** How far below a run its models lie: `checkpoints/step-00001200/model`. */
const DEPTH = 3;

/** The part of a run's `config.json` that tells of modules. */
const schema = deferSchema((z) =>
  z.looseObject({ model: z.looseObject({ kind: z.string() }), imports: z.array(z.string()).default([]) }),
);

/**
 * Runs the modules that a run has recorded, where its architecture isn't known; says which ones. Their paths are absolute,
 * so that a folder from elsewhere brings no code along.
 *
 * @param path - a run, or a folder inside it; of other folders nothing is run
 * @param output - hears of what is run
 * @throws PalabraError of code PAL_FILE where a module is gone, PAL_ARGUMENT where it fails
 */
export async function importRecorded(path: string, output: Pick<Output, 'err'>): Promise<void> {
  const run = findRun(path);
  if (run === undefined) return;
  const file = join(run, 'config.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => throwFileError('run folder', file, error));
  const { imports, model } = parseConfig(file, schema, parseJson(file, text));
  if (imports.length === 0 || architectures.some(({ kind }) => kind === model.kind)) return;
  output.err(`${run}: running ${imports.join(', ')}, as its config.json names them\n`);
  await importFiles(`imports of ${run}`, imports);
}

/** The run around a folder: the nearest one that holds what every run does. */
function findRun(path: string): string | undefined {
  const around = Array.from({ length: DEPTH + 1 }, (_, up) => join(path, ...Array<string>(up).fill('..')));
  return around.find((folder) =>
    ['config.json', 'environment.json', 'checkpoints'].every((name) => existsSync(join(folder, name))),
  );
}
