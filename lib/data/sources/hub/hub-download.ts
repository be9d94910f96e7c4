import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createDirectory, acquireLock, throwFileError, isSystemError, raise } from '../../../core/index.js';
import { hashPartialFile, readSize } from './hub-cache.js';
import { Patience, describeNetworkFailure } from './hub-requests.js';
import type { Again, HubRequests } from './hub-requests.js';
import { refuseAccess } from './hub-repository.js';
import type { HubRepository } from './hub-repository.js';
import type { HubFile } from './hub-file.js';
import { HUB } from './hub-kind.js';

/** The progress of a download. */
export interface DownloadProgress {
  path: string;
  bytes: number;
  totalBytes: number;
}

/** A file to fetch and its target. */
export interface Download {
  repository: Pick<HubRepository, 'kind' | 'name'>;
  url: string;
  file: HubFile;
  /** The path that appears when the content is whole and has its hash. */
  target: string;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Fetches a file into `target`, going on where an earlier attempt stopped. A lock keeps other processes away meanwhile.
 *
 * @throws DataError when the hub does not give it or its hash is not the one listed; PalabraError PAL_LOCKED when
 *   another process is fetching it
 */
export async function download(requests: HubRequests, wanted: Download): Promise<void> {
  const { target, file, url } = wanted;
  const folder = dirname(target);
  await createDirectory(folder).catch((error: unknown) => throwFileError(HUB, folder, error));
  using _ = acquireLock(`${target}.lock`);
  const part = `${target}.incomplete`;
  let bytes = await keepUsableBytes(part, file.size);
  while (bytes < file.size) bytes = await requests.retry(url, () => fetchPart(requests, wanted, part));
  const found = (await hashPartialFile(file, part)).digest('hex');
  if (found !== file.hash.value) {
    await rm(part, { force: true }).catch((error: unknown) => throwFileError(HUB, part, error));
    refuseHash(wanted, found);
  }
  await rename(part, target).catch((error: unknown) => throwFileError(HUB, target, error));
}

/** The bytes of an earlier attempt; one that is too long is thrown away. */
async function keepUsableBytes(part: string, size: number): Promise<number> {
  const bytes = (await readSize(part)) ?? 0;
  if (bytes > 0 && bytes <= size) return bytes;
  await (await openFile(part, 'w')).close();
  return 0;
}

/** Appends to what there is and returns its size; a connection that breaks after some bytes is no failure. */
async function fetchPart(requests: HubRequests, wanted: Download, part: string): Promise<number | Again> {
  using patience = new Patience(requests.settings.timeoutMs);
  const before = (await readSize(part)) ?? 0;
  const headers = before > 0 ? { range: `bytes=${before}-` } : {};
  const response = await requests.once(wanted.url, { headers, signal: patience.signal });
  if ('again' in response) return response;
  if (!response.ok || response.body === null) return refuseStatus(wanted, response.status, requests);
  const resumed = response.status === 206 && parseRangeStart(response) === before;
  const file = await openFile(part, resumed ? 'a' : 'w');
  let again = 'the end of the answer';
  try {
    await append(response.body as AsyncIterable<Uint8Array>, file, wanted, resumed ? before : 0, patience);
  } catch (error) {
    if (isSystemError(error) && 'syscall' in error && error.syscall === 'write') throwFileError(HUB, part, error);
    again = describeNetworkFailure(error);
  } finally {
    await closeWritten(file, part);
  }
  const reached = (await readSize(part)) ?? 0;
  return reached > before || reached === wanted.file.size ? reached : { again };
}

async function append(
  body: AsyncIterable<Uint8Array>,
  file: FileHandle,
  wanted: Download,
  from: number,
  patience: Patience,
): Promise<void> {
  const { path, size } = wanted.file;
  let bytes = from;
  for await (const piece of body) {
    patience.renew();
    bytes += piece.length;
    if (bytes > size) refuseSize(wanted, bytes);
    await file.writeFile(piece);
    wanted.onProgress?.({ path, bytes, totalBytes: size });
  }
}

async function openFile(path: string, flags: 'a' | 'w'): Promise<FileHandle> {
  return open(path, flags).catch((error: unknown) => throwFileError(HUB, path, error));
}

/** Closes a file once the disk has what was written. */
async function closeWritten(file: FileHandle, path: string): Promise<void> {
  try {
    await file.sync();
  } catch (cause) {
    throwFileError(HUB, path, cause);
  } finally {
    await file.close();
  }
}

function parseRangeStart(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? NaN);
}

function refuseStatus({ repository, url }: Download, status: number, requests: HubRequests): never {
  if (status === 401 || status === 403) refuseAccess(repository, status, requests.settings.token !== undefined);
  raise('PAL_DATA', {
    where: HUB,
    expected: `${url} to be there`,
    received: `status ${status}`,
    fix: 'The file was listed: try again later.',
    details: { url, status },
  });
}

function refuseSize({ url, file }: Download, bytes: number): never {
  raise('PAL_DATA', {
    where: HUB,
    expected: `${file.size} bytes from ${url}`,
    received: `${bytes} and more`,
    fix: 'Something between here and the hub changes what it sends.',
    details: { url, size: file.size },
  });
}

function refuseHash({ url, file }: Download, received: string): never {
  raise('PAL_DATA', {
    where: HUB,
    expected: `the content of ${url} to have the hash ${file.hash.value}`,
    received,
    fix: 'What was fetched is thrown away: try again.',
    details: { url, expected: file.hash.value, received },
  });
}
