/** A turn of a conversation; fields beside these are there for the template. */
export interface ChatMessage {
  /** `system`, `user`, `assistant`, or what else the template knows. */
  readonly role: string;
  /** The text of the turn; null where the turn is a call of tools alone. */
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

/** Settings of a rendering. */
export interface RenderOptions {
  /** Ends the text where the model's next turn begins (default false). */
  addGenerationPrompt?: boolean;
  /** Tools that the model may call, in the form that the template expects. */
  tools?: readonly unknown[];
  /** More variables of the template, such as `enable_thinking`. */
  variables?: Readonly<Record<string, unknown>>;
}
