import type { TextSource, Tokenizer } from '../../text/index.js';
import type { Augmentation } from '../datasets/augmentation.js';
import type { HeldOutTexts, PrepareConfig } from './prepare-config.js';

/** What a preparation does: it measures the text, learns from its training part, encodes, writes and compares the parts. */
export type PrepareStage = 'measure' | 'learn' | 'encode' | 'write' | 'compare';

/** Progress of one stage of `prepare`. */
export interface PrepareProgress {
  stage: PrepareStage;
  /** Bytes of text, or tokens where parts are written or compared. */
  done: number;
  /** Undefined where that is not known. */
  total: number | undefined;
}

/** Options of `prepare`. */
export interface PrepareOptions extends PrepareConfig {
  /** The folder to appear. */
  directory: string;
  /**
   * The tokenizer, or a function that trains one. It is given the training part and the whole text, made uniform; the text
   * is then divided by its bytes before anything is learned from it.
   */
  tokenizer: Tokenizer | ((training: TextSource, whole: TextSource) => Promise<Tokenizer>);
  /** Allows a folder that exists. Default: false. */
  replace?: boolean;
  /** Texts that are a held-out part as they are; the shares of the split are for parts without one. Default: none. */
  heldOut?: HeldOutTexts;
  /**
   * Makes variants of the documents that lie wholly in the training part, which are added to it; held-out documents are
   * never seen by it. The source is read twice. Default: none.
   */
  augmentation?: Augmentation;
  /** Called after each document that is encoded. */
  onProgress?: (progress: { documents: number; bytes: number }) => void;
  /** Called now and then in every stage. */
  onStage?: (progress: PrepareProgress) => void;
  /** Ends with an error of code PAL_ABORTED; no folder appears. */
  signal?: AbortSignal;
}
