/** No value is longer. */
const MOST_CHARACTERS = 500;

/**
 * A configuration as parameters of MLflow.
 * @param config - nested plain data
 * @param prefix - the path of `config` in a larger one (default: it is the whole)
 * @returns dotted paths with values as texts, as `optimizer.learningRate`, `0.005`; lists as JSON, no null
 */
export function listParameters(config: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
  return Object.entries(config).flatMap(([key, value]): [string, string][] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (value === undefined || value === null) return [];
    if (typeof value === 'object' && !Array.isArray(value)) return listParameters({ ...value }, path);
    return [[path, formatValue(value).slice(0, MOST_CHARACTERS)]];
  });
}

function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
