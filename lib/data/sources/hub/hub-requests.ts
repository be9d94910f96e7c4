import { setTimeout as pause } from 'node:timers/promises';
import { isPalabraError, raise } from '../../../core/index.js';
import type { HubSettings } from './hub-settings.js';
import { HUB } from './hub-kind.js';

/** The reason why a piece of work has to be done again. */
export interface Again {
  again: string;
}

/** Requests to a hub: the token goes to the hub alone, and what may pass is tried again. */
export class HubRequests {
  readonly settings: HubSettings;

  constructor(settings: HubSettings) {
    this.settings = settings;
  }

  /** As the global fetch; failures of the network and of the hub are errors of the library. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    return this.retry(url, () => this.once(url, init));
  };

  /** One attempt; without a signal the answer has to be complete in the time that a hub may be silent. */
  async once(url: string, init: RequestInit = {}): Promise<Response | Again> {
    const signal = init.signal ?? AbortSignal.timeout(this.settings.timeoutMs);
    const response = await fetch(url, { ...init, headers: this.#headers(url, init.headers), signal });
    if (!isTransient(response.status)) return response;
    await response.body?.cancel();
    return { again: `status ${response.status}` };
  }

  /** Does a piece of work until it succeeds; what it wants to be tried again ends as an error when it is too often. */
  async retry<T>(url: string, work: () => Promise<T | Again>): Promise<T> {
    const { attempts, retryDelayMs } = this.settings;
    let received = '';
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) await pause(retryDelayMs * 2 ** (attempt - 1));
      const result = await work().catch((error: unknown) => ({ again: describeNetworkFailure(error) }));
      if (!isAgain(result)) return result;
      received = result.again;
      if (attempt === 0 && attempts > 1) warnOfSilence(url, received, attempts);
    }
    return throwUnreachable(url, received, attempts);
  }

  #headers(url: string, given: RequestInit['headers']): Headers {
    const headers = new Headers(given);
    const { token, endpoint } = this.settings;
    if (token !== undefined && new URL(url).origin === new URL(endpoint).origin) {
      headers.set('authorization', `Bearer ${token}`);
    }
    return headers;
  }
}

function isAgain(result: unknown): result is Again {
  return typeof result === 'object' && result !== null && 'again' in result;
}

/** A signal that comes when nothing has happened for some time. */
export class Patience implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something happened: the time starts anew. */
  renew(): void {
    this.#timer.refresh();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** Too many requests and troubles of a server. */
function isTransient(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

/** The reason of a failed fetch. Other errors are no matter of the network and go on. */
export function describeNetworkFailure(error: unknown): string {
  if (isPalabraError(error)) throw error;
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  return cause?.code ?? cause?.message ?? message;
}

/** What takes seconds is not waited for in silence. */
function warnOfSilence(url: string, received: string, attempts: number): void {
  const text = `${url} does not answer: ${received}. It is asked up to ${attempts} times.`;
  process.emitWarning(text, { type: 'PalabraHubWarning', code: 'PAL_DATA' });
}

function throwUnreachable(url: string, received: string, attempts: number): never {
  raise('PAL_DATA', {
    where: HUB,
    expected: `${url} to answer`,
    received: `${received} at the last of ${attempts} attempts`,
    fix: 'Check the network and HF_ENDPOINT, or set HF_HUB_OFFLINE=1 to use what the cache holds.',
    details: { url },
  });
}
