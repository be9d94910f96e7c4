/** The native edge: finding and loading libtorch and the addon. */
export type * from './addon.js';
export { diagnose } from './diagnose.js';
export type { Diagnosis } from './diagnose.js';
export * from './libtorch/index.js';
export { loadAddon, hasInstructionSet } from './load.js';
export { readPackageVersion } from './version.js';
