"""Adapters of PEFT: writes some on small models, reads and trains those that palabra wrote."""

import warnings

import torch
from exchange import answer, receive
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM

warnings.filterwarnings("ignore")


def logits(model, ids):
    """Logits in evaluation mode, as nested lists."""
    with torch.no_grad():
        return model.eval()(torch.tensor(ids)).logits.float().tolist()


def base(config):
    """A model with random weights, biases and norms too."""
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**config))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    return model


def shake(model):
    """Values as if the adapter had been trained."""
    torch.manual_seed(2)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.1)


def write(folder, config, lora, ids):
    """Writes a base and an adapter; gives the logits with it and without it."""
    model = base(config)
    model.save_pretrained(f"{folder}/base")
    # Where biases are trained, PEFT's disabled adapter is no longer the base.
    without = logits(model, ids)
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **lora))
    shake(adapted)
    adapted.save_pretrained(f"{folder}/adapter")
    return {"with": logits(adapted, ids), "without": without}


def load(folder, trainable=False):
    """The base and the adapter of a folder, whose keys must be exactly those that PEFT expects."""
    model = AutoModelForCausalLM.from_pretrained(f"{folder}/base")
    adapted = PeftModel.from_pretrained(model, f"{folder}/adapter", is_trainable=trainable)
    stored = set(load_file(f"{folder}/adapter/adapter_model.safetensors"))
    adapted.save_pretrained(f"{folder}/again")
    again = set(load_file(f"{folder}/again/adapter_model.safetensors"))
    assert stored == {key for key in again if not key.endswith(".base_layer.weight")}, stored ^ again
    return adapted


def read(folder, ids, last=None):
    """The logits of a base and an adapter that palabra wrote, perhaps at the last positions alone."""
    found = logits(load(folder), ids)
    return {"with": found if last is None else [row[-last:] for row in found]}


def train(folder, batches, settings):
    """Losses of AdamW steps from the adapter of a folder; the adapter after them is stored beside it."""
    model = load(folder, trainable=True).train()
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=settings["learningRate"], betas=settings["betas"],
                                  weight_decay=settings["weightDecay"])
    losses = []
    for batch in batches:
        out = model(torch.tensor(batch["inputs"])).logits
        loss = torch.nn.functional.cross_entropy(out.flatten(0, 1), torch.tensor(batch["targets"]).flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, settings["maxGradNorm"])
        optimizer.step()
        losses.append(loss.item())
    model.save_pretrained(f"{folder}/trained")
    return {"losses": losses}


def serve(request):
    actions = {"write": write, "read": read, "train": train}
    return [actions[one.pop("action")](**one) for one in request]


answer(serve(receive()))
