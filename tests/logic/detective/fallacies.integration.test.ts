import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import {
  describeFallacies,
  drawFallacies,
  explainFallacy,
  fallacyLabels,
  fallacyRecordSchema,
  generateFallacy,
  readFallacies,
  writeLines,
} from '../../../lib/logic/index.js';
import type { FallacyRecord, FallacySplits } from '../../../lib/logic/index.js';
import { certainty, phrases } from '../../../lib/logic/detective/compose/phrases.js';
import { swapWords } from '../../../lib/logic/detective/compose/swap-words.js';
import { formatText } from '../../../lib/logic/detective/compose/format-text.js';
import { SPAN_END, SPAN_START, readTemplate } from '../../../lib/logic/detective/compose/read-template.js';
import { FOLDS, listTemplates } from '../../../lib/logic/detective/generate-fallacy.js';
import { fallacyTemplates } from '../../../lib/logic/detective/templates/index.js';

let splits: FallacySplits;
let all: FallacyRecord[];
let folder = '';
beforeAll(async () => {
  splits = await drawFallacies({ count: 3000, held: 240, seed: 7 });
  all = [...splits.train, ...Object.values(splits.held).flat()];
  folder = await mkdtemp(join(tmpdir(), 'palabra-fallacies-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What no Spanish text has. */
const FLAWS = [
  /[{}()|[\]^@~<>\uE000\uE001]/u,
  /\s\s|\s[,.;:?!]|[,;:],|\.\s*\.(?!\.)(?<!\.\.\.)|\?\.|[¿¡«]\s/u,
  /(?<!\p{L})(?:de|a) el \p{Ll}/u,
  /(?<=\s)y (?:i|hi)(?!e)\p{L}*/u,
  /(?<=\s)o h?o\p{L}*/u,
  /^\p{Ll}/u,
  /[.?!] \p{Ll}/u,
];
/** Three points in a row are one mark. */
const POINTS = /\.\.\./gu;

describe('texts', () => {
  test('are Spanish by what can be seen without reading them', () => {
    const found = all.flatMap(({ text, template }) =>
      FLAWS.flatMap((flaw) => (flaw.test(text.replace(POINTS, '…')) ? [`${template!}: ${text}`] : [])),
    );
    expect(found).toEqual([]);
    const count = (text: string, mark: string): number => text.split(mark).length;
    const unbalanced = all.filter(
      ({ text }) => count(text, '¿') !== count(text, '?') || count(text, '«') !== count(text, '»'),
    );
    expect(unbalanced.map(({ text }) => text)).toEqual([]);
  });

  test('depend on seed and place alone, and fit the schema', () => {
    for (let index = 0; index < 24; index++) {
      expect(generateFallacy(index, { seed: 3 })).toEqual(generateFallacy(index, { seed: 3 }));
      expect(generateFallacy(index, { seed: 3 })).not.toEqual(generateFallacy(index, { seed: 4 }));
    }
    for (const record of all) expect(fallacyRecordSchema.parse(record)).toEqual(record);
  });

  test('have their labels equally often, and none comes twice', () => {
    const { byLabel, bySeverity } = describeFallacies(splits.train);
    expect(byLabel).toEqual(Object.fromEntries(fallacyLabels.map((label) => [label, 250])));
    expect(Object.keys(bySeverity).sort()).toEqual(['0', '1', '2', '3']);
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length);
  });

  test('mark what commits the fallacy, explain it, and tell how sure it is', () => {
    const marked = all.filter(({ span }) => span !== null);
    expect(marked).toHaveLength((all.length * 11) / 12);
    for (const { text, label, span, explanation } of marked) {
      const part = text.slice(...span!);
      expect(part).toBe(part.trim());
      expect(explanation).toBe(explainFallacy(label, part));
    }
    const says = (words: readonly string[], text: string): boolean =>
      words.some((one) => text.toLowerCase().includes(one));
    for (const { text, severity } of all) {
      if (severity === 1) expect(says(certainty[1], text)).toBe(true);
      if (severity === 3) expect(says(certainty[3], text)).toBe(true);
    }
  });
});

describe('templates', () => {
  test('are at least sixty a label, all different, and all of them can be said', () => {
    for (const [label, templates] of Object.entries(fallacyTemplates)) {
      expect([label, templates.length >= 60]).toEqual([label, true]);
      expect(new Set(templates).size).toBe(templates.length);
    }
    const made = new Set(all.map(({ template }) => template));
    expect(made.size).toBe(Object.values(fallacyTemplates).flat().length);
  });

  test('that are held out are a tenth of each label by fold, and none of their texts is trained on', () => {
    for (const label of fallacyLabels) {
      const folds = Array.from({ length: FOLDS }, (_, fold) => listTemplates(label, 'held', fold));
      expect(folds.flat().sort((a, b) => a - b)).toEqual([...fallacyTemplates[label].keys()]);
      for (const fold of folds) expect(fold.length).toBeGreaterThanOrEqual(6);
    }
    const trained = new Set(splits.train.map(({ template }) => template));
    for (const kind of ['templates', 'both'] as const)
      expect(splits.held[kind].filter(({ template }) => trained.has(template))).toEqual([]);
    expect(splits.held.words.every(({ template }) => trained.has(template))).toBe(true);
  });

  test('of unseen words have no phrase that is trained on', () => {
    const heldPhrases = Object.values(phrases).flatMap((list) => list.filter((_, place) => place % 5 === 4));
    const names = heldPhrases.filter((phrase) => !/[@^]/.test(phrase));
    const has = (records: readonly FallacyRecord[]): string[] =>
      names.filter((phrase) => records.some(({ text }) => text.includes(phrase)));
    expect(has([...splits.train, ...splits.held.templates])).toEqual([]);
    expect(has([...splits.held.words, ...splits.held.both]).length).toBeGreaterThan(10);
  });

  test('come equally often, and their words vary', () => {
    const { byTemplate } = describeFallacies(splits.train);
    for (const label of fallacyLabels) {
      const counts = listTemplates(label, 'train', 0).map((place) => byTemplate[`${label}/${place}`] ?? 0);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
    }
    const said = new Set(Array.from({ length: 40 }, (_, i) => swapWords('No hay más que hablar.', new Random(i))));
    expect(said).toContain('Se acabó la discusión.');
    expect(said.size).toBe(4);
    expect(swapWords('{x} fuma.', new Random(1))).toBe('{x} fuma.');
  });

  test('are read with their slots and choices; what does not fit is refused', () => {
    expect(readTemplate('{p:no} (a|b {x}).')).toEqual([
      { kind: 'slot', name: 'p', form: 'no' },
      { kind: 'text', text: ' ' },
      {
        kind: 'choice',
        options: [
          [{ kind: 'text', text: 'a' }],
          [
            { kind: 'text', text: 'b ' },
            { kind: 'slot', name: 'x', form: '' },
          ],
        ],
      },
      { kind: 'text', text: '.' },
    ]);
    for (const wrong of ['(a', 'a)', '{p', '{p:}']) expect(() => readTemplate(wrong)).toThrow('readTemplate');
  });
});

test('words that are put together become Spanish', () => {
  const mark = (text: string): string => `${SPAN_START}${text}${SPAN_END}`;
  expect(formatText(`el perro de el vecino ladra .  ${mark('o  oyes y irás a el bar , digo')}.`)).toEqual({
    text: 'El perro del vecino ladra. O oyes e irás al bar, digo.',
    span: [27, 53],
  });
  expect(formatText('dice:  «ven o oirás» y hielo. —¿sí? —no —dice ella.').text).toBe(
    'Dice: «Ven u oirás» y hielo. —¿sí? —no —dice ella.',
  );
});

describe('files', () => {
  test('come back as they were written; a record with a fault is named by its line', async () => {
    const path = join(folder, 'some.jsonl');
    const some = splits.train.slice(0, 24);
    await writeLines(path, [...some, { ...some[1]!, note: 'kept' }]);
    expect(await readFallacies(path)).toEqual([...some, { ...some[1]!, note: 'kept' }]);
    const [plain, fallacy] = [some[0]!, some[1]!];
    for (const wrong of [
      { ...fallacy, span: null },
      { ...fallacy, severity: 0 },
      { ...fallacy, severity: 4 },
      { ...fallacy, label: 'straw' },
      { ...fallacy, span: [0, fallacy.text.length + 1] },
      { ...fallacy, span: [5, 5] },
      { ...plain, span: [0, 1] },
      { ...plain, text: '' },
      [],
    ]) {
      await writeLines(path, [plain, wrong]);
      await expect(readFallacies(path)).rejects.toMatchObject({
        code: 'PAL_DATA',
        message: expect.stringContaining(':2: '),
      });
    }
    await writeFile(path, '');
    await expect(readFallacies(path)).rejects.toMatchObject({ code: 'PAL_DATA' });
    await expect(readFallacies(join(folder, 'none'))).rejects.toMatchObject({ code: 'PAL_FILE' });
  });

  test('settings out of range are refused', async () => {
    await expect(drawFallacies({ count: 0 })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    await expect(drawFallacies({ fold: 10 })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    expect(() => generateFallacy(0, { seed: 0, part: 'most' as never })).toThrow('part');
    expect(() => generateFallacy(-1, { seed: 0 })).toThrow('index');
    const stopped = drawFallacies({ count: 100_000, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  });
});
