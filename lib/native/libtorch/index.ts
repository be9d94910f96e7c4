/** libtorch in the cache: fetching, listing, checking, removing. */
export { listInstalled } from './cache.js';
export type { Installed } from './cache.js';
export { installLibtorch } from './install.js';
export { listChangedFiles, readManifest } from './manifest.js';
export { LIBTORCH_VERSION, VARIANTS } from './pin.js';
export type { Variant } from './pin.js';
export type { InstallProgress } from './writer.js';
