/** The native edge: finding and loading libtorch and the addon. */
export type { ArgumentInfo, ArgumentKind, CoreAddon, DTypeName, ErrorFactory, GeneratorId, MapId, MemoryStats, Misfit, OperatorId, OperatorInfo, ProgramId, ReturnInfo, RunId, RuntimeInfo, SavedModes, Slot } from './addon.js';
export { parseCpuPaths } from './diagnosis/cpu-paths.js';
export type { CpuPath } from './diagnosis/cpu-paths.js';
export { hasInstructionSet, loadAddon } from './load.js';
export { readPackageVersion } from './version.js';
