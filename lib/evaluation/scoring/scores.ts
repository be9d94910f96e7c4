/** Counts and figures of a scored text. */
export interface TextScore {
  /** Nats a predicted token. */
  loss: number;
  /** e to the loss. It can't be compared between tokenizers. */
  perplexity: number;
  /** e to the nats a word, words being what stands between white space; NaN without a word. */
  wordPerplexity: number;
  /** It can be compared between tokenizers. */
  bitsPerByte: number;
  /** It can be compared between tokenizers on the same text. */
  bitsPerCharacter: number;
  /** The share of predicted tokens that were the likeliest. */
  accuracy: number;
  /** All nats together. */
  nats: number;
  /** Tokens predicted. */
  tokens: number;
  /** Words that the predicted tokens hold, or hold a part of. */
  words: number;
  /** Bytes of UTF-8 that the predicted tokens stand for. */
  bytes: number;
  /** Code points that begin in those bytes. */
  characters: number;
  /** Predicted tokens that are the unknown one: its text is lost, so many of them flatter every figure. */
  unknown: number;
}

/** Treatment of the first token of documents. */
export type FirstTokenRule = 'not predicted' | 'after a start token' | 'after a start token where there is one';

/** Scores of documents, and the settings they were measured with. */
export interface ScoreReport extends TextScore {
  /** The same of each document. */
  documents: TextScore[];
  context: number;
  stride: number;
  /** Treatment of the first token of each document: not predicted, or predicted after a start token. */
  firstToken: FirstTokenRule;
  /** True where a recurrent state went on from window to window. */
  stateful: boolean;
  /** True where the model learned from what it had scored. */
  dynamic: boolean;
}
