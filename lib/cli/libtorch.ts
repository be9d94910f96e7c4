import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Command, Option } from 'commander';

import { formatBytes, raise } from '../core/index.js';
import {
  LIBTORCH_VERSION,
  VARIANTS,
  changedFiles,
  installLibtorch,
  listInstalled,
  readManifest,
} from '../native/index.js';
import type { Installed, Variant } from '../native/index.js';
import { ByteProgress } from './byte-progress.js';

interface InstallFlags {
  variant: Variant;
  from?: string;
  indexUrl?: string;
  force?: boolean;
  quiet?: boolean;
}

/** `palabra libtorch install|list|remove`: libtorch in the cache. */
export function libtorchCommand(): Command {
  return new Command('libtorch')
    .description(`Manage libtorch ${LIBTORCH_VERSION}, the library that does the tensor arithmetic.`)
    .addCommand(installCommand())
    .addCommand(listCommand())
    .addCommand(removeCommand());
}

function installCommand(): Command {
  return new Command('install')
    .description('Fetch libtorch into the cache; what is there already stays.')
    .addOption(variantOption('cpu', 'the build: cuda runs on CPUs too and takes about 5 GB'))
    .option('--from <path>', 'a torch wheel, a folder of wheels, or the `torch` folder of a Python installation')
    .option('--index-url <url>', 'the package index that pip asks')
    .option('--force', 'replace what is installed')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', '\nPALABRA_CACHE sets the cache folder, PALABRA_PYTHON the Python whose pip is used.')
    .action(install);
}

async function install(flags: InstallFlags): Promise<void> {
  const progress = new ByteProgress(flags.quiet ? undefined : process.stderr);
  const { fresh, ...place } = await installLibtorch({ ...flags, progress });
  progress.finish();
  if (!flags.quiet) console.log(`${fresh ? 'Installed' : 'Already installed'}: ${describe(place)}`);
}

function listCommand(): Command {
  return new Command('list')
    .description('Show what is in the cache.')
    .option('--verify', 'hash every file and compare with the record of the installation')
    .option('--json', 'print JSON')
    .action(list);
}

async function list(flags: { verify?: boolean; json?: boolean }): Promise<void> {
  const all = listInstalled();
  if (flags.json) console.log(JSON.stringify(all, null, 2));
  else
    console.log(all.map(describe).join('\n') || 'libtorch is not in the cache: `palabra libtorch install` fetches it.');
  if (flags.verify) for (const place of all) await verify(place);
}

async function verify({ root }: Installed): Promise<void> {
  const changed = await changedFiles(root);
  if (changed.length === 0) return;
  raise('PAL_INSTALL', {
    where: 'libtorch list --verify',
    expected: `${root} as it was installed`,
    received: `${changed.length} changed files, first ${changed[0]}`,
    fix: 'Run `palabra libtorch install --force`.',
    details: { changed },
  });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('Delete libtorch from the cache.')
    .addOption(variantOption(undefined, 'the build to delete; both when left out'))
    .action(remove);
}

function remove(flags: { variant?: Variant }): void {
  const chosen = listInstalled().filter(({ variant }) => flags.variant === undefined || variant === flags.variant);
  for (const place of chosen) {
    const text = describe(place);
    rmSync(place.root, { recursive: true });
    console.log(`Removed: ${text}`);
  }
  if (chosen.length === 0) console.log('Nothing to remove.');
}

function variantOption(fallback: Variant | undefined, text: string): Option {
  return new Option('--variant <name>', text).choices(VARIANTS).default(fallback);
}

function describe({ version, variant, root, folder }: Installed): string {
  const files = Object.values(readManifest(root).files);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const since = statSync(join(folder, 'lib')).mtime.toISOString().slice(0, 10);
  return `libtorch ${version} ${variant}, ${formatBytes(bytes)}, ${since}, ${folder}`;
}
