import { Random, checkOptions, expectCount, expectInteger, expectOneOf, raise } from '../../core/index.js';
import { slices } from '../grammar/clauses/slices.js';
import type { Slice } from '../grammar/clauses/slices.js';
import { pick } from '../grammar/lexicon/fill-places.js';
import { chooseFillers } from './compose/draw-fillers.js';
import { frameDraft } from './compose/frame-draft.js';
import { formatText } from './compose/format-text.js';
import { readTemplate } from './compose/read-template.js';
import type { TemplatePart } from './compose/read-template.js';
import { Scene } from './compose/scene.js';
import { swapWords } from './compose/swap-words.js';
import { explainFallacy } from './data/explain-fallacy.js';
import { fallacyLabels } from './data/labels.js';
import type { FallacyLabel } from './data/labels.js';
import type { FallacyRecord } from './data/record.js';
import { fallacyTemplates } from './templates/index.js';

const templateParts = ['all', 'train', 'held'] as const;

/** The templates that texts are made by: all; or all but those of a fold; or these alone. */
export type TemplatePartName = 'all' | 'train' | 'held';

/** What texts are made from. */
export interface FallacySettings {
  /** The records depend on nothing else: an integer of 64 bits. */
  seed: number;
  /** The part of the templates (default `all`). */
  part?: TemplatePartName | undefined;
  /** The tenth of each label's templates that `held` names, from 0 to 9 (default 0). */
  fold?: number | undefined;
  /** The part of the lexicon and of the phrases (default `all`). */
  slice?: Slice | undefined;
}

/** Templates are held out by tenths. */
export const FOLDS = 10;

const settingChecks = {
  seed: expectInteger,
  part: (where: string, name: string, value: unknown) => expectOneOf(where, name, value, templateParts),
  fold: (where: string, name: string, value: unknown) => expectOneOf(where, name, value, [...Array(FOLDS).keys()]),
  slice: (where: string, name: string, value: unknown) => expectOneOf(where, name, value, slices),
};

/**
 * The text of a place in a stream, each label in turn: a short argument with the fallacy that it commits, if any, where
 * it does, and how sure it is said to be. It depends on the settings and the place only.
 *
 * @param index - of the record, from 0
 * @param settings - the seed and what texts are made from
 * @returns the record
 * @throws ArgumentError for an index below 0 and settings that do not fit
 * @example generateFallacy(1, { seed: 42 }).label // strawMan
 */
export function generateFallacy(index: number, settings: FallacySettings): FallacyRecord {
  const { seed, part = 'all', fold = 0, slice = 'all' } = checkOptions('generateFallacy', settings, settingChecks);
  expectCount('generateFallacy', 'index', index);
  const label = fallacyLabels[index % fallacyLabels.length]!;
  const random = new Random(seed).split('fallacy', index);
  const place = chooseTemplate(label, listTemplates(label, part, fold), Math.floor(index / fallacyLabels.length), seed);
  const scene = new Scene(chooseFillers(slice, random), random);
  return makeFallacy(label, place, scene, random);
}

/**
 * The places of templates that belong to a part.
 *
 * @param label - whose templates
 * @param part - all, those that are trained on, or those that are held out
 * @param fold - the tenth that is held out
 * @returns places in the label's list
 */
export function listTemplates(label: FallacyLabel, part: TemplatePartName, fold: number): number[] {
  const isChosen = (place: number): boolean => part === 'all' || (place % FOLDS === fold) === (part === 'held');
  return [...fallacyTemplates[label].keys()].filter(isChosen);
}

/** Each place once, in a random order, before any comes again. */
function chooseTemplate(label: FallacyLabel, places: readonly number[], round: number, seed: number): number {
  const order = new Random(seed).split(label, Math.floor(round / places.length)).permutation(places.length);
  return places[order[round % places.length]!]!;
}

function makeFallacy(label: FallacyLabel, place: number, scene: Scene, random: Random): FallacyRecord {
  const template = fallacyTemplates[label][place]!;
  const { text, span } = formatText(frameDraft(writeParts(readTemplate(template), scene, random), random));
  if ((span === null) !== (label === 'none')) refuseTemplate(label, place);
  return {
    ...{ text, label, span: span && [...span] },
    explanation: explainFallacy(label, span === null ? '' : text.slice(...span)),
    severity: label === 'none' ? 0 : template.includes('{sure}') ? scene.severity : 2,
    template: `${label}/${place}`,
  };
}

function writeParts(parts: readonly TemplatePart[], scene: Scene, random: Random): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return swapWords(part.text, random);
      if (part.kind === 'slot') return scene.fill(part.name, part.form);
      return writeParts(pick(random, part.options), scene, random);
    })
    .join('');
}

function refuseTemplate(label: FallacyLabel, place: number): never {
  return raise('PAL_INTERNAL', {
    where: 'generateFallacy',
    expected: 'marks around what commits a fallacy, and none in a text without',
    received: `the template ${label}/${place}`,
  });
}
