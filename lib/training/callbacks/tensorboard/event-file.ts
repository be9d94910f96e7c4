import { appendFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createDirectory, throwFileError } from '../../../core/index.js';
import { encodeEvent } from './events.js';
import type { EventContent } from './events.js';

let files = 0;

/**
 * A file of TensorBoard events, `events.out.tfevents.{seconds}.{host}.{process}.{number}`.
 * @example
 * const file = new EventFile('runs/first');
 * file.add({ type: 'scalars', step: 1, values: { 'train/loss': 4.2 } });
 * await file.flush();
 */
export class EventFile {
  readonly path: string;
  private waiting: Uint8Array[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly directory: string) {
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
    this.path = join(directory, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}`);
    this.add({ type: 'version' });
  }

  /** Takes an event, which waits for {@link EventFile.flush}. */
  add(content: EventContent): void {
    this.waiting.push(encodeEvent(content, Date.now() / 1000));
  }

  /** Appends what waits to the file. @throws PalabraError of code PAL_FILE when the disk refuses */
  async flush(): Promise<void> {
    const records = Buffer.concat(this.waiting.splice(0));
    // Events stay in order where a flush begins before the one before has ended.
    this.writing = this.writing.then(() => this.append(records));
    await this.writing;
  }

  private async append(records: Uint8Array): Promise<void> {
    try {
      await createDirectory(this.directory);
      await appendFile(this.path, records);
    } catch (cause) {
      throwFileError('EventFile', this.path, cause);
    }
  }
}
