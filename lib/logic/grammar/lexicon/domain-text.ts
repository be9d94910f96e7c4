/**
 * The words of a field of life, in a notation of their own. Entries end with `;`.
 *
 * Noun phrases: `el informe [anual|de gastos]` is the bare phrase and one with each modifier; `el/f agua` is feminine;
 * words up to the first preposition follow the number, but for those marked `!`; `Ana:f` has no article.
 *
 * Predicates: an infinitive and its complement. `{a|b}` are alternatives, which can be coordinated; `cansad@` agrees in gender
 * and number, `feliz%` in number; `~su` follows the person; `>` before an entry says that its subject may stand behind the
 * verb; `<n20-90>` is a number and `<persona>`, `<ciudad>`, `<empresa>`, `<cosa>`, `<nombre>`, `<hora>`, `<fecha>`, `<código>` a
 * name drawn for each sentence; a pronoun behind the infinitive stands before the conjugated verb.
 */
export interface DomainText {
  /** The name of the field, as records tell it. */
  name: string;
  /** Things, and what they do; `plural` where the plural of each is as good. */
  groups: readonly { subjects: string; predicates: string; plural?: true }[];
  /** Roles of people. */
  people?: string;
  /** What people do because they want to. */
  actions?: string;
  /** What happens to people, and how they are. */
  happenings?: string;
  /** Clauses without a subject. */
  impersonal?: string;
  /** Clauses whose subject is «they», untold. */
  anonymous?: string;
  /** What «se» is done to: «se publica el informe». */
  passives?: readonly { objects: string; verbs: string }[];
}
