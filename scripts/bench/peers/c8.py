"""LoRA with Hugging Face's Trainer and PEFT: `c8.py FOLDER BATCH WARMUP padded|packed` trains once over the examples."""

import json
import resource
import sys
import tempfile
import time
import warnings

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, DataCollatorWithFlattening, Trainer, TrainerCallback, TrainingArguments
from transformers.utils import logging

IGNORED = -100
warnings.filterwarnings("ignore")
logging.set_verbosity_error()


class InOrder(Trainer):
    """Takes the examples in their order."""

    def _get_train_sampler(self, *args, **kwargs):
        return torch.utils.data.SequentialSampler(self.train_dataset)


class Clock(TrainerCallback):
    """The seconds of each step, and its loss."""

    def __init__(self):
        self.seconds, self.losses = [], []

    def on_step_begin(self, *args, **kwargs):
        self.start = time.perf_counter()

    def on_step_end(self, *args, **kwargs):
        self.seconds.append(time.perf_counter() - self.start)

    def on_log(self, args, state, control, logs=None, **kwargs):
        if "loss" in logs:
            self.losses.append(logs["loss"])


def pad(features):
    """A batch as long as its longest example."""
    longest = max(len(feature["input_ids"]) for feature in features)
    def fill(name, value):
        return torch.tensor([feature[name] + [value] * (longest - len(feature[name])) for feature in features])
    mask = [[1] * len(feature["input_ids"]) + [0] * (longest - len(feature["input_ids"])) for feature in features]
    return {"input_ids": fill("input_ids", 0), "labels": fill("labels", IGNORED), "attention_mask": torch.tensor(mask)}


def train(folder, batch_size, warmup, kind):
    """Trains and prints the figures."""
    with open(f"{folder}/examples.json", encoding="utf8") as file:
        examples = json.load(file)
    base = AutoModelForCausalLM.from_pretrained(f"{folder}/base", dtype=torch.float32)
    model = PeftModel.from_pretrained(base, f"{folder}/adapter", is_trainable=True)
    clock = Clock()
    with tempfile.TemporaryDirectory() as output:
        args = TrainingArguments(
            output_dir=output, per_device_train_batch_size=batch_size, num_train_epochs=1, learning_rate=2e-4,
            lr_scheduler_type="constant", weight_decay=0.0, max_grad_norm=1.0, logging_steps=1, save_strategy="no",
            report_to="none", use_cpu=True, disable_tqdm=True, remove_unused_columns=False)
        # The first token of an example has none before it that could predict it.
        data = [{"input_ids": ids, "labels": [IGNORED, *ids[1:]]} for ids in examples]
        collator = DataCollatorWithFlattening() if kind == "packed" else pad
        InOrder(model=model, args=args, train_dataset=data, data_collator=collator, callbacks=[clock]).train()
    counted = sum(len(ids) - 1 for ids in examples[warmup * batch_size:])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "tokensPerSecond": counted / sum(clock.seconds[warmup:]),
        "cpuSeconds": used.ru_utime + used.ru_stime,
        "maxRssBytes": used.ru_maxrss * 1024,
        "steps": len(clock.losses),
        **{f"loss{i}": loss for i, loss in enumerate(clock.losses)},
    }))


if __name__ == "__main__":
    _, folder, batch_size, warmup, kind = sys.argv
    train(folder, int(batch_size), int(warmup), kind)
