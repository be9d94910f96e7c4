"""Folders of transformers in the shapes of published models, at small sizes: writes them, and reads what palabra wrote."""

import json
import os
import sys

import torch
from exchange import answer, receive
from tokenizers import AddedToken, processors
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GenerationConfig

sys.path.insert(0, os.path.dirname(__file__))
from tokenizer_files import LLAMA_3, QWEN_2, byte_level, bytes_tokenizer, llama_2  # noqa: E402
from tokenizers import normalizers, pre_tokenizers  # noqa: E402


def with_special(tokenizer, *names):
    """Adds special tokens behind the vocabulary."""
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in names])
    return tokenizer


def starting(tokenizer, name, *before):
    """A text starts with the token of that name, after what other processors do."""
    template = processors.TemplateProcessing(
        single=f"{name}:0 $A:0", pair=f"{name}:0 $A:0 {name}:1 $B:1",
        special_tokens=[(name, tokenizer.token_to_id(name))])
    tokenizer.post_processor = processors.Sequence([*before, template]) if before else template
    return tokenizer


def gpt2(texts, **_):
    tokenizer = bytes_tokenizer(texts, byte_level(), size=400)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return with_special(tokenizer, "<|endoftext|>")


def sentence_pieces(texts, begins=True, **_):
    tokenizer = llama_2(texts)
    return starting(tokenizer, "<s>") if begins else tokenizer


def llama_3(texts, **_):
    tokenizer = bytes_tokenizer(texts, byte_level(LLAMA_3), size=420, ignore_merges=True)
    with_special(tokenizer, "<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>")
    return starting(tokenizer, "<|begin_of_text|>", processors.ByteLevel(trim_offsets=True))


def smol(texts, **_):
    digits = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level()])
    return with_special(bytes_tokenizer(texts, digits, size=410), "<|endoftext|>", "<|im_start|>", "<|im_end|>")


def qwen2(texts, **_):
    tokenizer = bytes_tokenizer(texts, byte_level(QWEN_2), normalizers.NFC(), size=430)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return with_special(tokenizer, "<|endoftext|>", "<|im_start|>", "<|im_end|>")


TOKENIZERS = {"gpt2": gpt2, "sentence pieces": sentence_pieces, "llama 3": llama_3, "smol": smol, "qwen2": qwen2}


def write_json(folder, name, value):
    with open(os.path.join(folder, name), "w") as file:
        json.dump(value, file)


def make_model(config, rows):
    """A model with random weights, biases and norms too; rows behind the tokens are as small as published ones."""
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.15)
        model.get_input_embeddings().weight[rows:] = 0
        model.get_output_embeddings().weight[rows:] = 0
    return model


def named_ids(tokenizer, values):
    """Ids for names, in values that are one of them or a list."""
    if isinstance(values, list):
        return [named_ids(tokenizer, value) for value in values]
    return tokenizer.token_to_id(values) if isinstance(values, str) else values


def write(folder, tokenizer, config, texts, settings, generation, ids, **options):
    """Writes a folder: the fields of `config` as they are published beside what their library writes."""
    os.makedirs(folder)
    made = TOKENIZERS[tokenizer](texts, **options)
    made.save(os.path.join(folder, "tokenizer.json"))
    write_json(folder, "tokenizer_config.json", settings)
    named = {name: named_ids(made, value) for name, value in ids.items()}
    size = made.get_vocab_size()
    fields = {**config, **named, "vocab_size": size + options.get("padding", 0)}
    known = AutoConfig.for_model(**{name: value for name, value in fields.items() if name != "architectures"})
    make_model(known, size).save_pretrained(folder)
    write_json(folder, "config.json", fields)
    os.remove(os.path.join(folder, "generation_config.json"))
    if generation is not None:
        write_json(folder, "generation_config.json", {**generation, **named})


def ask(folder, prompts, greedy=None):
    """What a folder gives: ids with special tokens, text, logits, and greedy tokens by its own settings."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    tied = {"lm_head.weight"} if model.config.tie_word_embeddings else set()
    assert not set(report["missing_keys"]) - tied, report
    found = []
    for prompt in prompts:
        ids = tokenizer(prompt, return_tensors="pt").input_ids
        with torch.no_grad():
            logits = model.eval()(ids).logits[0].float()
        new = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=60, do_sample=False,
                             pad_token_id=0, **(greedy or {}))
        found.append({
            "ids": ids[0].tolist(),
            "text": tokenizer.decode(ids[0], skip_special_tokens=True),
            "logits": logits.tolist(),
            "greedy": new[0, ids.shape[1]:].tolist(),
        })
    settings = GenerationConfig.from_pretrained(folder).to_diff_dict() if os.path.exists(
        os.path.join(folder, "generation_config.json")) else None
    special = {name: getattr(tokenizer, name) for name in ["bos_token", "eos_token", "pad_token"]}
    return {"prompts": found, "generation": settings, "special": special}


def serve(request):
    for row in request.get("write", []):
        write(**row)
    return {"answers": [ask(**row) for row in request["ask"]]}


answer(serve(receive()))
