import { raise, show } from '../../core/index.js';

/** Figures of one's own, by names of any kind. */
export type LoggedValues = Readonly<Record<string, number>>;

/** The figures that callbacks and loops log while a run goes on, on their way to everything that records it. */
export class RunLog {
  private running = false;
  private sending = false;
  private logged: Record<string, number> = {};

  /** @param send - hears of each call */
  constructor(private readonly send: (values: LoggedValues) => void) {}

  /** From here on figures are taken. */
  open(): void {
    this.running = true;
  }

  /** From here on figures are refused: what records the run is about to be closed. */
  close(): void {
    this.running = false;
  }

  /**
   * Sends figures.
   * @param values - numbers, NaN and infinities among them
   * @throws ArgumentError for a value that is no number, outside a run, and from a callback that is just hearing of figures
   */
  log(values: LoggedValues): void {
    if (!this.running) refuse('figures between onStart and the end of the run', 'some before or after it');
    if (this.sending) refuse('figures outside onEvent', 'some while others are handed out');
    expectNumbers(values);
    this.sending = true;
    try {
      this.send({ ...values });
    } finally {
      this.sending = false;
    }
    Object.assign(this.logged, values);
  }

  /** The latest figures since the last call; nothing where there are none. */
  take(): { logged?: LoggedValues } {
    const { logged } = this;
    this.logged = {};
    return Object.keys(logged).length > 0 ? { logged } : {};
  }
}

function expectNumbers(values: unknown): void {
  if (typeof values !== 'object' || values === null) refuse('an object of numbers', show(values));
  const odd = Object.entries(values).find(([name, value]) => name === '' || typeof value !== 'number');
  if (odd !== undefined) refuse('numbers by name', `${odd[0]}: ${show(odd[1])}`);
}

function refuse(expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: 'run.log', expected, received, fix: "As run.log({ 'mix/books': 0.3 })." });
}
