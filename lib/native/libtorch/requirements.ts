import { raise } from '../../core/errors/index.js';

/** Libraries of NVIDIA's wheels that a CUDA build of libtorch_cpu needs, each with its toolkit component. */
const COMPONENTS: Readonly<Record<string, string>> = {
  libcudart: 'cuda-runtime',
  libcupti: 'cuda-cupti',
};

/** Libraries of every glibc system with GCC's runtime; no wheel brings them. */
const SYSTEM = /^(ld-linux-x86-64|lib(c|m|dl|rt|util|pthread|gcc_s|stdc\+\+))\.so\.\d+$/;

/** True for a library that belongs to the operating system. */
export function isSystemLibrary(name: string): boolean {
  return SYSTEM.test(name);
}

/**
 * The pip requirement that brings a library that torch's own wheel lacks.
 *
 * @param name - e.g. `libcudart.so.13`
 * @param metadata - METADATA of the torch wheel, which names the CUDA version
 * @throws PalabraError PAL_INSTALL when no package is known for it
 */
export function findRequirement(name: string, metadata: string): string {
  const component = COMPONENTS[name.replace(/\.so.*$/, '')];
  const requirement = component && (findExactRequirement(component, metadata) ?? findToolkitRequirement(component, metadata));
  return requirement || throwUnknownLibrary(name);
}

/** Requirements of a torch wheel that bring CUDA: NVIDIA's packages and its toolkit. */
export function listCudaRequirements(metadata: string): string[] {
  const lines = metadata.matchAll(/^Requires-Dist: ((?:nvidia-|cuda-toolkit)[^;\n]*)/gm);
  return [...lines].map(([, requirement = '']) => requirement.replaceAll(/\s/g, ''));
}

/** `Requires-Dist: nvidia-cuda-runtime-cu12==12.8.90; …` */
function findExactRequirement(component: string, metadata: string): string | undefined {
  return new RegExp(`^Requires-Dist: (nvidia-${component}(?:-cu\\d+)?==[\\w.]+)`, 'm').exec(metadata)?.[1];
}

/** `Requires-Dist: cuda-toolkit[cudart,…]==13.0.3; …` */
function findToolkitRequirement(component: string, metadata: string): string | undefined {
  const version = /^Requires-Dist: cuda-toolkit(?:\[[^\]]*\])?==(\d+\.\d+)/m.exec(metadata)?.[1];
  return version && `nvidia-${component}==${version}.*`;
}

function throwUnknownLibrary(name: string): never {
  raise('PAL_INSTALL', {
    where: 'libtorch install',
    expected: `${name}, which libtorch_cpu needs`,
    received: 'none in the given files, and no package known to bring it',
    fix: 'Pass --from a `torch` folder of a complete Python installation.',
    details: { name },
  });
}
