import { describe, expect, test } from '@jest/globals';

import { listCudaRequirements, isSystemLibrary, findRequirement } from '../../../lib/native/libtorch/requirements.js';

const toolkit = `Requires-Dist: filelock
Requires-Dist: cuda-toolkit[cublas,cudart,cupti]==13.0.3; platform_system == "Linux"
Requires-Dist: nvidia-cudnn-cu13==9.20.0.48; platform_system == "Linux"
Requires-Dist: triton==3.7.1; platform_system == "Linux"
`;
const older = 'Requires-Dist: nvidia-cuda-runtime-cu12==12.8.90; platform_system == "Linux"\n';

describe('what libtorch needs beside its own wheel', () => {
  test('the CUDA runtime of the toolkit that the metadata names', () => {
    expect(findRequirement('libcudart.so.13', toolkit)).toBe('nvidia-cuda-runtime==13.0.*');
    expect(findRequirement('libcupti.so.13', toolkit)).toBe('nvidia-cuda-cupti==13.0.*');
  });

  test('the exact package where the metadata names it', () => {
    expect(findRequirement('libcudart.so.12', older)).toBe('nvidia-cuda-runtime-cu12==12.8.90');
  });

  test('a library that no package is known for is an error that names it', () => {
    expect(() => findRequirement('libfoo.so.1', toolkit)).toThrow('[PAL_INSTALL] libtorch install: expected libfoo.so.1');
    expect(() => findRequirement('libcudart.so.13', '')).toThrow('libcudart.so.13');
  });

  test('the whole of CUDA, without what serves Python', () => {
    expect(listCudaRequirements(toolkit)).toEqual(['cuda-toolkit[cublas,cudart,cupti]==13.0.3', 'nvidia-cudnn-cu13==9.20.0.48']);
  });

  test('libraries of the system come from no wheel', () => {
    const system = ['libc.so.6', 'libstdc++.so.6', 'libgcc_s.so.1', 'ld-linux-x86-64.so.2', 'libpthread.so.0'];
    expect(system.every(isSystemLibrary)).toBe(true);
    expect(['libgomp.so.1', 'libcudart.so.13', 'libc10.so'].some(isSystemLibrary)).toBe(false);
  });
});
