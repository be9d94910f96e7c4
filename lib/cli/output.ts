/** The streams of a command; each text ends with a line break. */
export interface Output {
  /** Takes the result. */
  out: (text: string) => void;
  /** Errors and how far a long work has come. */
  err: (text: string) => void;
}

/** Writes to the process's own streams. */
export const processOutput: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};
