/** The streams of a command; each text ends with a line break. */
export interface Output {
  /** Takes the result. */
  out: (text: string) => void;
  /** Errors and how far a long work has come. */
  err: (text: string) => void;
  /** True once nobody reads the result any more. Default: false. */
  readonly closed?: boolean;
}

/** The reader of a stream is gone: a pipe that was closed, as by `head`, or a terminal that was hung up. */
const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** A process with the streams and the exit code that {@link openOutput} uses. */
type OutputProcess = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exitCode'>;

/**
 * Opens the process's own streams. Work goes on when its readers leave, without being shown; where the result can't be
 * written for another reason, as on a full disk, the exit code becomes 1.
 *
 * @param owner - the process
 */
export function openOutput(owner: OutputProcess = process): Output {
  const closed = { out: false, err: false };
  const err = (text: string): void => {
    if (!closed.err) owner.stderr.write(text);
  };
  owner.stderr.on('error', () => (closed.err = true));
  owner.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (!closed.out && !GONE.has(code)) {
      err(`[PAL_FILE] palabra: expected standard output to take the result, received ${message}.\n`);
      owner.exitCode = 1;
    }
    closed.out = true;
  });
  return {
    out: (text) => {
      if (!closed.out) owner.stdout.write(text);
    },
    err,
    get closed() {
      return closed.out;
    },
  };
}
