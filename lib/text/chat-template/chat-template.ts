import { checkOptions, expectBoolean, raise, show } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { createTemplateGlobals } from './globals.js';
import { compileTemplate } from './interpreter.js';
import type { CompiledTemplate } from './interpreter.js';
import type { ChatMessage, RenderOptions } from './message.js';

/** The keys of {@link RenderOptions}. */
export const renderKeys: OptionChecks<RenderOptions> = { addGenerationPrompt: true, tools: true, variables: true };

/** Settings of a {@link ChatTemplate}. */
export interface ChatTemplateOptions {
  /** Texts of special tokens by the names that templates have for them, such as `bos_token` (default: none). */
  tokens?: Readonly<Record<string, string>>;
  /** The time that templates can ask for (default: now, in the local time zone). */
  now?: () => Date;
}

/** The keys of {@link ChatTemplateOptions}. */
export const chatTemplateKeys: OptionChecks<ChatTemplateOptions> = { tokens: true, now: true };

/**
 * A model's way to write a conversation as one text: a template of Jinja, as its tokenizer's files hold it.
 *
 * @example
 * const template = new ChatTemplate("{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}");
 * template.render([{ role: 'user', content: 'Hello' }]); // '<|user|>Hello'
 */
export class ChatTemplate {
  /** Texts of special tokens, by the template's names for them. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly #compiled: CompiledTemplate;
  readonly #now: () => Date;

  /**
   * @param source - of the template
   * @param options - the special tokens that it names, and its clock
   * @throws ConfigError when it is no template or longer than 2¹⁸ characters
   */
  constructor(
    readonly source: string,
    options: ChatTemplateOptions = {},
  ) {
    const { tokens = {}, now = () => new Date() } = checkOptions('ChatTemplate', options, chatTemplateKeys);
    this.tokens = tokens;
    this.#now = now;
    this.#compiled = compileTemplate(source);
  }

  /**
   * Writes a conversation as text. It is the text of `apply_chat_template` of transformers.
   *
   * @param messages - oldest first
   * @param options - whether the model's turn begins at the end, tools, and more variables
   * @returns the text, special tokens of the template in it
   * @throws ArgumentError for messages without a role, and with the template's own words for what it refuses
   * @throws ConfigError when the template fails or costs too much
   */
  render(messages: readonly ChatMessage[], options: RenderOptions = {}): string {
    const { tools, variables } = checkOptions('ChatTemplate.render', options, renderKeys);
    const prompted = options.addGenerationPrompt ?? false;
    expectBoolean('ChatTemplate.render', 'addGenerationPrompt', prompted);
    expectMessages(messages);
    return this.#compiled({
      ...createTemplateGlobals(this.#now),
      ...this.tokens,
      ...variables,
      messages,
      tools: tools ?? null,
      documents: null,
      add_generation_prompt: prompted,
    });
  }
}

function expectMessages(messages: readonly ChatMessage[]): void {
  const wrong = messages.findIndex((message) => typeof (message as Partial<ChatMessage>).role !== 'string');
  if (wrong < 0) return;
  raise('PAL_ARGUMENT', {
    where: 'ChatTemplate.render',
    expected: 'messages with a role, such as { role: "user", content: "Hello" }',
    received: `message ${wrong}: ${show(messages[wrong])}`,
  });
}
