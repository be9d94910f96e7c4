/** The most that configurations ask for: one that asks for more is damaged or mistyped, and would end the process. */
export const MAX_LAYERS = 10_000;
/** Of the residual stream, and of a recurrent layer. */
export const MAX_WIDTH = 2 ** 20;
/** Of one attention head: its frequencies are listed. */
export const MAX_HEAD_WIDTH = 2 ** 16;
