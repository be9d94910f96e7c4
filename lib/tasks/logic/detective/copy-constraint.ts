import type { ConstraintMatcher, LogitConstraint } from '../../../generation/index.js';
import { EDGE, findRun, listTextTokens } from './encode-fallacy.js';
import type { DetectiveVocabulary } from './vocabulary.js';

/** Lets a detective write, behind the label of a fallacy, a severity and tokens of the text at which words begin and end. */
export class CopyConstraint implements LogitConstraint {
  /**
   * Prepares a vocabulary.
   *
   * @param vocabulary - of the model
   */
  constructor(private readonly vocabulary: DetectiveVocabulary) {}

  /** Starts an output. @param prompt - of a text, and the label behind it @returns a matcher of its own */
  start(prompt: readonly number[]): ConstraintMatcher {
    return new CopyMatcher(listTextTokens(prompt.slice(0, -1)), this.vocabulary);
  }
}

/** One output: a severity, the first tokens of some words of the text, their last tokens, the end. */
class CopyMatcher implements ConstraintMatcher {
  private readonly written: number[] = [];

  constructor(
    private readonly text: readonly number[],
    private readonly vocabulary: DetectiveVocabulary,
  ) {}

  allow(allowed: Uint8Array): void {
    for (const id of this.listAllowed()) allowed[id] = 1;
  }

  accept(id: number): void {
    this.written.push(id);
  }

  private listAllowed(): readonly number[] {
    const { severities, logic } = this.vocabulary;
    if (this.written.length === 0) return severities;
    const edges = this.written.slice(1);
    if (edges.length >= 2 * EDGE || this.text.length < EDGE) return [logic.eos];
    if (edges.length < EDGE) return this.listNext(edges, 0);
    return this.listNext(edges.slice(EDGE), findRun(this.text, edges.slice(0, EDGE), 0));
  }

  /** The tokens that follow the run that was begun, where there is room for all of it. */
  private listNext(run: readonly number[], from: number): number[] {
    const places = [...this.text.keys()].slice(from, this.text.length - EDGE + 1);
    return places
      .filter((place) => run.every((id, i) => this.text[place + i] === id))
      .map((place) => this.text[place + run.length]!);
  }
}
