import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { raise } from '../../core/errors/index.js';
import { downloadWithPip } from './pip.js';
import { LIBTORCH_VERSION } from './pin.js';
import { TorchFolder, Wheel } from './sources.js';
import type { Source } from './sources.js';

/** The sources that libtorch is installed from. */
export interface Supply {
  torch: Source;
  version: string;
  /** The source that a pip requirement names, fetched when it is not at hand. */
  fetch(requirement: string): Promise<Source>;
  /** All wheels that the requirements bring, with what they need in turn. */
  fetchAll(requirements: string[]): Promise<Source[]>;
}

/** Options of {@link openSupply}. */
export interface SupplyOptions {
  /** A torch wheel, a folder of wheels, or a `torch` folder; absent: pip. */
  from?: string | undefined;
  indexUrl?: string | undefined;
  /** The folder for downloads. */
  downloads: string;
  report: (message: string) => void;
}

/**
 * Finds the torch package, downloading it when `from` is absent.
 *
 * @throws PalabraError PAL_INSTALL when it cannot be had
 */
export async function openSupply(options: SupplyOptions): Promise<Supply> {
  const { from } = options;
  if (from !== undefined && existsSync(join(from, 'lib', 'libtorch_cpu.so'))) return createFolderSupply(from, options);
  const folders = from === undefined ? [options.downloads] : [findWheelFolder(from)];
  const wheels = new WheelSupply([...folders, options.downloads], options);
  const path = from?.endsWith('.whl') ? from : await wheels.find(`torch==${LIBTORCH_VERSION}`, from === undefined);
  const version = /^torch-(\d+\.\d+\.\d+)/.exec(basename(path))?.[1];
  return wheels.supply(await Wheel.open(path), version ?? throwNotTorch(path));
}

class WheelSupply {
  readonly #folders: string[];
  readonly #options: SupplyOptions;

  constructor(folders: string[], options: SupplyOptions) {
    this.#folders = folders;
    this.#options = options;
  }

  supply(torch: Source, version: string): Supply {
    return {
      torch,
      version,
      fetch: async (requirement) => Wheel.open(await this.find(requirement, true)),
      fetchAll: async (requirements) => this.#all(requirements),
    };
  }

  /** The path of the wheel that a requirement names. */
  async find(requirement: string, mayFetch: boolean): Promise<string> {
    const present = findWheel(this.#folders, requirement);
    if (present !== undefined || !mayFetch) return present ?? throwNoWheel(this.#folders, requirement);
    await this.#download([requirement], false);
    return findWheel(this.#folders, requirement) ?? throwNoWheel(this.#folders, requirement);
  }

  async #all(requirements: string[]): Promise<Source[]> {
    await this.#download(requirements, true);
    const files = listWheels(this.#options.downloads).filter((path) => basename(path).startsWith('nvidia_'));
    return Promise.all(files.map((path) => Wheel.open(path)));
  }

  async #download(requirements: string[], dependencies: boolean): Promise<void> {
    const { indexUrl, downloads, report } = this.#options;
    report(`Fetching ${requirements.join(', ')} with pip`);
    await downloadWithPip(requirements, downloads, { indexUrl, dependencies });
  }
}

/** A folder has its own NVIDIA libraries beside it, or pip brings them. */
function createFolderSupply(from: string, options: SupplyOptions): Supply {
  const wheels = new WheelSupply([options.downloads], options);
  const torch = new TorchFolder(from);
  return wheels.supply(torch, readTorchVersion(from) ?? throwNotTorch(from));
}

function readTorchVersion(folder: string): string | undefined {
  const distInfo = readdirSync(dirname(folder)).find((name) => /^torch-[^/]*\.dist-info$/.test(name));
  return distInfo && /^torch-(\d+\.\d+\.\d+)/.exec(distInfo)?.[1];
}

function findWheelFolder(from: string): string {
  const stats = statSync(from, { throwIfNoEntry: false });
  if (stats === undefined) return throwNotTorch(from);
  return stats.isDirectory() ? from : dirname(from);
}

function listWheels(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  return names.map((name) => join(folder, name));
}

/** `nvidia-cuda-runtime==13.0.*` matches `nvidia_cuda_runtime-13.0.96-….whl`. */
function findWheel(folders: readonly string[], requirement: string): string | undefined {
  const [name = '', version = ''] = requirement.split('==');
  const start = `${name.replaceAll('-', '_')}-${version.replace('*', '')}`;
  return folders.flatMap(listWheels).find((path) => basename(path).startsWith(start));
}

function throwNoWheel(folders: readonly string[], requirement: string): never {
  raise('PAL_INSTALL', {
    where: 'libtorch install',
    expected: `a wheel of ${requirement} in ${folders[0]}`,
    received: 'none',
    fix: 'Download it with `python3 -m pip download --no-deps`, or leave --from out.',
  });
}

function throwNotTorch(path: string): never {
  raise('PAL_INSTALL', {
    where: 'libtorch install',
    expected: '--from a torch wheel, a folder of wheels, or a `torch` folder of a Python installation',
    received: path,
  });
}
