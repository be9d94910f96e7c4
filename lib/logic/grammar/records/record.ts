import type { ComplexityLevel } from '../../formula/complexity.js';

/** An atom and the clause that it stands for. */
export interface RecordAtom {
  letter: string;
  gloss: string;
}

/** A connective and the words that say it. */
export interface RecordConnector {
  symbol: '¬' | '∧' | '∨' | '→' | '↔';
  /** Its words; … stands between words apart. */
  cue: string;
  /** Where the first of them stand in the input, in UTF-16 units. */
  span?: [start: number, end: number];
}

/** A sentence and its formula, as data sets hold them. */
export interface LogicRecord {
  schemaVersion: 1;
  /** A hash of input and canonical formula. */
  id: string;
  /** The record that this one is made from; its own where there is none. */
  sourceId: string;
  input: string;
  /** In canonical Unicode symbols. */
  formula: string;
  /** In the order of first mention. */
  atoms: RecordAtom[];
  connectors: RecordConnector[];
  reasoning: string[];
  complexity: ComplexityLevel;
  domain: string;
  /** The constructions of the sentence, the outermost first. */
  surface: string[];
  provenance: {
    kind: 'llm' | 'grammar' | 'human' | 'augmented';
    generator: string;
    version: string;
    seed?: number;
    index?: number;
    parents: string[];
    transform?: string;
  };
  verification: {
    status: 'unverified' | 'confirmed' | 'corrected' | 'rejected' | 'error';
    issues: string[];
  };
}
