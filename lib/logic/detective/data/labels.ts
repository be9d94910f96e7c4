/** What the detective tells apart: informal fallacies, and what is none. */
export const fallacyLabels = [
  ...(['none', 'strawMan', 'adHominem', 'falseCause', 'slipperySlope', 'falseDilemma', 'appealToAuthority'] as const),
  ...(['hastyGeneralisation', 'circularReasoning', 'appealToEmotion', 'tuQuoque', 'redHerring'] as const),
] as const;

/** A label of {@link fallacyLabels}. */
export type FallacyLabel = (typeof fallacyLabels)[number];
