import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { run } from './pack.js';

/** A folder that goes away with `using`. */
export function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'palabra-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Compiles C source into a shared library. */
export function compileLibrary(path: string, source: string, flags: string[] = []): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.c`, source);
  run(process.env.CC ?? 'gcc', ['-shared', '-fPIC', '-o', path, `${path}.c`, ...flags]);
  rmSync(`${path}.c`);
}

/** A `torch` folder whose libtorch_cpu only answers which version it is. */
export function stubTorch(folder: string, major: number, minor: number, flags: string[] = []): void {
  const lib = join(folder, 'lib');
  compileLibrary(join(lib, 'libc10.so'), 'int palabra_stub_c10;', ['-Wl,-soname,libc10.so']);
  const version = `(${major}ULL << 56) | (${minor}ULL << 48)`;
  const source = `unsigned long long aoti_torch_abi_version(void) { return ${version}; }`;
  const needed = ['-Wl,--no-as-needed', `-L${lib}`, '-l:libc10.so', '-Wl,-rpath,$ORIGIN', ...flags];
  compileLibrary(join(lib, 'libtorch_cpu.so'), source, needed);
}

/** What is in a stub wheel beside its libraries. */
export interface WheelContents {
  headers: number;
  metadata?: string;
  /** The libraries, when others than the stub's. */
  torch?: string;
  /** Changes the recorded hashes. */
  wrongRecord?: boolean;
}

/** Makes a torch wheel of stub libraries, headers, a licence and a RECORD of hashes; returns its path. */
export function stubWheel(
  folder: string,
  { headers, metadata = '', torch, wrongRecord = false }: WheelContents,
): string {
  const root = join(folder, 'wheel');
  if (torch === undefined) stubTorch(join(root, 'torch'), 2, 13);
  const info = join(root, 'torch-2.13.0.dist-info');
  mkdirSync(join(info, 'licenses'), { recursive: true });
  mkdirSync(join(root, 'torch', 'include'), { recursive: true });
  for (let index = 0; index < headers; index++) {
    writeFileSync(join(root, 'torch', 'include', `${index}.h`), `// header ${index}\n`);
  }
  writeFileSync(join(info, 'licenses', 'LICENSE'), 'The licence.\n');
  writeFileSync(join(info, 'METADATA'), metadata);
  writeFileSync(join(info, 'RECORD'), recordOf(root, wrongRecord));
  return zip(root, join(folder, 'torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl'));
}

/** Zips the contents of a folder, deflated. */
export function zip(root: string, target: string): string {
  const program = 'import shutil, sys; shutil.make_archive(sys.argv[2], "zip", sys.argv[1])';
  run('python3', ['-c', program, root, target]);
  run('mv', [`${target}.zip`, target]);
  return target;
}

function recordOf(root: string, wrong: boolean): string {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => recordLine(root, join(entry.parentPath, entry.name), wrong)).join('');
}

function recordLine(root: string, path: string, wrong: boolean): string {
  const content = readFileSync(path);
  const hash = createHash('sha256')
    .update(wrong ? 'something else' : content)
    .digest('base64url');
  return `${relative(root, path)},sha256=${hash},${content.length}\n`;
}
