"""GGUF files: written as llama.cpp's converter writes them, and read by the gguf package."""

import json
import os

import gguf
import numpy as np
import torch
from exchange import answer, receive
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def to_gguf_name(name):
    """The name of a tensor of transformers in a GGUF file."""
    whole = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}
    if name in whole:
        return whole[name]
    _, _, layer, *module, leaf = name.split(".")
    return f"blk.{layer}.{NAMES['.'.join(module)]}.{leaf}"


def to_pairs(weight, heads):
    """Rows of each head from halves to pairs, as the converter of llama.cpp has them."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def heads_of(name, heads, kv_heads):
    return heads if "q_proj" in name else kv_heads if "k_proj" in name else 0


def save_blocks(folder, seed):
    """One tensor of random blocks for each type; answers the bits of their numbers."""
    random = np.random.default_rng(seed)
    path = os.path.join(folder, f"blocks-{seed}.gguf")
    writer = gguf.GGUFWriter(path, "llama")
    writer.data_alignment = 32 << seed
    writer.add_custom_alignment(32 << seed)
    for kind in [Type.F32, Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0, Type.Q2_K, Type.Q3_K, Type.Q4_K, Type.Q5_K, Type.Q6_K]:
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        raw = random.integers(0, 256, (5, 3 * 256 // elements * size), dtype=np.uint8)
        dequantize(raw, kind).astype("<f4").tofile(os.path.join(folder, f"{seed}-{kind.name}.f32"))
        writer.add_tensor(kind.name, raw, raw_dtype=kind)
    finish(writer)
    return path


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def save_llama(path, config, ids, kinds, factors=None):
    """A LLaMA with random weights as a GGUF file; answers what transformers computes of the stored weights, in float32 and float64."""
    torch.manual_seed(3)
    model = LlamaForCausalLM(LlamaConfig(**config)).eval()
    writer = gguf.GGUFWriter(path, "llama")
    heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_rope_dimension_count(config["hidden_size"] // heads)
    if factors:
        inverse = model.model.rotary_emb.inv_freq.numpy()
        plain = 1 / config["rope_parameters"]["rope_theta"] ** (np.arange(0, len(inverse) * 2, 2) / (len(inverse) * 2))
        writer.add_tensor("rope_freqs.weight", (plain / inverse).astype(np.float32))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
            kind = Type[kinds["norm" if parameter.dim() == 1 else "matrix"]]
            data = parameter.numpy()
            turned = heads_of(name, heads, kv_heads)
            data = to_pairs(data, turned) if turned else data
            packed = gguf.quants.quantize(np.ascontiguousarray(data), kind)
            writer.add_tensor(to_gguf_name(name), packed, raw_dtype=kind)
            stored = dequantize(packed, kind).reshape(data.shape)
            parameter.copy_(torch.from_numpy(from_pairs(stored, turned) if turned else stored))
        finish(writer)
        row = torch.tensor([ids])
        rounded = model(row).logits
        return [logits[0].flatten().tolist() for logits in (rounded, model.double()(row).logits)]


def from_pairs(weight, heads):
    return weight.reshape(heads, weight.shape[0] // heads // 2, 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def compare_weights(path, folder):
    """How many tensors of a folder have the bits of the file's; the folder has no other."""
    weights = load_file(os.path.join(folder, "model.safetensors"))
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    stored = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    equal = 0
    for name, weight in weights.items():
        tensor = stored.pop(to_gguf_name(name))
        values = dequantize(tensor.data, tensor.tensor_type).reshape(weight.shape)
        turned = heads_of(name, config["num_attention_heads"], config["num_key_value_heads"])
        values = from_pairs(values, turned) if turned else values
        equal += np.array_equal(values.view(np.uint32), weight.numpy().view(np.uint32))
    return {"equal": int(equal), "left": sorted(stored)}


def extend(model, ids, tokens):
    return model.generate(torch.tensor([ids]), max_new_tokens=tokens, do_sample=False)[0][len(ids) :].tolist()


def use_folder(folder, texts, conversation, tokens):
    """What transformers makes of a folder: ids of texts, a rendered conversation, its logits and greedy answer."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    prompt = tokenizer.apply_chat_template(conversation, add_generation_prompt=True, tokenize=False)
    ids = tokenizer(prompt)["input_ids"]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
        answer_ids = extend(model, ids, tokens)
        last = tokenizer(texts[-1])["input_ids"]
        continued = tokenizer.decode(extend(model, last, tokens), skip_special_tokens=True)
        exact = model.double()(torch.tensor([ids])).logits[0]
    logits.numpy().astype("<f4").tofile(os.path.join(folder, "logits.f32"))
    exact.numpy().astype("<f8").tofile(os.path.join(folder, "logits.f64"))
    return {
        "texts": [tokenizer(text)["input_ids"] for text in texts],
        "decoded": [tokenizer.decode(tokenizer(text)["input_ids"]) for text in texts],
        "prompt": prompt,
        "ids": ids,
        "answer": answer_ids,
        "continued": continued,
        "ends": model.generation_config.eos_token_id,
    }


ACTIONS = {"blocks": save_blocks, "llama": save_llama, "weights": compare_weights, "folder": use_folder}
answer([ACTIONS[one.pop("action")](**one) for one in receive()])
