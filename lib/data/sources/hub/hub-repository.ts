import { raise, show } from '../../../core/index.js';
import { parseHubFile } from './hub-file.js';
import type { HubFile } from './hub-file.js';
import type { HubRequests } from './hub-requests.js';
import { HUB } from './hub-kind.js';
import type { RepositoryKind } from './hub-kind.js';

/** A repository on a hub. */
export class HubRepository {
  readonly name: string;
  readonly kind: RepositoryKind;
  readonly #requests: HubRequests;

  /**
   * Names a repository; nothing is asked of the hub yet.
   *
   * @throws ArgumentError when it is no name
   */
  constructor(kind: RepositoryKind, name: string, requests: HubRequests) {
    if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/.test(name)) refuseName(kind, name);
    this.kind = kind;
    this.name = name;
    this.#requests = requests;
  }

  /** The commit that a branch or tag stands for now; undefined where there is none of the name. */
  async commit(revision: string): Promise<string | undefined> {
    const { datasetInfo, modelInfo } = await import('@huggingface/hub');
    const { endpoint: hubUrl } = this.#requests.settings;
    const options = { name: this.name, revision, additionalFields: ['sha' as const], hubUrl, fetch: this.#fetch };
    const asked = this.kind === 'dataset' ? datasetInfo(options) : modelInfo(options);
    const info = await asked.catch((error: unknown) => this.#failed(error));
    return info && this.#checkedCommit(info.sha);
  }

  /** The files of a commit, of all folders or under one; undefined where there is no such folder. */
  async files(commit: string, folder = ''): Promise<HubFile[] | undefined> {
    const { listFiles } = await import('@huggingface/hub');
    const repo = { type: this.kind, name: this.name };
    const hubUrl = this.#requests.settings.endpoint;
    const options = { repo, revision: commit, recursive: true, hubUrl, fetch: this.#fetch, path: encodePath(folder) };
    const files: HubFile[] = [];
    try {
      for await (const { type, path, size, oid, lfs } of listFiles(options)) {
        if (type !== 'file') continue;
        const hash = lfs ? { type: 'sha256', value: lfs.oid } : { type: 'git', value: oid };
        files.push(parseHubFile(path, size, hash) ?? this.#strange(`a file ${show(path)} of size ${show(size)}`));
      }
    } catch (error) {
      return this.#failed(error);
    }
    return files;
  }

  /** The URL of a file of a commit. */
  address(commit: string, path: string): string {
    const folder = this.kind === 'dataset' ? 'datasets/' : '';
    return `${this.#requests.settings.endpoint}/${folder}${this.name}/resolve/${commit}/${encodePath(path)}`;
  }

  get #fetch(): typeof fetch {
    return this.#requests.fetch;
  }

  #checkedCommit(value: unknown): string {
    return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value) ? value : this.#strange(`commit ${show(value)}`);
  }

  #strange(received: string): never {
    raise('PAL_DATA', {
      where: HUB,
      expected: `an answer about ${this.name} that makes sense`,
      received,
      fix: 'Check that HF_ENDPOINT is a Hugging Face hub.',
      details: { name: this.name },
    });
  }

  /** Interprets an answer of the hub other than success: undefined for what is not there. */
  #failed(error: unknown): undefined {
    const status = (error as { statusCode?: unknown }).statusCode;
    if (status === 404) return undefined;
    if (typeof status !== 'number') throw error;
    if (status !== 401 && status !== 403) return this.#strange(`status ${status}`);
    return refuseAccess(this, status, this.#requests.settings.token !== undefined);
  }
}

/** Says that a token is missing or not enough; the hub answers so for names that do not exist, too. */
export function refuseAccess(
  { kind, name }: Pick<HubRepository, 'kind' | 'name'>,
  status: number,
  hasToken: boolean,
): never {
  const allowed = `Check that the ${kind} exists, that its terms are accepted and that the token may read it.`;
  const named = `Check the name; for private and gated ${kind}s set HF_TOKEN.`;
  raise('PAL_DATA', {
    where: HUB,
    expected: `access to the ${kind} ${show(name)}`,
    received: `status ${status}`,
    fix: hasToken ? allowed : named,
    details: { name, status },
  });
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function refuseName(kind: RepositoryKind, name: string): never {
  raise('PAL_ARGUMENT', {
    where: HUB,
    expected: `name to be that of a ${kind}, with or without its owner`,
    received: show(name),
    fix: "Write it as in the address, e.g. 'owner/name'.",
  });
}
