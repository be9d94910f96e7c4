"""Tokenizers of Hugging Face, trained and asked: `tokenizer_files.py train FOLDER` , `encode` or `normalize`, JSON on stdin."""

import json
import os
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

GPT_2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN_2 = LLAMA_3.replace("{1,3}", "")
DEEPSEEK = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def byte_level(pattern=None, prefix=False):
    """The pre-tokenizer of GPT-2, or that of models with a pattern of their own."""
    if pattern is None:
        return pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    split = pre_tokenizers.Split(Regex(pattern), "isolated")
    return pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def bytes_tokenizer(texts, pre_tokenizer, normalizer=None, size=1000, **settings):
    """Byte-level BPE."""
    tokenizer = Tokenizer(models.BPE(**settings))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        special_tokens=["<END>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def llama_2(texts, metaspace=None):
    """BPE over characters with spaces as ▁ and bytes for unknown ones."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    strip = [decoders.Strip(" ", 1, 0)]
    if metaspace is None:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        parts = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), *strip]
    else:
        tokenizer.pre_tokenizer = metaspace
        parts = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
        parts += [] if metaspace.prepend_scheme == "never" else strip
    tokenizer.decoder = decoders.Sequence(parts)
    special = ["<unk>", "<s>", "</s>", *BYTES]
    trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=special, max_token_length=16, show_progress=False)
    words = [" ".join(text.split()[i : i + 5]) for text in texts for i in range(0, len(text.split()), 5)]
    tokenizer.train_from_iterator(words, trainer)
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = data["added_tokens"][:3]
    return Tokenizer.from_str(json.dumps(data))


def characters(texts):
    """BPE over characters with an end-of-word marker and an unknown token."""
    tokenizer = Tokenizer(models.BPE(unk_token="<UNK>", end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(GPT_2), "isolated")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("</w>", ""), decoders.Fuse()])
    trainer = trainers.BpeTrainer(
        vocab_size=800, special_tokens=["<UNK>"], end_of_word_suffix="</w>", show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def decoded_by(tokenizer, decoder):
    """The same tokenizer with another decoder."""
    tokenizer.decoder = decoder
    return tokenizer


def with_found(tokenizer):
    """The same tokenizer with tokens that are found in text."""
    tokenizer.add_tokens([AddedToken("->", normalized=False), AddedToken("qui", normalized=True)])
    return tokenizer


def gpt_1(texts):
    """BPE over words of lower case, each ended by a marker that the decoder makes a space."""
    tokenizer = characters(texts)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return decoded_by(tokenizer, decoders.BPEDecoder(suffix="</w>"))


def spaced(texts, pre_tokenizer):
    """BPE over characters as tutorials have it: an unknown token, no decoder."""
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(vocab_size=700, special_tokens=["[UNK]", "[PAD]"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def words(texts, pre_tokenizer, normalizer):
    """Whole words."""
    tokenizer = Tokenizer(models.WordLevel(unk_token="<UNK>"))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.normalizer = normalizer
    trainer = trainers.WordLevelTrainer(vocab_size=500, special_tokens=["<PAD>", "<UNK>"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def with_added(texts, normalizer=None):
    """Byte-level BPE with tokens that are found in text, before or after it is normalized."""
    tokenizer = bytes_tokenizer(texts, byte_level(), normalizer)
    tokens = ["    ", "  ", "->", "->>", "[x](y)", "é"]
    tokenizer.add_tokens([AddedToken(token, normalized=normalizer is not None) for token in tokens])
    if normalizer is not None:
        tokenizer.add_tokens([AddedToken("ÉE", normalized=False), AddedToken("QUI", normalized=True)])
    return tokenizer


KINDS = {
    "gpt-2": lambda texts: bytes_tokenizer(texts, byte_level()),
    "gpt-2 by split": lambda texts: bytes_tokenizer(texts, byte_level(GPT_2)),
    "llama-3": lambda texts: bytes_tokenizer(texts, byte_level(LLAMA_3), ignore_merges=True),
    "qwen-2": lambda texts: bytes_tokenizer(texts, byte_level(QWEN_2), normalizers.NFC()),
    "prefix space": lambda texts: bytes_tokenizer(
        texts,
        byte_level(prefix=True),
        normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.NFKC()]),
    ),
    "digits": lambda texts: bytes_tokenizer(
        texts,
        pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        ),
    ),
    "no pattern": lambda texts: bytes_tokenizer(
        [text[:200] for text in texts], pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False), size=400
    ),
    "added tokens": with_added,
    "normalized tokens": lambda texts: with_added(
        texts, normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase()])
    ),
    "whitespace": lambda texts: spaced(texts, pre_tokenizers.Whitespace()),
    "spaces and punctuation": lambda texts: spaced(
        texts, pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
    ),
    "as bert cuts": lambda texts: spaced(texts, pre_tokenizers.BertPreTokenizer()),
    "whitespace in bytes": lambda texts: bytes_tokenizer(
        texts,
        pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.ByteLevel(use_regex=False)]),
    ),
    "as falcon cuts": lambda texts: bytes_tokenizer(
        texts,
        pre_tokenizers.Sequence(
            [
                pre_tokenizers.Punctuation("contiguous"),
                pre_tokenizers.Digits(individual_digits=False),
                pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]
        ),
    ),
    "as deepseek cuts": lambda texts: bytes_tokenizer(
        texts,
        pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
                pre_tokenizers.Split(Regex("[一-龥぀-ゟ゠-ヿ]+"), "isolated"),
                pre_tokenizers.Split(Regex(DEEPSEEK), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        ),
    ),
    "llama-2": llama_2,
    "metaspace, first": lambda texts: llama_2(texts, pre_tokenizers.Metaspace(prepend_scheme="first")),
    "metaspace, never": lambda texts: llama_2(texts, pre_tokenizers.Metaspace(prepend_scheme="never", split=False)),
    "metaspace, first, tokens in text": lambda texts: with_found(
        llama_2(texts, pre_tokenizers.Metaspace(prepend_scheme="first"))
    ),
    "metaspace, always, tokens in text": lambda texts: with_found(
        llama_2(texts, pre_tokenizers.Metaspace(prepend_scheme="always"))
    ),
    "characters": characters,
    "gpt-1": gpt_1,
    "ends of words, no decoder": lambda texts: decoded_by(characters(texts), None),
    "ends of words as they are": lambda texts: decoded_by(characters(texts), decoders.Fuse()),
    "bytes as they are written": lambda texts: decoded_by(bytes_tokenizer(texts, byte_level()), None),
    "a strip of every token": lambda texts: decoded_by(
        llama_2(texts), decoders.Sequence([decoders.Replace("▁", " "), decoders.Strip(" ", 2, 0), decoders.ByteFallback()])
    ),
    "metaspace by its decoder": lambda texts: decoded_by(
        llama_2(texts), decoders.Sequence([decoders.Metaspace(prepend_scheme="always"), decoders.ByteFallback()])
    ),
    "metaspace without bytes": lambda texts: decoded_by(llama_2(texts), decoders.Metaspace(prepend_scheme="never")),
    "o200k": lambda texts: bytes_tokenizer(texts, byte_level(O200K)),
    "words": lambda texts: words(texts, pre_tokenizers.Whitespace(), normalizers.Lowercase()),
    "words by spaces": lambda texts: words(texts, pre_tokenizers.WhitespaceSplit(), normalizers.NFKC()),
}


def train(folder, texts):
    """Writes a file for each kind and prints their names."""
    for kind, make in KINDS.items():
        make(texts).save(os.path.join(folder, f"{kind}.json"))
    print(json.dumps(list(KINDS)))


def encode(requests):
    """Prints for each request the ids of each text and what they decode to."""
    answers = []
    for request in requests:
        tokenizer = Tokenizer.from_file(request["file"])
        tokenizer.encode_special_tokens = True
        encodings = tokenizer.encode_batch(request["texts"], add_special_tokens=False)
        decoded = [tokenizer.decode(encoding.ids, skip_special_tokens=False) for encoding in encodings]
        answers.append({"ids": [encoding.ids for encoding in encodings], "decoded": decoded})
    print(json.dumps(answers))


def normalize(request):
    """Prints for each normalizer the characters it changes, and what it makes of some texts."""
    points = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    answers = {}
    for name in request["names"]:
        normalizer = getattr(normalizers, name)()
        made = ((point, normalizer.normalize_str(point)) for point in points)
        changed = {point: by for point, by in made if point != by}
        answers[name] = {"characters": changed, "texts": [normalizer.normalize_str(text) for text in request["texts"]]}
    print(json.dumps(answers))


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(sys.argv[2], json.load(sys.stdin))
    elif sys.argv[1] == "normalize":
        normalize(json.load(sys.stdin))
    else:
        encode(json.load(sys.stdin))
