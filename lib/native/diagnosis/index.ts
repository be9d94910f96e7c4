/** What loading finds on this machine: the report of `palabra doctor`. */
export { diagnose } from './diagnose.js';
export type { Diagnosis } from './diagnose.js';
