import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { raise } from '../../core/errors/index.js';
import { extractEntry, readEntry, readZip } from './zip.js';
import type { ZipEntry } from './zip.js';

/** Larger files are hashed as a stream. */
const STREAM_ABOVE_BYTES = 1 << 20;

/** Files that libtorch is installed from, named as in a wheel: `torch/lib/…`, `nvidia/…`, `x.dist-info/…`. */
export interface Source {
  /** The file or folder, for people. */
  readonly label: string;
  names(): string[];
  /** Length in bytes. */
  size(name: string): number;
  /** Writes one file to `target`. */
  extract(name: string, target: string): Promise<void>;
  /** The SHA-256 that the source records for a file, in base64url; undefined when it records none. */
  sha256(name: string): string | undefined;
  /** The text of the package's metadata, empty when there is none. */
  metadata(): string;
}

/** A wheel file. */
export class Wheel implements Source {
  readonly label: string;
  readonly #path: string;
  readonly #entries: Map<string, ZipEntry>;
  readonly #texts: { metadata: string; hashes: Map<string, string> };

  private constructor(path: string, entries: Map<string, ZipEntry>, metadata: string, record: string) {
    this.label = basename(path);
    this.#path = path;
    this.#entries = entries;
    this.#texts = { metadata, hashes: parseRecord(record) };
  }

  /** @throws PalabraError PAL_INSTALL when the file is no wheel */
  static async open(path: string): Promise<Wheel> {
    const entries = await readZip(path);
    const texts = ['METADATA', 'RECORD'].map((name) => readText(path, entries, name));
    const [metadata = '', record = ''] = await Promise.all(texts);
    return new Wheel(path, entries, metadata, record);
  }

  names(): string[] {
    return [...this.#entries.keys()].filter((name) => !name.endsWith('/'));
  }

  size(name: string): number {
    return this.#entry(name).bytes;
  }

  async extract(name: string, target: string): Promise<void> {
    await extractEntry(this.#path, this.#entry(name), target);
  }

  sha256(name: string): string | undefined {
    return this.#texts.hashes.get(name);
  }

  metadata(): string {
    return this.#texts.metadata;
  }

  #entry(name: string): ZipEntry {
    return this.#entries.get(name) ?? throwMissing(this.label, name);
  }
}

/** A `torch` folder of a Python installation, or an unpacked libtorch with `lib/` and `include/`. */
export class TorchFolder implements Source {
  readonly label: string;
  readonly #names: Map<string, string>;

  constructor(folder: string) {
    this.label = folder;
    const around = dirname(folder);
    const parts: [prefix: string, path: string][] = [
      ['torch/lib', join(folder, 'lib')],
      ['torch/include', join(folder, 'include')],
      ['nvidia', join(around, 'nvidia')],
      ...listDistInfos(around).map((name): [string, string] => [name, join(around, name)]),
    ];
    this.#names = new Map(parts.flatMap(([prefix, path]) => listFiles(prefix, path)));
  }

  names(): string[] {
    return [...this.#names.keys()];
  }

  size(name: string): number {
    return statSync(this.#path(name)).size;
  }

  async extract(name: string, target: string): Promise<void> {
    await copyFile(this.#path(name), target, constants.COPYFILE_FICLONE);
  }

  sha256(): undefined {
    return undefined;
  }

  metadata(): string {
    const name = this.names().find((one) => /^torch-[^/]*\.dist-info\/METADATA$/.test(one));
    return name === undefined ? '' : readFileSync(this.#path(name), 'utf8');
  }

  #path(name: string): string {
    return this.#names.get(name) ?? throwMissing(this.label, name);
  }
}

/** The SHA-256 of a file, in hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  if (statSync(path).size <= STREAM_ABOVE_BYTES) return createHash('sha256').update(readFileSync(path)).digest('hex');
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: STREAM_ABOVE_BYTES }), hash);
  return hash.digest('hex');
}

async function readText(path: string, entries: Map<string, ZipEntry>, name: string): Promise<string> {
  const entry = [...entries.values()].find((one) => one.name.endsWith(`.dist-info/${name}`));
  return entry === undefined ? '' : (await readEntry(path, entry)).toString('utf8');
}

/** A wheel's RECORD: `path,sha256=BASE64URL,bytes` a line. */
function parseRecord(text: string): Map<string, string> {
  const lines = text.matchAll(/^(.+),sha256=([\w-]+),\d+\r?$/gm);
  return new Map([...lines].map(([, name = '', hash = '']) => [name, hash]));
}

function listDistInfos(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^(torch|nvidia_cuda_\w+)-[^/]*\.dist-info$/.test(name));
}

function listFiles(prefix: string, folder: string): [name: string, path: string][] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [`${prefix}/${relative(folder, path)}`, path]);
}

function throwMissing(label: string, name: string): never {
  raise('PAL_INSTALL', { where: 'libtorch install', expected: `${name} in ${label}`, received: 'none' });
}
