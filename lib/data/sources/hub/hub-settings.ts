import type { OptionChecks } from '../../../core/index.js';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { raise, show } from '../../../core/index.js';
import { HUB } from './hub-kind.js';

/** Address of the hub and access to it. Every setting has an environment variable that other clients know too. */
export interface HubOptions {
  /** The address of the hub or of a mirror. Default: `HF_ENDPOINT`, else https://huggingface.co. */
  endpoint?: string;
  /** For private and gated repositories. Default: `HF_TOKEN`, else the file that other clients store it in. */
  token?: string;
  /** The folder of kept files. Default: `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else in the user's cache. */
  cacheDirectory?: string;
  /** Uses what is kept and never the network. Default: `HF_HUB_OFFLINE`. */
  offline?: boolean;
  /** Milliseconds without a byte from the hub after which a request fails. Default: 30,000. */
  timeoutMs?: number;
  /** The most attempts of a request. Default: 5. */
  attempts?: number;
  /** The pause before the second attempt; each further one is twice as long. Default: 500. */
  retryDelayMs?: number;
}

/** The keys of {@link HubOptions}. @internal */
export const hubKeys: OptionChecks<HubOptions> = {
  endpoint: true,
  token: true,
  cacheDirectory: true,
  offline: true,
  timeoutMs: true,
  attempts: true,
  retryDelayMs: true,
};

/** {@link HubOptions} with what the environment says. */
export interface HubSettings {
  endpoint: string;
  token: string | undefined;
  cacheDirectory: string;
  offline: boolean;
  timeoutMs: number;
  attempts: number;
  retryDelayMs: number;
}

/**
 * The settings of options and environment.
 *
 * @throws ArgumentError when the address of the hub is none
 */
export function resolveHubSettings(options: HubOptions, environment: NodeJS.ProcessEnv = process.env): HubSettings {
  const { HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HUB_OFFLINE, XDG_CACHE_HOME } = environment;
  const home = omitEmpty(HF_HOME) ?? join(omitEmpty(XDG_CACHE_HOME) ?? join(homedir(), '.cache'), 'huggingface');
  return {
    endpoint: expectAddress(options.endpoint ?? omitEmpty(HF_ENDPOINT) ?? 'https://huggingface.co'),
    token:
      options.token ??
      omitEmpty(environment.HF_TOKEN) ??
      readStoredToken(environment.HF_TOKEN_PATH ?? join(home, 'token')),
    cacheDirectory:
      options.cacheDirectory ?? omitEmpty(HF_HUB_CACHE) ?? omitEmpty(HUGGINGFACE_HUB_CACHE) ?? join(home, 'hub'),
    offline: options.offline ?? /^(1|true|yes|on)$/i.test(HF_HUB_OFFLINE ?? ''),
    timeoutMs: options.timeoutMs ?? 30_000,
    attempts: options.attempts ?? 5,
    retryDelayMs: options.retryDelayMs ?? 500,
  };
}

function omitEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function readStoredToken(path: string): string | undefined {
  return existsSync(path) ? omitEmpty(readFileSync(path, 'utf8').trim()) : undefined;
}

function expectAddress(endpoint: string): string {
  if (URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)) return endpoint.replace(/\/+$/, '');
  return raise('PAL_ARGUMENT', {
    where: HUB,
    expected: 'endpoint to be an address with http or https',
    received: show(endpoint),
    fix: 'Look at HF_ENDPOINT.',
  });
}
