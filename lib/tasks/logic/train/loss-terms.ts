import type { LogicSettings } from './options.js';

/** The settings that decide on terms of the loss. */
type TermSettings = Pick<LogicSettings, 'labelSmoothing' | 'smoothing' | 'contrast' | 'heads' | 'teacher'>;

/**
 * Whether the loss has terms that tell targets apart.
 *
 * @param settings - of the training
 * @returns true where batches have to say what each target is
 */
export function needsLabels({ contrast, heads, teacher, ...settings }: TermSettings): boolean {
  return contrast > 0 || heads > 0 || teacher > 0 || isSelective(settings);
}

/**
 * Whether smoothing acts on some tokens alone, so that it is a term of the model rather than of the trainer.
 *
 * @param settings - of the training
 * @returns false where there is none
 */
export function isSelective({
  labelSmoothing,
  smoothing,
}: Omit<TermSettings, 'contrast' | 'heads' | 'teacher'>): boolean {
  return labelSmoothing > 0 && smoothing === 'selective';
}
