import type { WordVocabulary } from '../tokenizers/word-vocabulary.js';
import { readNormalizers } from './read-parts.js';
import { readAddedTokens, readTokens } from './read-tokens.js';
import { throwInconsistent, throwUnsupported } from './schema.js';
import type { HuggingFaceFile } from './schema.js';

/** The vocabulary of a file with a WordLevel model. */
export function readWordLevel(file: HuggingFaceFile): WordVocabulary {
  const { model, decoder, truncation } = file;
  const normalizers = readNormalizers(file.normalizer);
  const { special, ...others } = readAddedTokens(file, normalizers);
  const ordinary = Object.keys({ ...others.verbatim, ...others.normalized });
  if (ordinary.length > 0) throwUnsupported('added_tokens', ordinary, 'special tokens alone');
  if (truncation != null) throwUnsupported('truncation', truncation, 'null');
  if (decoder != null) throwUnsupported('decoder', decoder, 'null, which puts spaces between words');
  const unknown = model.unk_token ?? '<unk>';
  const found = model.vocab[unknown];
  if (found === undefined) throwInconsistent('model, unk_token', 'a token of the vocabulary', JSON.stringify(unknown));
  return {
    tokens: readTokens(file),
    specialTokens: { ...special, [unknown]: found },
    unknownToken: unknown,
    split: readSplit(file),
    normalizers,
  };
}

function readSplit({ pre_tokenizer: component }: HuggingFaceFile): WordVocabulary['split'] {
  if (component?.type === 'Whitespace') return 'words';
  if (component?.type === 'WhitespaceSplit') return 'spaces';
  return throwUnsupported('pre_tokenizer', component ?? 'null', 'Whitespace or WhitespaceSplit');
}
