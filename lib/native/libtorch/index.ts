/** libtorch in the cache: fetching, listing, checking, removing. */
export { cachePlace, cacheRoot, listInstalled } from './cache.js';
export type { Installed } from './cache.js';
export { installLibtorch } from './install.js';
export type { InstallOptions, InstallResult } from './install.js';
export type { InstallProgress } from './writer.js';
export { changedFiles, readManifest } from './manifest.js';
export type { FileRecord, Manifest } from './manifest.js';
export { LIBTORCH_VERSION, PLATFORM_PACKAGE, VARIANTS } from './pin.js';
export type { Variant } from './pin.js';
