import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of small files for one test, removed with `using`. */
export class SourceFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'palabra-sources-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** All documents of a source. */
export async function all(source: AsyncIterable<string>): Promise<string[]> {
  const documents: string[] = [];
  for await (const text of source) documents.push(text);
  return documents;
}
