/** Adapters: low-rank updates of the linear maps of any module, trained while its own weights are frozen. */
export { addAdapter } from './add-adapter.js';
export type { AdapterSummary, AddAdapterOptions } from './add-adapter.js';
export { getAdapterParameters } from './adapter-registry.js';
export { loraConfigSchema } from './config/lora-config.js';
export type { LoraConfig, LoraOptions } from './config/lora-config.js';
export type { LayoutRule, ModelLayout } from './config/module-names.js';
export { computeScaling } from './config/scaling.js';
export type { ScalingTerms } from './config/scaling.js';
