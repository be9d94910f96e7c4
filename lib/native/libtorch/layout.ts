import { isSystemLibrary } from './requirements.js';
import type { Source } from './sources.js';
import type { Variant } from './pin.js';

/** Libraries of the torch wheel that serve Python alone. */
const PYTHON_ONLY = /^lib(torch_python|shm)\.so/;

/** The files of the sources that make up a variant, and their paths in the installation. */
export interface Layout {
  /** The first libraries to take; what they need follows. */
  libraries: (torch: Source) => string[];
  /** The path of a library, relative to the installation. */
  libraryPath: (name: string) => string;
  headerPath: (name: string) => string;
}

/** CPU: only what libtorch_cpu needs, all in one `lib/`. CUDA: the wheels' own folders, by which they find each other. */
export const layouts: Readonly<Record<Variant, Layout>> = {
  cpu: {
    libraries: () => ['torch/lib/libtorch_cpu.so'],
    libraryPath: (name) => `lib/${getBaseName(name)}`,
    headerPath: (name) => name.slice('torch/'.length),
  },
  cuda: {
    libraries: (torch) => torch.names().filter(isTorchLibrary),
    libraryPath: (name) => name,
    headerPath: (name) => name,
  },
};

/** The name in the source of a library that another one needs; undefined when the source lacks it. */
export function findLibrary(source: Source, library: string): string | undefined {
  return source.names().find((name) => getBaseName(name) === library && /^(torch|nvidia)\/(.*\/)?lib\//.test(name));
}

/** The needed libraries that must come from a wheel. */
export function listForeignLibraries(needed: readonly string[]): string[] {
  return needed.filter((name) => !isSystemLibrary(name));
}

/** C++ headers of libtorch. */
export function listHeaders(torch: Source): string[] {
  return torch.names().filter((name) => name.startsWith('torch/include/'));
}

/** All libraries of an NVIDIA wheel. */
export function listCudaLibraries(source: Source): string[] {
  return source.names().filter((name) => name.startsWith('nvidia/') && /\.so(\.\d+)*$/.test(name));
}

/** Licence texts, each with its path in the installation. */
export function listLicences(source: Source): [name: string, path: string][] {
  const pattern = /^([\w.+]+?)-[^/]*\.dist-info\/(?:licenses\/)?((?:.*\/)?(?:licen[cs]e|notice)[^/]*)$/i;
  return source.names().flatMap((name): [string, string][] => {
    const [, distribution, file] = pattern.exec(name) ?? [];
    return distribution !== undefined && file !== undefined ? [[name, `licenses/${distribution}/${file}`]] : [];
  });
}

/** The last part of a path in a wheel. */
export function getBaseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function isTorchLibrary(name: string): boolean {
  return /^torch\/lib\/[^/]+\.so(\.\d+)*$/.test(name) && !PYTHON_ONLY.test(getBaseName(name));
}
