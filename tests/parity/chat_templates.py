"""Conversations as transformers renders and encodes them: `apply_chat_template` under given templates."""

from exchange import answer, receive
from transformers import PreTrainedTokenizerFast

request = receive()
tokenizer = PreTrainedTokenizerFast.from_pretrained(request["folder"])
results = []
for template in request["templates"]:
    tokens = template["tokens"]
    for name, text in tokens.items():
        setattr(tokenizer, name, text)
    for conversation in template["conversations"]:
        options = {
            "chat_template": template["source"],
            "add_generation_prompt": conversation["prompted"],
        }
        try:
            text = tokenizer.apply_chat_template(conversation["messages"], tokenize=False, **options)
            ids = tokenizer(text, add_special_tokens=False)["input_ids"]
            whole = tokenizer.apply_chat_template(conversation["messages"], tokenize=True, return_dict=True, **options)
            assert list(whole["input_ids"]) == ids
            results.append({"text": text, "ids": ids})
        except Exception as error:  # The template's refusal comes as an error of Jinja.
            results.append({"refused": str(error)})
answer(results)
