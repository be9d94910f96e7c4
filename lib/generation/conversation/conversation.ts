import { checkOptions, expectPositiveInteger, expectString, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { encodeChat } from '../../text/index.js';
import type { ChatMessage, ChatTemplate, Tokenizer } from '../../text/index.js';

/** Settings of a {@link Conversation}. */
export interface ConversationOptions {
  tokenizer: Tokenizer;
  template: ChatTemplate;
  /** Tokens that the model reads at most (default: any number). */
  contextLength?: number | undefined;
  /** What the system says before the first turn (default: nothing). */
  system?: string | undefined;
}

/** The keys of {@link ConversationOptions}. */
export const conversationKeys: OptionChecks<ConversationOptions> = {
  tokenizer: true,
  template: true,
  contextLength: true,
  system: true,
};

/**
 * A conversation with a model: turns of the user and the model, and what the system says before them.
 *
 * @example
 * const conversation = new Conversation({ tokenizer, template: chatTemplate, contextLength: 2048 });
 * conversation.ask('What is a cairn?');
 * const ids = conversation.encode(256); // a prompt for generate
 */
export class Conversation {
  readonly #options: ConversationOptions;
  #system: string | undefined;
  #turns: ChatMessage[] = [];

  /** @param options - the model's tokenizer, its template and what it can read. @throws ArgumentError for other keys */
  constructor(options: ConversationOptions) {
    checkOptions('Conversation', options, conversationKeys);
    if (options.contextLength !== undefined) {
      expectPositiveInteger('Conversation', 'contextLength', options.contextLength);
    }
    this.#options = options;
    this.system = options.system;
  }

  /** What the system says before the first turn. */
  get system(): string | undefined {
    return this.#system;
  }

  set system(text: string | undefined) {
    this.#system = text === undefined ? undefined : expectString('Conversation', 'system', text);
  }

  /** All turns, the system's first. */
  get messages(): readonly ChatMessage[] {
    return [...(this.#system === undefined ? [] : [{ role: 'system', content: this.#system }]), ...this.#turns];
  }

  /** Forgets every turn; what the system says stays. */
  reset(): void {
    this.#turns = [];
  }

  /** Adds a turn of the user. @param text - what they typed; special tokens in it are text */
  ask(text: string): void {
    this.#turns.push({ role: 'user', content: expectString('Conversation.ask', 'text', text) });
  }

  /** Adds a turn of the model. @param text - without the token that ends it */
  answer(text: string): void {
    this.#turns.push({ role: 'assistant', content: expectString('Conversation.answer', 'text', text) });
  }

  /** Takes back the last turn. @returns the turn; undefined where there is none */
  takeBack(): ChatMessage | undefined {
    return this.#turns.pop();
  }

  /**
   * Writes the conversation as a prompt that ends where the model's turn begins. What the context can't hold is left out
   * by whole turns, the oldest first; what the system says and the last turn stay.
   *
   * @param reserve - tokens to leave free for the answer, a positive integer; at most half of the context is
   * @returns ids for `generate`
   * @throws ArgumentError when the last turn alone is too long, and with the template's words for what it refuses
   */
  encode(reserve: number): Uint32Array {
    const { contextLength = Infinity } = this.#options;
    const room =
      contextLength - Math.min(expectPositiveInteger('Conversation.encode', 'reserve', reserve), contextLength / 2);
    for (let first = 0; ; first = this.#findNextQuestion(first)) {
      const ids = this.#encodeFrom(first);
      if (ids.length <= room) return ids;
      if (this.#findNextQuestion(first) < this.#turns.length) continue;
      return ids.length < contextLength ? ids : throwLong(ids.length, contextLength);
    }
  }

  #encodeFrom(first: number): Uint32Array {
    const { tokenizer, template } = this.#options;
    const left = this.#system === undefined ? [] : this.messages.slice(0, 1);
    return encodeChat(tokenizer, template, [...left, ...this.#turns.slice(first)], { addGenerationPrompt: true }).ids;
  }

  /** The next turn of the user behind one; the number of turns where there is none. */
  #findNextQuestion(first: number): number {
    const next = this.#turns.findIndex(({ role }, i) => i > first && role === 'user');
    return next < 0 ? this.#turns.length : next;
  }
}

function throwLong(length: number, contextLength: number): never {
  raise('PAL_ARGUMENT', {
    where: 'Conversation.encode',
    expected: `a turn that leaves room in the context of ${contextLength} tokens`,
    received: `one of ${length} with what stands around it`,
    fix: 'Say it in fewer words.',
    details: { length, contextLength },
  });
}
