/** Adapters: low-rank updates of the linear maps of any module, trained while its own weights are frozen. */
export { addAdapter } from './add-adapter.js';
export type { AdapterSummary, AddAdapterOptions } from './add-adapter.js';
export { getAdapterParameters } from './adapter-tensors.js';
export { combineAdapters } from './combine.js';
export type { CombineAdaptersOptions } from './combine.js';
export { deleteAdapter } from './delete-adapter.js';
export { hashBase } from './files/base-hash.js';
export { loadAdapter } from './files/load-adapter.js';
export type { LoadAdapterOptions } from './files/load-adapter.js';
export { saveAdapter } from './files/save-adapter.js';
export type { SaveAdapterOptions } from './files/save-adapter.js';
export { mergeAdapters, mergeAndUnload, unmergeAdapters } from './merge.js';
export { withRowAdapters } from './row-adapters.js';
export { listAdapters, setAdapter, setAdapterScale, setAdapterTrainable, withoutAdapters } from './switch.js';
export type { AdapterStatus } from './switch.js';
export { loraConfigSchema } from './config/lora-config.js';
export type { LoraConfig, LoraOptions } from './config/lora-config.js';
export type { LayoutRule, ModelLayout } from './config/module-names.js';
export { computeScaling } from './config/scaling.js';
export type { ScalingTerms } from './config/scaling.js';
export { AdapterStore } from './store/adapter-store.js';
export type {
  AdapterStoreOptions,
  PromoteOptions,
  PruneOptions,
  RejectOptions,
  StageOptions,
  StagedVersion,
} from './store/store-options.js';
export { compareAdapters } from './store/compare-adapters.js';
export type { AdapterChange } from './store/compare-adapters.js';
export { trainingMetadataSchema } from './store/metadata.js';
export type { TrainingMetadata, TrainingMetadataInput } from './store/metadata.js';
export type { PrunePlan } from './store/prune.js';
export type { BackupRecord } from './store/store-state.js';
export type { VersionCheck } from './store/validate.js';
export type { VersionManifest, VersionRecord } from './store/version.js';
export type { BackupKind } from './store/version-id.js';
