import { expect, test } from '@jest/globals';
import { ReadingProgress } from '../../lib/cli/reading-progress.js';

test('a line on a terminal that is redrawn now and then and taken away; elsewhere nothing', () => {
  for (const isTTY of [true, false]) {
    const written: string[] = [];
    let now = 0;
    const progress = new ReadingProgress({ isTTY, write: (text) => written.push(text) }, () => now);
    progress.update({ documents: 1, bytes: 10 });
    now = 250;
    progress.update({ documents: 1, bytes: 2048 });
    progress.update({ documents: 2, bytes: 4096 });
    now = 500;
    progress.update({ documents: 3000, bytes: 5 * 2 ** 20 });
    progress.finish();
    progress.finish();
    const line = (text: string): string => `\r\u001b[K${text}`;
    const shown = ['1 document, 2.0 KiB encoded', '3,000 documents, 5.0 MiB encoded', ''].map(line);
    expect(written).toEqual(isTTY ? shown : []);
  }
});
