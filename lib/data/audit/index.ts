/** What the parts of a corpus share: exact and near duplicates. */
export { auditSplits, duplicateWindows } from './audit-splits.js';
export type { AuditOptions, DuplicateExample, PairAudit, SplitAudit } from './audit-splits.js';
