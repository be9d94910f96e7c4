/**
 * Promotes a version in STORE, lets the disk refuse (`full` fills it, `read-only` mounts it anew) and tries another. Prints the
 * error and what the store says when it is opened for reading.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AdapterStore } from '../../dist/adapters/index.js';
import { describeTraining, writeAdapter } from '../adapters/store/adapter-files.mjs';

const [folder, how] = process.argv.slice(2);
const around = dirname(folder);

/** Takes all the space there is. */
function fill() {
  for (let bytes = 2 ** 21; bytes >= 2 ** 12; bytes /= 2) {
    try {
      for (let i = 0; ; i++) writeFileSync(join(around, `${bytes}-${i}`), Buffer.alloc(bytes));
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    }
  }
}

const store = await AdapterStore.open(folder, { write: true });
const promote = async (run) => {
  const staged = await store.stage({ key: `plan-${run}` });
  writeAdapter(staged.folder, run);
  if (run === 2 && how === 'full') fill();
  if (run === 2 && how === 'read-only') execFileSync('mount', ['-o', 'remount,ro', around]);
  return await store.promote(staged, { metadata: describeTraining(run) });
};
const { id } = await promote(1);
const report = {};
try {
  await promote(2);
} catch (error) {
  Object.assign(report, { code: error.code, details: error.details });
}
const read = await AdapterStore.open(folder);
const checks = await read.validate();
console.log(JSON.stringify({ ...report, promoted: id, current: read.current?.id, warnings: read.warnings, checks }));
