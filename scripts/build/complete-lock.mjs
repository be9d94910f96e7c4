/**
 * `node scripts/build/complete-lock.mjs`: adds to package-lock.json the optional packages for other systems that a
 * registry with packages for one system leaves out; `npm ci` refuses a lock file without them. Run it after
 * `npm install NAME`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const system = /(android|darwin|freebsd|linux|openharmony|win32)[-_]([a-z]+\d*)/;

/** The entry that a package at `from` finds under `name`, looking outwards as Node does. */
function lookUp(packages, from, name) {
  for (let path = from; ; path = path.slice(0, Math.max(0, path.lastIndexOf('node_modules/') - 1))) {
    const entry = packages[`${path ? `${path}/` : ''}node_modules/${name}`];
    if (entry || path === '') return entry;
  }
}

/** The optional packages that are named and not listed, each with the version that is asked for. */
export function missingPackages({ packages }) {
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).map(([name, version]) => ({ path, name, version })),
  );
  return wanted.filter(({ path, name }) => lookUp(packages, path, name) === undefined);
}

/** The entry of a package that serves one system, which its name tells. */
function entryOf({ name, version }) {
  const [, os, cpu] = system.exec(name) ?? [];
  if (os === undefined || !/^\d/.test(version)) throw new Error(`complete-lock: cannot tell the system of ${name}.`);
  return { version, cpu: [cpu], dev: true, optional: true, os: [os] };
}

function complete() {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingPackages(lock);
  for (const one of missing) lock.packages[`node_modules/${one.name}`] = entryOf(one);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${missing.length} packages added to ${file}`);
}

if (process.argv[1] === import.meta.filename) complete();
