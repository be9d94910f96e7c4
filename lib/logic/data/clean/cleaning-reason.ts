/** Why a record is removed. */
export type CleaningReason =
  | 'input-length'
  | 'syntax'
  | 'form-mismatch'
  | 'undeclared-atom'
  | 'duplicate-letter'
  | 'empty-gloss'
  | 'duplicate-gloss'
  | 'tautology'
  | 'contradiction'
  | 'duplicate'
  | 'conflict'
  | 'near-duplicate'
  | 'trivial';
