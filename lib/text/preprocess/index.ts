/** Text made uniform before it becomes tokens: the same steps for training data and for prompts. */
export { preprocessConfigSchema, preprocessRequestSchema } from './preprocess-config.js';
export type { PreprocessConfig, PreprocessOptions, PreprocessRequest } from './preprocess-config.js';
export { learnPreprocess } from './learned-preprocess.js';
export { preprocessTexts, createPreprocessor } from './preprocessor.js';
export { splitSentences } from './sentences.js';
export { trainTruecase } from './truecase.js';
export type { TruecaseOptions } from './truecase.js';
