"""Folders of transformers: writes some with random weights, and reads what palabra wrote."""

import torch
from exchange import answer, receive
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

CLASSES = {"gpt2": (GPT2Config, GPT2LMHeadModel), "llama": (LlamaConfig, LlamaForCausalLM)}


def logits(model, ids):
    """Logits of a model in evaluation mode, as nested lists."""
    with torch.no_grad():
        return model.eval()(torch.tensor(ids)).logits.float().tolist()


def write(kind, config, folder, ids, shard=None):
    """Saves a model with random weights, biases and norms too, and returns its logits."""
    torch.manual_seed(1)
    config_class, model_class = CLASSES[kind]
    model = model_class(config_class(**config))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    options = {} if shard is None else {"max_shard_size": shard}
    model.save_pretrained(folder, **options)
    return logits(model, ids)


def read(folder, ids):
    """The logits of a folder, which must hold exactly what the model needs."""
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    tied = {"lm_head.weight"} if model.config.tie_word_embeddings else set()
    assert not set(report["missing_keys"]) - tied and not report["unexpected_keys"], report
    return logits(model, ids)


def serve(request):
    """One request after another: importing takes longer than all of them."""
    actions = {"write": write, "read": read}
    return [actions[one.pop("action")](**one) for one in request]


answer({"logits": serve(receive())})
