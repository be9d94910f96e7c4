"""Byte-pair encoding with its peers, on one core.

`c9.py train FILE VOCAB OUT` trains Hugging Face's tokenizer; `c9.py hf FILE TIMES TOKENIZER` encodes with it,
`c9.py tiktoken FILE TIMES TOKENIZER` with tiktoken and the same merges. The last line gives seconds, megabytes and a
hash of the ids.
"""

import hashlib
import json
import os
import resource
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy
import tiktoken
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"


class Stopwatch:
    """Time since it was made, by the clock and of processors."""

    def __init__(self) -> None:
        self.start = (time.perf_counter(), time.process_time())

    def read(self) -> dict:
        """Both, in seconds."""
        return {
            "seconds": time.perf_counter() - self.start[0],
            "cpuSeconds": time.process_time() - self.start[1],
        }


def train(path: str, size: int, out: str) -> dict:
    """Byte-level BPE from the lines of a file, as its documentation shows it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    watch = Stopwatch()
    tokenizer.train_from_iterator([text], trainer)
    taken = watch.read()
    tokenizer.save(out)
    return {**taken, "megabytes": os.path.getsize(path) / 1e6}


def mergeable_ranks(path: str) -> dict:
    """The vocabulary of a tokenizer.json as tiktoken wants it."""
    characters = bytes_of_characters()
    with open(path, encoding="utf-8") as file:
        vocabulary = json.load(file)["model"]["vocab"]
    return {bytes(characters[character] for character in token): rank for token, rank in vocabulary.items()}


def bytes_of_characters() -> dict:
    """The byte that each visible character of GPT-2's alphabet stands for."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(0x100 + i): byte for i, byte in enumerate(others)}


def encode(peer: str, path: str, times: int, vocabulary: str) -> dict:
    """Encodes one string."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read() * times
    if peer == "hf":
        tokenizer = Tokenizer.from_file(vocabulary)
        watch = Stopwatch()
        ids = tokenizer.encode_batch_fast([text], add_special_tokens=False)[0].ids
    else:
        encoding = tiktoken.Encoding(
            "own", pat_str=PATTERN, mergeable_ranks=mergeable_ranks(vocabulary), special_tokens={}
        )
        watch = Stopwatch()
        ids = encoding.encode_ordinary(text)
    taken = watch.read()
    digest = hashlib.sha256(numpy.asarray(ids, dtype=numpy.uint32).tobytes()).digest()
    return {
        **taken,
        "megabytes": os.path.getsize(path) * times / 1e6,
        "hash": int.from_bytes(digest[:6], "big"),
        "maxRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    command, source, *words = sys.argv[1:]
    figures = (
        train(source, int(words[0]), words[1])
        if command == "train"
        else encode(command, source, int(words[0]), words[1])
    )
    print(json.dumps(figures))
