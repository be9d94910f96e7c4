import type { Table } from '../../../pictures/index.js';
import type { ScoreReport, TextScore } from '../../scoring/scores.js';

/** A form that a report can be written in. */
export type ReportFormat = 'json' | 'csv' | 'text' | 'html';

/** Formats the settings of scoring in a line. */
export function formatScoreTitle({ context, stride, firstToken, stateful, dynamic, documents }: ScoreReport): string {
  const state = stateful ? ', state carried' : '';
  const learning = dynamic ? ', learning as it reads' : '';
  const count = documents.length === 1 ? '1 document' : `${documents.length} documents`;
  return `Scores: ${count}, context ${context}, stride ${stride}, first token ${firstToken}${state}${learning}`;
}

/** A warning where words were unknown; none otherwise. */
export function describeUnknown(subject: string, { unknown, tokens }: TextScore): string[] {
  if (unknown === 0) return [];
  const share = ((100 * unknown) / tokens).toFixed(1);
  return [
    `${subject} ${share} % of the tokens are the unknown word, whose spelling costs nothing: perplexity and bits a byte ` +
      'look better than those of a model that has to spell every word.',
  ];
}

/** The figures of scored texts, a row for each. */
export function buildScoreTable(scores: readonly (readonly [name: string, score: TextScore])[]): Table {
  return {
    columns: [
      ...['text', 'perplexity', 'a word', 'bits a byte', 'bits a character', 'nats a token', 'accuracy'],
      ...['tokens', 'unknown', 'words', 'bytes'],
    ],
    rows: scores.map(([name, score]) => [
      ...[name, score.perplexity, score.wordPerplexity, score.bitsPerByte, score.bitsPerCharacter, score.loss],
      ...[score.accuracy, score.tokens, score.unknown, score.words, score.bytes],
    ]),
  };
}
