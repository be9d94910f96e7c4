/** Where a token stands in a text. */
export interface TokenPlace {
  /** It is the first one. */
  readonly first: boolean;
  /** It is the last one. */
  readonly last: boolean;
}

/** Between others. */
export const inside: TokenPlace = { first: false, last: false };
