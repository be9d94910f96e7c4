/** The version of the grammar and its words; another one makes other sentences. */
export const GRAMMAR_VERSION = '3';
