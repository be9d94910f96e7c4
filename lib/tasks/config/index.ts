/** The settings of tasks that are plain data, for command lines that load a task when it runs. */
export { gateConfigSchema } from '../instruct/gate/gate-options.js';
export type { GateOptions } from '../instruct/gate/gate-options.js';
export { adapterRunConfigSchema } from '../instruct/run/run-config.js';
export type { AdapterRunOptions } from '../instruct/run/run-config.js';
