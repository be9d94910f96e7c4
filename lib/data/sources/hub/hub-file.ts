/** A file of a repository. */
export interface HubFile {
  path: string;
  size: number;
  /** The hash of its content: SHA-256 of large files, else that of git (SHA-1 of a header and the content). */
  hash: { type: 'sha256' | 'git'; value: string };
}

/** The file that plain data from a hub or a cache describe; undefined when they are none. */
export function parseHubFile(path: unknown, size: unknown, hash: unknown): HubFile | undefined {
  if (!isSafePath(path) || !Number.isSafeInteger(size) || (size as number) < 0 || !isHash(hash)) return undefined;
  return { path, size: size as number, hash };
}

/** Paths become names in the cache and must stay inside it. */
function isSafePath(path: unknown): path is string {
  if (typeof path !== 'string') return false;
  return path.split('/').every((name) => !['', '.', '..'].includes(name) && !/[\0\\]/.test(name));
}

function isHash(hash: unknown): hash is HubFile['hash'] {
  const { type, value } = hash as { type?: unknown; value?: unknown };
  if (typeof value !== 'string' || !/^[0-9a-f]*$/.test(value)) return false;
  return (type === 'sha256' && value.length === 64) || (type === 'git' && value.length === 40);
}
