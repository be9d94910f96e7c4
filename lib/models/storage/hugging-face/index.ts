/** GPT-2 and LLaMA folders as Hugging Face lays them out. */
export { loadHuggingFace, saveHuggingFace } from './hugging-face.js';
export type { SaveHuggingFaceOptions } from './hugging-face.js';
