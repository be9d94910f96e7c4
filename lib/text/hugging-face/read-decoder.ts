import type { BpeSpelling } from '../tokenizers/bpe/bpe-vocabulary.js';
import { formatFallbackToken } from '../tokenizers/bpe/bpe-vocabulary.js';
import type { DecodeStep, TokenDecoding } from '../tokenizers/bpe/token-decoding.js';
import { flattenSequence, prependsSpace, readPattern, readText } from './components.js';
import { throwUnsupported } from './schema.js';
import type { Component, HuggingFaceFile } from './schema.js';

const KNOWN =
  'ByteLevel, or a Sequence of Replace, Metaspace, BPEDecoder and Strip, then ByteFallback, then Fuse, then a Strip of one space at the start, each where it is needed';

/** The spelling of tokens of characters: bytes stand in for other characters where the vocabulary has all 256. */
export function readSpelling({ model }: HuggingFaceFile): BpeSpelling {
  const bytes = Array.from({ length: 256 }, (_, byte) => formatFallbackToken(byte));
  const count = bytes.filter((token) => Object.hasOwn(model.vocab, token)).length;
  if (model.byte_fallback && count % 256 !== 0)
    throwUnsupported('model, byte_fallback', `${count} tokens for bytes`, 'tokens for all 256 bytes, or for none');
  return {
    type: 'characters',
    byteFallback: model.byte_fallback && count > 0,
    endOfWord: model.end_of_word_suffix ?? '',
  };
}

/** The decoding of a file; without a decoder their library puts a space between tokens. */
export function readDecoding({ decoder }: HuggingFaceFile): TokenDecoding {
  if (decoder == null) return { steps: [{ type: 'spaced' }], bytes: 'none', leadingSpace: false };
  const reader = new DecoderReader();
  for (const component of flattenSequence(decoder, 'decoders')) reader.add(component);
  return reader.decoding;
}

/** Reads components in their order: some act on tokens, those behind a Fuse on the whole text. */
class DecoderReader {
  readonly #steps: DecodeStep[] = [];
  #bytes: TokenDecoding['bytes'] = 'none';
  #leadingSpace = false;
  #fused = false;

  get decoding(): TokenDecoding {
    return { steps: this.#steps, bytes: this.#bytes, leadingSpace: this.#leadingSpace };
  }

  add(component: Component): void {
    if (component.type === 'Fuse') this.#fused = true;
    else if (this.#fused) this.#addOfText(component);
    else if (this.#bytes !== 'none') throwUnknown(component);
    else if (component.type === 'ByteFallback') this.#bytes = 'fallback';
    else if (component.type === 'ByteLevel' && this.#steps.length === 0)
      [this.#bytes, this.#fused] = ['alphabet', true];
    else this.#steps.push(readStep(component));
  }

  #addOfText(component: Component): void {
    const { type, content, start, stop } = component;
    if (this.#leadingSpace || type !== 'Strip' || content !== ' ' || start !== 1 || stop !== 0) throwUnknown(component);
    this.#leadingSpace = true;
  }
}

function readStep(component: Component): DecodeStep {
  switch (component.type) {
    case 'Replace':
      return { type: 'replace', text: readPattern(component, 'String'), by: readText(component, 'content') };
    case 'Metaspace':
      return { type: 'metaspace', character: readText(component, 'replacement'), begins: prependsSpace(component) };
    case 'BPEDecoder':
      return { type: 'suffix', suffix: readText(component, 'suffix') || throwUnknown(component) };
    case 'Strip':
      return readStrip(component);
    default:
      return throwUnknown(component);
  }
}

function readStrip(component: Component): DecodeStep {
  const { content, start, stop } = component;
  if (typeof content !== 'string' || typeof start !== 'number' || stop !== 0) return throwUnknown(component);
  return { type: 'strip', character: content, start };
}

function throwUnknown(component: unknown): never {
  return throwUnsupported('decoder', component, KNOWN);
}
