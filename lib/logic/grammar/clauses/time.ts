/**
 * The time of a sentence: p what holds, f what will be, h what would be, c what would have been, b what used to be, a what
 * happened, i a command.
 */
export type Time = 'p' | 'f' | 'h' | 'c' | 'b' | 'a' | 'i';
