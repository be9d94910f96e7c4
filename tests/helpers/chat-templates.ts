/** Templates of the shapes that models have, and the special tokens that they write. */
export const chatTemplates = {
  chatml: `{% for message in messages %}
{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
{%- endfor %}
{% if add_generation_prompt %}
{{ '<|im_start|>assistant\\n' }}
{%- endif %}
`,
  llama2: `{%- if messages[0].role == 'system' %}
    {%- set preface = '<<SYS>>\\n' ~ messages[0].content | trim ~ '\\n<</SYS>>\\n\\n' %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set preface = '' %}
    {%- set turns = messages %}
{%- endif %}
{%- for turn in turns %}
    {%- if (turn['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('Roles must take turns, user first.') }}
    {%- endif %}
    {%- if turn['role'] == 'user' %}
        {{- bos_token + '[INST] ' + (preface if loop.first else '') + turn['content'] | trim + ' [/INST]' }}
    {%- else %}
        {{- ' ' + turn['content'] | trim + ' ' + eos_token }}
    {%- endif %}
{%- endfor %}`,
  llama3: `{% set ns = namespace(first=true) %}
{% for message in messages %}
    {%- set text = '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content | trim + '<|eot_id|>' %}
    {%- if ns.first %}{% set text = bos_token + text %}{% set ns.first = false %}{% endif %}
    {{- text }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}`,
  mistral: `{{- bos_token }}
{%- set system = messages[0]['content'] if messages and messages[0]['role'] == 'system' else none %}
{%- for message in messages if message['role'] != 'system' %}
    {%- if (message['role'] == 'user') != (loop.index0 is even) %}
        {{- raise_exception('After the optional system message, roles must alternate.') }}
    {%- endif %}
    {%- if message['role'] == 'user' %}
        {{- '[INST] ' }}
        {%- if loop.last and system is not none %}{{ system + '\\n\\n' }}{% endif %}
        {{- message['content'] + '[/INST]' }}
    {%- elif message['role'] == 'assistant' %}
        {{- ' ' + message['content'].strip() + eos_token }}
    {%- else %}
        {{- raise_exception('Only system, user and assistant are known.') }}
    {%- endif %}
{%- endfor %}`,
  gemma: `{{ bos_token }}
{%- macro turn(role, text) -%}
    {{ '<start_of_turn>' ~ role ~ '\\n' ~ text | trim ~ '<end_of_turn>\\n' }}
{%- endmacro %}
{%- if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}
{%- for message in messages %}
    {{- turn('model' if message['role'] == 'assistant' else message['role'], message['content']) }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}`,
};

/** The texts of special tokens, by the names that the templates have for them. */
export const templateTokens: Record<keyof typeof chatTemplates, Record<string, string>> = {
  chatml: { bos_token: '<|im_start|>', eos_token: '<|im_end|>' },
  llama2: { bos_token: '<s>', eos_token: '</s>' },
  llama3: { bos_token: '<|begin_of_text|>', eos_token: '<|eot_id|>' },
  mistral: { bos_token: '<s>', eos_token: '</s>' },
  gemma: { bos_token: '<bos>', eos_token: '<eos>' },
};

/** Special tokens of all of them. */
export const specialTokens = [
  ...['<|im_start|>', '<|im_end|>', '<s>', '</s>', '<|begin_of_text|>', '<|start_header_id|>', '<|end_header_id|>'],
  ...['<|eot_id|>', '<bos>', '<eos>', '<start_of_turn>', '<end_of_turn>'],
];
