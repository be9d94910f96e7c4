/** The native edge: finding and loading libtorch and the addon. */
export type * from './addon.js';
export { addon } from './load.js';
