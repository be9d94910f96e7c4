/** What joins data of a kind to models: instructions to follow. */
export { findDuplicateInstructions, hashInstruction } from './instruct/duplicates.js';
export type { DuplicateGroup, InstructionDuplicates, PlacedInstruction } from './instruct/duplicates.js';
export { createPlainTemplate, encodeInstruction } from './instruct/encode-instruction.js';
export type { EncodedInstruction } from './instruct/encode-instruction.js';
export { InstructionDataset } from './instruct/instruction-dataset.js';
export type { InstructionDatasetOptions } from './instruct/instruction-dataset.js';
export { parseInstruction } from './instruct/instruction.js';
export type { Instruction, ParsedInstruction } from './instruct/instruction.js';
export { openInstructions } from './instruct/open-instructions.js';
export type { InstructionFile, InstructionOptions, Instructions } from './instruct/open-instructions.js';
