/** Which path a kind of work takes on this processor. */
export interface CpuPath {
  /** For instance `float32 products`. */
  kind: string;
  path: string;
  /** Why this path is taken and others are not. */
  reason: string;
}

/** The paths in the addon's text: a line each of kind, path and reason, with tabs between. */
export function parseCpuPaths(text: string): CpuPath[] {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => {
    const [name = '', path = '', reason = ''] = line.split('\t');
    return { kind: name, path, reason };
  });
}
