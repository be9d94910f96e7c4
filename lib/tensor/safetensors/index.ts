/** Tensors in files: the safetensors format, fully checked before anything is allocated. */
export { SafetensorsReader, loadSafetensors, openSafetensors } from './reader.js';
export type { SafetensorsOptions } from './reader.js';
export { saveSafetensors } from './writer.js';
export type { SaveSafetensorsOptions } from './writer.js';
