/** Text to token ids and back, without libtorch. */
export type { PretokenPattern } from '../native/text.js';
export { analysisOptionsSchema, analyzeCorpus } from './analysis/corpus-analysis.js';
export type { AnalysisOptions, CorpusAnalysis } from './analysis/corpus-analysis.js';
export type { CorpusFigures, NgramAnalysis } from './analysis/corpus-figures.js';
export type { Distribution, HistogramBin } from './analysis/distribution.js';
export type { DomainTerm, ReferenceCounts } from './analysis/domain-terms.js';
export type { Duplicates } from './analysis/duplicate-counter.js';
export type { Language } from './analysis/function-words.js';
export type { CharacterAnalysis, LetterCaseAnalysis, PunctuationAnalysis } from './analysis/letters-and-marks.js';
export type { CountedPhrase } from './analysis/phrase-counter.js';
export { countReferenceWords } from './analysis/reference-counts.js';
export type { Advice, Recommendation } from './analysis/report/recommendation.js';
export { renderAnalysisHtml } from './analysis/report/report-html.js';
export type { AnalysisPageOptions } from './analysis/report/report-html.js';
export { formatAnalysis } from './analysis/report/report-text.js';
export type { SentencePatterns } from './analysis/sentence-patterns.js';
export type { VocabularyAnalysis } from './analysis/vocabulary.js';
export { ChatTemplate } from './chat-template/chat-template.js';
export type { ChatTemplateOptions } from './chat-template/chat-template.js';
export { loadChatTemplate, parseChatTemplate, saveChatTemplate } from './chat-template/chat-template-file.js';
export { encodeAnswers, encodeChat, findTurnEnd } from './chat-template/encode-chat.js';
export type { EncodedChat, TokenSpan } from './chat-template/encode-chat.js';
export type { ChatMessage, RenderOptions } from './chat-template/message.js';
export { exportTokenizer } from './hugging-face/export.js';
export type { HuggingFaceTokenizer } from './hugging-face/export.js';
export { learnPreprocess } from './preprocess/learned-preprocess.js';
export { preprocessConfigSchema, preprocessRequestSchema } from './preprocess/preprocess-config.js';
export type { PreprocessConfig, PreprocessOptions, PreprocessRequest } from './preprocess/preprocess-config.js';
export { createPreprocessor, preprocessTexts } from './preprocess/preprocessor.js';
export { splitSentences } from './preprocess/sentences.js';
export { trainTruecase } from './preprocess/truecase.js';
export type { TruecaseOptions } from './preprocess/truecase.js';
export { BpeTokenizer } from './tokenizers/bpe/bpe-tokenizer.js';
export type { BpeTrainOptions } from './tokenizers/bpe/bpe-training.js';
export type { BpeSpelling, BpeVocabulary } from './tokenizers/bpe/bpe-vocabulary.js';
export type { PieceStep } from './tokenizers/bpe/pieces.js';
export { ByteTokenizer } from './tokenizers/byte-tokenizer.js';
export { CharTokenizer } from './tokenizers/char-tokenizer.js';
export type { CharTokenizerOptions } from './tokenizers/char-tokenizer.js';
export { loadGpt2Tokenizer } from './tokenizers/gpt2-tokenizer.js';
export type { Normalizer } from './tokenizers/normalizers/normalizer.js';
export {
  addSpecialTokens,
  findEndTokens,
  findStartToken,
  findSuppressedTokens,
  findUnknownToken,
} from './tokenizers/special-tokens.js';
export { StreamDecoder } from './tokenizers/stream-decoder.js';
export { buildTokenizer, tokenizerConfigSchema } from './tokenizers/tokenizer-config.js';
export type { TokenizerConfig } from './tokenizers/tokenizer-config.js';
export { getPartText, isOpenPart, iterateParts, divideChunks, replacePartText } from './tokenizers/text-parts.js';
export type { MarkedPart, PartedSource, TextPart } from './tokenizers/text-parts.js';
export { loadTokenizer, parseTokenizer, saveTokenizer } from './tokenizers/tokenizer-file.js';
export { iterateDocuments } from './tokenizers/tokenizer.js';
export type { TokenPlace } from './tokenizers/token-place.js';
export type { DecodeStep, TokenDecoding } from './tokenizers/bpe/token-decoding.js';
export type { TextSource, TokenTemplate, Tokenizer, TokenizerJSON } from './tokenizers/tokenizer.js';
export { WordTokenizer } from './tokenizers/word-tokenizer.js';
export type { WordTrainOptions } from './tokenizers/word-tokenizer.js';
export type { WordSplit, WordVocabulary } from './tokenizers/word-vocabulary.js';
