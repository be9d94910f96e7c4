/** Propositional logic, and the Spanish that says it. */
export { listAtoms, renameAtoms } from './formula/atoms.js';
export { canonicalize } from './formula/canonicalize.js';
export { and, atom, combine, iff, implies, not, or } from './formula/formula.js';
export type { Atom, BinaryFormula, BinaryKind, Formula, Negation } from './formula/formula.js';
export { parseFormula } from './formula/parse-formula.js';
export { formulaStyles, printFormula } from './formula/print-formula.js';
export type { FormulaStyle } from './formula/print-formula.js';
export { equivalent, isContingent, isContradiction, isTautology } from './semantics/equivalence.js';
export { findModel } from './semantics/find-model.js';
export type { SearchOptions } from './semantics/find-model.js';
export type { ModelSearch } from './semantics/model-search.js';
export { buildTruthTable, countTrueRows, listRows, readRow, readValuation } from './semantics/truth-table.js';
export type { TruthTable } from './semantics/truth-table.js';
export { evaluateFormula } from './semantics/valuation.js';
export type { Valuation } from './semantics/valuation.js';
export { complexityLevels, measureComplexity } from './formula/complexity.js';
export type { ComplexityLevel, FormulaComplexity } from './formula/complexity.js';
export { computeSemanticPattern, computeSyntacticPattern } from './forms/pattern.js';
export type { SemanticPatternOptions } from './forms/pattern.js';
export { changeMeaning } from './forms/change-meaning.js';
export { simplify } from './forms/simplify.js';
export type { Argument } from './arguments/find-form.js';
export type { FormalFallacy, KnownFallacy, ValidForm } from './arguments/argument-forms.js';
export { isSentence } from './arguments/is-sentence.js';
export { argumentKinds, generateArgument, joinArgument } from './arguments/generate-argument.js';
export type { ArgumentKind, ArgumentSettings, GeneratedArgument } from './arguments/generate-argument.js';
export type { ArgumentSentence } from './arguments/compose/say-proposition.js';
export { joinAtoms } from './arguments/join-atoms.js';
export type { JoinedFormulas } from './arguments/join-atoms.js';
export { verifyArgument } from './arguments/verify-argument.js';
export type { ArgumentFlags, ArgumentVerdict, VerifyArgumentOptions } from './arguments/verify-argument.js';
export { alignAtoms } from './metrics/align-atoms.js';
export type { Alignment, GlossedAtom, GlossedFormula } from './metrics/align-atoms.js';
export { computePartialCredit, scorePrediction } from './metrics/score-prediction.js';
export type { CompositionWeights, PredictionScores } from './metrics/score-prediction.js';
export { computeTreeEditDistance } from './metrics/tree-edit-distance.js';
export { comparePredictions } from './evaluation/compare-predictions.js';
export type { ComparePredictionsOptions, ComparedScore } from './evaluation/compare-predictions.js';
export type { BaselineName } from './evaluation/baselines.js';
export type { ScoreCategory } from './evaluation/category.js';
export type { ConfusionMatrix, RootConfusion } from './evaluation/confusion.js';
export { evaluatePredictions } from './evaluation/evaluate-predictions.js';
export type { EvaluatePredictionsOptions } from './evaluation/evaluate-predictions.js';
export { breakdownTitles } from './evaluation/groups.js';
export type { Breakdown } from './evaluation/groups.js';
export { computeWilsonInterval } from './evaluation/intervals.js';
export type { ScoreInterval } from './evaluation/intervals.js';
export { readPredictions } from './evaluation/prediction.js';
export type { LogicPrediction } from './evaluation/prediction.js';
export { renderComparison, renderLogicReport } from './evaluation/render-report.js';
export type {
  BaselineResult,
  EvaluationSource,
  ExcludedRecord,
  FailedRecord,
  Finding,
  LogicReport,
} from './evaluation/report.js';
export { generateRecord } from './grammar/records/generate-record.js';
export type { GrammarSettings } from './grammar/records/generate-record.js';
export { listVerbForms } from './grammar/morphology/list-verb-forms.js';
export { StopList } from './grammar/records/stop-list.js';
export type { LogicRecord, RecordAtom, RecordConnector } from './data/records/record.js';
export { slices } from './grammar/clauses/slices.js';
export type { Slice } from './grammar/clauses/slices.js';
export { logicRecordSchema } from './data/records/record.js';
export { readRecords } from './data/records/read-records.js';
export { writeLines, writeRecords } from './data/records/write-records.js';
export { writeStatistics } from './data/stages/stage-statistics.js';
export type { Counts, StageStatistics } from './data/stages/stage-statistics.js';
export { findNearDuplicates } from './data/clean/near-duplicates.js';
export type { NearPair } from './data/clean/near-duplicates.js';
export { cleanRecords } from './data/clean/clean-records.js';
export type { CleanOptions, CleanedRecords, RemovedRecord } from './data/clean/clean-records.js';
export type { CleaningReason } from './data/clean/cleaning-reason.js';
export { splitProtocols, splitRecords } from './data/split/split-records.js';
export type { RecordSplits, SplitOptions, SplitProtocol, SplitStatistics } from './data/split/split-records.js';
export { writeSplits } from './data/split/write-splits.js';
export type { WriteSplitsOptions } from './data/split/write-splits.js';
export type { HeldOutSurfaces } from './data/split/held-out-surfaces.js';
export type { LeakageCounts } from './data/split/count-leakage.js';
export { splitNames } from './data/split/assign-groups.js';
export type { SplitName } from './data/split/assign-groups.js';
export { augmentRecords } from './data/augment/augment-records.js';
export type { AugmentOptions, AugmentedRecords } from './data/augment/augment-records.js';
export { balanceRecords } from './data/balance/balance-records.js';
export type { BalanceOptions, BalancedRecords } from './data/balance/balance-records.js';
export type { BalanceTarget } from './data/balance/balance-target.js';
export type { LevelShares } from './data/balance/level-shares.js';
export { generateData } from './data/stages/generate-data.js';
export type { DataOptions, DataProgress } from './data/stages/generate-data.js';
export { createChatVerifier } from './data/verify/chat-verifier.js';
export type { ChatVerifierOptions } from './data/verify/chat-verifier.js';
export { verifyRecords } from './data/verify/verify-records.js';
export type { VerifiedRecords, VerifyRecordsOptions } from './data/verify/verify-records.js';
export type {
  VerificationFailure,
  VerificationRequest,
  VerificationUsage,
  VerificationVerdict,
  Verifier,
} from './data/verify/verifier.js';
export { fallacyLabels } from './detective/data/labels.js';
export type { FallacyLabel } from './detective/data/labels.js';
export { explainFallacy } from './detective/data/explain-fallacy.js';
export { fallacyRecordSchema } from './detective/data/record.js';
export type { FallacyRecord } from './detective/data/record.js';
export { readFallacies } from './detective/data/read-fallacies.js';
export { describeFallacies } from './detective/data/describe-fallacies.js';
export type { FallacyStatistics } from './detective/data/describe-fallacies.js';
export { generateFallacy } from './detective/generate-fallacy.js';
export type { FallacySettings, TemplatePartName } from './detective/generate-fallacy.js';
export { drawFallacies } from './detective/draw-fallacies.js';
export type { DrawFallaciesOptions, FallacySplits } from './detective/draw-fallacies.js';
export { scoreLabels } from './detective/scores/score-labels.js';
export type { LabelScore, LabelScores } from './detective/scores/score-labels.js';
export { WordBaseline } from './detective/scores/word-baseline.js';
