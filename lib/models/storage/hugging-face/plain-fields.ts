/** The settings of a Gpt that neither GPT-2 nor LLaMA has a field for. */
interface PlainFields {
  queryKeyNorm: { type: string };
  valueResidual: { input: boolean; value: boolean };
  logitSoftCap?: number | undefined;
  residual?: { type: string } | undefined;
  embeddingScale?: unknown;
  headScale?: boolean | undefined;
  paddingToken?: number | undefined;
}

/**
 * Compares with plain transformers what the formats of GPT-2 and LLaMA both have no field for.
 * @param config - of the model that is written
 * @returns by the name of the setting, true where it is as in a plain transformer
 */
export function comparePlainFields(config: PlainFields): Record<keyof PlainFields, boolean> {
  return {
    queryKeyNorm: config.queryKeyNorm.type === 'none',
    valueResidual: !config.valueResidual.input && !config.valueResidual.value,
    logitSoftCap: config.logitSoftCap === undefined,
    residual: (config.residual?.type ?? 'prenorm') === 'prenorm',
    embeddingScale: (config.embeddingScale ?? 1) === 1,
    headScale: config.headScale !== true,
    paddingToken: config.paddingToken === undefined,
  };
}
