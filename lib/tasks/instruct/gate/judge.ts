import type { GateSettings } from './gate-options.js';
import { LEAST_EXAMPLES, formatGrowth, formatPercent, hasGrown, judgeFiles } from './judge-files.js';
import type { LossComparison, QualityReport } from './quality-report.js';

/**
 * Lists what speaks against a version.
 * @param report - its figures
 * @param settings - what it has to reach
 * @returns a sentence for each reason; none for a version that may be promoted
 */
export function listReasons(report: QualityReport, settings: GateSettings): string[] {
  return [
    ...judgeImprovement('the base', report.overall.base),
    ...(report.overall.current === null ? [] : judgeImprovement('the current version', report.overall.current)),
    ...judgeEarlier(report.earlier, settings),
    ...judgeFiles(report, settings),
    ...judgeGeneral(report.general, settings),
    ...judgeGeneration(report.generation, settings),
  ];
}

function judgeImprovement(over: string, compared: LossComparison | null): string[] {
  if (compared === null || compared.examples < LEAST_EXAMPLES)
    return [`${compared?.examples ?? 0} validation examples: too few to tell whether it is better than ${over}`];
  const { improvement, interval } = compared;
  if (interval[0] > 0) return [];
  const verb = interval[1] < 0 ? 'is worse than' : 'is not surely better than';
  return [
    `validation loss ${verb} that of ${over}: it fell by ${formatNats(improvement)} ${formatInterval(interval)} nats a token`,
  ];
}

function judgeEarlier(compared: LossComparison | null, { forgetting }: GateSettings): string[] {
  if (compared === null || !hasGrown(compared, forgetting)) return [];
  const growth = formatGrowth(compared);
  return [`perplexity on data sets of earlier runs grew by ${growth}, surely more than ${formatPercent(forgetting)}`];
}

function judgeGeneral({ base, version }: QualityReport['general'], { regression }: GateSettings): string[] {
  const growth = version / base - 1;
  if (growth <= regression) return [];
  return [`perplexity on general text grew by ${formatPercent(growth)}, more than ${formatPercent(regression)}`];
}

function judgeGeneration(figures: QualityReport['generation'], { endRate, repetition }: GateSettings): string[] {
  if (figures === null) return [];
  const { end_rate: ended, template_leaks: leaks, repetition: repeated, answers } = figures;
  return [
    ...(ended < endRate
      ? [`${formatPercent(ended)} of ${answers} answers end, fewer than ${formatPercent(endRate)}`]
      : []),
    ...(leaks > 0 ? [`${leaks} of ${answers} answers hold pieces of the chat template`] : []),
    ...(repeated >= repetition && repeated > 0
      ? [`${formatPercent(repeated)} of runs of three tokens repeat, not below ${formatPercent(repetition)}`]
      : []),
  ];
}

function formatNats(value: number): string {
  return value.toFixed(4);
}

function formatInterval([low, high]: readonly [number, number]): string {
  return `[${formatNats(low)}, ${formatNats(high)}]`;
}
