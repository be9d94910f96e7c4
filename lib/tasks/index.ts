/** What joins data of a kind to models: instructions to follow, sentences and their formulas. */
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
export { selectRunExitCode } from './instruct/run/run-report.js';
export type { RunStatus, TrainAdaptersReport } from './instruct/run/run-report.js';
export type { TrainedDataset } from './instruct/run/datasets.js';
export { trainAdapters } from './instruct/run/train-adapters.js';
export { adapterRunConfigSchema } from './instruct/run/run-config.js';
export type { AdapterRunOptions } from './instruct/run/run-config.js';
export type { AdapterStage, AdapterStep, RunInputs, TrainAdaptersOptions } from './instruct/run/run-options.js';
export type { ReadPlan, ReadStep } from './instruct/run/read-plan.js';
export type { PlanOptions, PlanStep } from './instruct/plan/training-plan.js';
export type { TrainingMode } from './instruct/plan/lay-out-passes.js';
export { gateConfigSchema } from './instruct/gate/gate-options.js';
export type { GateOptions } from './instruct/gate/gate-options.js';
export type {
  ComparedLosses,
  FileTrials,
  GenerationFigures,
  LossComparison,
  QualityReport,
} from './instruct/gate/quality-report.js';
export type { EncodedExample } from './instruct/read-instructions.js';
export { LogicConstraint } from './logic/decoding/logic-constraint.js';
export type { LogicConstraintOptions, LogicMatcher } from './logic/decoding/logic-constraint.js';
export type { OutputLimits } from './logic/decoding/output-state.js';
export { formalize } from './logic/formalize/formalize.js';
export type { FormalizeOptions, FormalizedToken } from './logic/formalize/formalize-options.js';
export type { FormalizeFinish, FormalizedSentence } from './logic/formalize/read-output.js';
export { formalizeArgument } from './logic/arguments/formalize-argument.js';
export type { FormalizedArgument, WrittenArgument } from './logic/arguments/formalize-argument.js';
export { decodeLogicSequence } from './logic/sequence/decode-sequence.js';
export type { DecodedLogic } from './logic/sequence/decode-sequence.js';
export { encodeLogicPrompt, encodeLogicRecord, logicModes } from './logic/sequence/encode-record.js';
export type {
  EncodeLogicOptions,
  EncodedLogicRecord,
  LogicExample,
  LogicMode,
} from './logic/sequence/encode-record.js';
export type { PhaseReport } from './logic/train/write-report.js';
export { trainLogicTokenizer } from './logic/sequence/train-tokenizer.js';
export type { LogicTokenizerOptions } from './logic/sequence/train-tokenizer.js';
export { LogicVocabulary, logicSections, logicTokens } from './logic/sequence/vocabulary.js';
export type { LogicSection } from './logic/sequence/vocabulary.js';
export { parseLogicExample } from './logic/data/example.js';
export type { ParsedLogicExample, PlacedLogicExample } from './logic/data/example.js';
export { drawLogicExamples } from './logic/data/draw-examples.js';
export type { DrawnExamples } from './logic/data/draw-examples.js';
export { splitLogicExamples } from './logic/data/hold-out.js';
export type { LogicSplits } from './logic/data/hold-out.js';
export { layOutLogicPasses, parseCurriculum } from './logic/data/lay-out-passes.js';
export type { LogicPasses, LogicStage } from './logic/data/lay-out-passes.js';
export { readLogicExamples } from './logic/data/read-examples.js';
export type { ReadLogicExamples } from './logic/data/read-examples.js';
export { trainLogicConfigSchema } from './logic/train/options.js';
export type {
  TrainLogicConfig,
  TrainLogicInputs,
  TrainLogicOptions,
  TrainLogicStage,
  TrainLogicStep,
} from './logic/train/options.js';
export { logicRecipes } from './logic/train/recipes.js';
export type { LogicRecipe, LogicRecipeName } from './logic/train/recipes.js';
export { scoreFormalizer } from './logic/train/score-formalizer.js';
export type { FormalizerScores } from './logic/train/score-formalizer.js';
export { trainLogic } from './logic/train/train-logic.js';
export type { TrainLogicReport } from './logic/train/write-report.js';
export { detect } from './logic/detective/detect.js';
export type { DetectOptions, DetectedFallacy } from './logic/detective/detect.js';
export { encodeFallacy } from './logic/detective/encode-fallacy.js';
export type { FallacyExample } from './logic/detective/encode-fallacy.js';
export { DetectiveVocabulary, trainDetectiveTokenizer } from './logic/detective/vocabulary.js';
export { scoreDetective } from './logic/detective/score-detective.js';
export type { DetectiveScores } from './logic/detective/score-detective.js';
export { trainDetectiveConfigSchema } from './logic/detective/detective-options.js';
export type { TrainDetectiveConfig, TrainDetectiveOptions } from './logic/detective/detective-options.js';
export { trainDetective } from './logic/detective/train-detective.js';
export type { TrainDetectiveReport } from './logic/detective/train-detective.js';
export type { PlayerName } from './logic/self-play/frozen-test.js';
export { runSelfPlay } from './logic/self-play/self-play.js';
export type { SelfPlayOptions, SelfPlayStage } from './logic/self-play/self-play-options.js';
export type { LessonResult, SelfPlayReport, SelfPlayRound } from './logic/self-play/report.js';
