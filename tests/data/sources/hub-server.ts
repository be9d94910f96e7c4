import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A repository: branches with their commits, and the files of each commit. */
export interface ServedRepository {
  branches: Record<string, string>;
  files: Record<string, Record<string, Uint8Array>>;
  /** The token that is asked for, if any. */
  token?: string;
}

/** What the server does to a request before it answers; true where it has answered. */
export type Disturbance = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A server that answers as the hub does: commits, lists of files in pages, and files by way of another address. */
export class HubServer implements AsyncDisposable {
  readonly repositories: Record<string, ServedRepository>;
  /** Paths asked for, with the range where there was one. */
  readonly asked: string[] = [];
  /** The authorization of each request, by path. */
  readonly tokens = new Map<string, string | undefined>();
  disturb: Disturbance = () => false;
  readonly #server: Server;
  readonly #stores: Server;

  private constructor(repositories: Record<string, ServedRepository>) {
    this.repositories = repositories;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#stores = createServer((request, response) => this.#answer(request, response));
  }

  static async start(repositories: Record<string, ServedRepository>): Promise<HubServer> {
    const hub = new HubServer(repositories);
    for (const server of [hub.#server, hub.#stores]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return hub;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#server, this.#stores]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.endpoint);
    const { range, authorization } = request.headers;
    this.asked.push(range === undefined ? url.pathname : `${url.pathname} ${range}`);
    this.tokens.set(url.pathname, authorization);
    if (this.disturb(request, response)) return;
    const path = decodeURIComponent(url.pathname);
    const [, kind = '', name, rest] =
      /^\/(?:(api\/(?:datasets|models)|datasets|store)\/)?([\w-]+\/[\w-]+)\/(.*)$/.exec(path) ?? [];
    const repository = name === undefined ? undefined : this.repositories[name];
    if (repository === undefined) return end(response, 401, { error: 'Invalid username or password.' });
    const refused = repository.token !== undefined && authorization !== `Bearer ${repository.token}`;
    if (kind !== 'store' && refused) return end(response, 401, { error: 'Access is restricted.' });
    if (kind.startsWith('api/')) return this.#api(repository, name!, rest!, url, response);
    if (kind === 'store') return file(repository, rest!, range, response);
    const { port } = this.#stores.address() as AddressInfo;
    const [, target] = /^resolve\/(.*)$/.exec(rest!) ?? [];
    response.writeHead(302, { location: `http://127.0.0.1:${port}/store/${name!}/${target ?? ''}` }).end();
  }

  #api(repository: ServedRepository, name: string, rest: string, url: URL, response: ServerResponse): void {
    const [, revision] = /^revision\/(.*)$/.exec(rest) ?? [];
    if (revision !== undefined) {
      const sha = repository.branches[revision];
      return sha === undefined
        ? end(response, 404, { error: 'none' })
        : end(response, 200, { _id: '1', id: name, sha });
    }
    const [, commit = '', folder = ''] = /^tree\/([0-9a-f]{40})\/?(.*)$/.exec(rest) ?? [];
    const files = repository.files[commit];
    if (files === undefined) return end(response, 404, { error: 'none' });
    const entries = Object.entries(files).filter(([path]) => path.startsWith(folder));
    const cursor = Number(url.searchParams.get('cursor') ?? 0);
    url.searchParams.set('cursor', String(cursor + 2));
    const more = cursor + 2 < entries.length ? { link: `<${url.href}>; rel="next"` } : {};
    end(response, 200, entries.slice(cursor, cursor + 2).map(entry), more);
  }
}

/** Parquet files and weights are kept as large files, by their SHA-256; others in git. */
function entry([path, bytes]: [string, Uint8Array]): object {
  const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const lfs = /\.(parquet|safetensors)$/.test(path)
    ? { lfs: { oid: sha256, size: bytes.length, pointerSize: 130 } }
    : {};
  return { type: 'file', path, size: bytes.length, oid: git, ...lfs };
}

function file(repository: ServedRepository, rest: string, range: string | undefined, response: ServerResponse): void {
  const bytes = repository.files[rest.slice(0, 40)]?.[rest.slice(41)];
  if (bytes === undefined) return end(response, 404, { error: 'none' });
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const headers = { 'content-length': bytes.length - from };
  if (from === 0) return void response.writeHead(200, headers).end(bytes);
  const contentRange = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  response.writeHead(206, { ...headers, 'content-range': contentRange }).end(bytes.subarray(from));
}

function end(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
