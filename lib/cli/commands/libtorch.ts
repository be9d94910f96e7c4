import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Command, Option } from 'commander';

import { accessFile, formatBytes, raise } from '../../core/index.js';
import {
  LIBTORCH_VERSION,
  VARIANTS,
  listChangedFiles,
  installLibtorch,
  listInstalled,
  readManifest,
} from '../../native/libtorch/index.js';
import type { Installed, Variant } from '../../native/libtorch/index.js';
import { ByteProgress } from '../byte-progress.js';
import type { Output } from '../output.js';

const EMPTY = 'libtorch is not in the cache: `palabra libtorch install` fetches it.';

interface InstallFlags {
  variant: Variant;
  from?: string;
  indexUrl?: string;
  force?: boolean;
  quiet?: boolean;
  json?: boolean;
}

interface ListFlags {
  verify?: boolean;
  json?: boolean;
}

interface RemoveFlags {
  variant?: Variant;
  json?: boolean;
}

/** `palabra libtorch install|list|remove`: libtorch in the cache. */
export function createLibtorchCommand(output: Output): Command {
  return new Command('libtorch')
    .description(`Manage libtorch ${LIBTORCH_VERSION}, the library that does the tensor arithmetic.`)
    .addCommand(createInstallCommand(output))
    .addCommand(createListCommand(output))
    .addCommand(createRemoveCommand(output));
}

function createInstallCommand(output: Output): Command {
  return new Command('install')
    .description('Fetch libtorch into the cache; what is there already stays.')
    .addOption(createVariantOption('cpu', 'the build: cuda runs on CPUs too and takes about 5 GB'))
    .option('--from <path>', 'a torch wheel, a folder of wheels, or the `torch` folder of a Python installation')
    .option('--index-url <url>', 'the package index that pip asks')
    .option('--force', 'replace what is installed')
    .option('--quiet', 'print nothing but errors')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nPALABRA_CACHE sets the cache folder, PALABRA_PYTHON the Python whose pip is used.')
    .action((flags: InstallFlags) => install(flags, output));
}

async function install(flags: InstallFlags, output: Output): Promise<void> {
  const progress = new ByteProgress(flags.quiet ? undefined : { isTTY: process.stderr.isTTY, write: output.err });
  const { fresh, ...place } = await installLibtorch({ ...flags, progress });
  progress.finish();
  if (flags.json) output.out(`${JSON.stringify({ ...place, fresh }, null, 2)}\n`);
  else if (!flags.quiet) output.out(`${fresh ? 'Installed' : 'Already installed'}: ${describe(place)}\n`);
}

function createListCommand(output: Output): Command {
  return new Command('list')
    .description('Show what is in the cache.')
    .option('--verify', 'hash every file and compare with the record of the installation')
    .option('--json', 'print JSON')
    .action((flags: ListFlags) => list(flags, output));
}

async function list(flags: ListFlags, output: Output): Promise<void> {
  const all = listInstalled();
  output.out(`${flags.json ? JSON.stringify(all, null, 2) : all.map(describe).join('\n') || EMPTY}\n`);
  if (flags.verify) for (const place of all) await verify(place);
}

async function verify({ root }: Installed): Promise<void> {
  const changed = await listChangedFiles(root);
  if (changed.length === 0) return;
  raise('PAL_INSTALL', {
    where: 'libtorch list --verify',
    expected: `${root} as it was installed`,
    received: `${changed.length} changed files, first ${changed[0]}`,
    fix: 'Run `palabra libtorch install --force`.',
    details: { changed },
  });
}

function createRemoveCommand(output: Output): Command {
  return new Command('remove')
    .description('Delete libtorch from the cache.')
    .addOption(createVariantOption(undefined, 'the build to delete; both when left out'))
    .option('--json', 'print JSON')
    .action((flags: RemoveFlags) => remove(flags, output));
}

function remove(flags: RemoveFlags, output: Output): void {
  const selected = listInstalled().filter(({ variant }) => flags.variant === undefined || variant === flags.variant);
  for (const place of selected) {
    const text = describe(place);
    accessFile('libtorch remove', place.root, () => rmSync(place.root, { recursive: true }));
    if (!flags.json) output.out(`Removed: ${text}\n`);
  }
  if (flags.json) output.out(`${JSON.stringify(selected, null, 2)}\n`);
  else if (selected.length === 0) output.out('Nothing to remove.\n');
}

function createVariantOption(fallback: Variant | undefined, text: string): Option {
  return new Option('--variant <name>', text).choices(VARIANTS).default(fallback);
}

function describe({ version, variant, root, folder }: Installed): string {
  const files = Object.values(readManifest(root).files);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const since = statSync(join(folder, 'lib')).mtime.toISOString().slice(0, 10);
  return `libtorch ${version} ${variant}, ${formatBytes(bytes)}, ${since}, ${folder}`;
}
