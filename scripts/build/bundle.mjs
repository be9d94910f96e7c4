/**
 * Joins the compiled modules of each folder into few files: Node takes a third of a millisecond for each file it
 * imports. Doors that others enter stay where they are; what they share goes into dist/chunks, so that every module
 * exists once. Declarations stay as they are.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const out = 'dist';
const folders = readdirSync(out, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'cli',
);
const doors = [
  ...['index.js', 'cli/main.js', 'cli/output.js', 'cli/commands/libtorch.js', 'native/text.js', 'native/data.js'],
  ...folders.map(({ name }) => `${name}/index.js`),
];

const { metafile, outputFiles } = await build({
  entryPoints: doors.map((door) => join(out, door)),
  outdir: out,
  outbase: out,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  // As deep as the modules they hold: some look for the package from where they are.
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: true,
  write: false,
  // Comments of methods and white space are a quarter of what Node would parse at every start.
  minifyWhitespace: true,
  metafile: true,
  logLevel: 'warning',
});

/**
 * Classes by their names: one that speaks of itself is called `_Name` inside. esbuild's `keepNames` would name every function
 * whenever it is made, which took 4 % of the start and an eighth of the time of code with many inner functions.
 */
function restoreClassNames(code) {
  const names = [...code.matchAll(/\b(\w+)=class _\1\b/g)].map(([, name]) => name);
  return names.reduce((text, name) => text.replace(new RegExp(`\\b_${name}\\b`, 'g'), name), code);
}

mkdirSync(join(out, 'chunks'));
for (const { path, text } of outputFiles) writeFileSync(path, path.endsWith('.js') ? restoreClassNames(text) : text);

/** Every module that was joined into another file. */
const written = new Set(Object.keys(metafile.outputs));
const joined = Object.keys(metafile.inputs).filter((path) => !written.has(path));
for (const path of joined.flatMap((name) => [name, `${name}.map`])) rmSync(path, { force: true });
