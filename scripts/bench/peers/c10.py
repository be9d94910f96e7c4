"""Greedy decoding with transformers: `c10.py FOLDER BATCH PROMPT TOKENS` continues prompts of so many ids each."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

COMPARED = 32


def main(folder, batch, length, tokens):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    rows = [[20 + (index * 7919 + row * 31) % 200 for index in range(length)] for row in range(batch)]
    prompts = torch.tensor(rows)
    mask = torch.ones_like(prompts)

    def decode(count):
        start = time.perf_counter()
        output = model.generate(
            prompts, attention_mask=mask, max_new_tokens=count, min_new_tokens=count, do_sample=False,
            repetition_penalty=1.0, pad_token_id=0)
        return time.perf_counter() - start, output[:, length:].tolist()

    decode(3)
    first, _ = decode(1)
    whole, ids = decode(tokens)
    compared = [one for row in ids for one in row[:COMPARED]]
    print(json.dumps({
        "prefill": batch * length / first,
        "decoded": batch * (tokens - 1) / (whole - first),
        **{f"id{index}": one for index, one in enumerate(compared)},
    }))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
