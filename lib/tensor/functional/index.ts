/** Every function over tensors, by topic. */
export * from './comparison.js';
export * from './creation.js';
export * from './in-place.js';
export * from './indexing.js';
export {
  broadcastTo,
  cat,
  chunk,
  clone,
  contiguous,
  detach,
  diagonal,
  expand,
  flatten,
  flip,
  movedim,
  narrow,
  permute,
  repeat,
  repeatInterleave,
  reshape,
  roll,
  select,
  split,
  squeeze,
  stack,
  t,
  transpose,
  tril,
  triu,
  unbind,
  unflatten,
  unfold,
  unsqueeze,
  view,
  viewAsType,
} from './layout.js';
export * from './linear-algebra.js';
export * from './neural.js';
export type * from './options.js';
export * from './pointwise.js';
export * from './reductions.js';
