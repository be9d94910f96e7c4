import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPrepared } from '../../lib/data/index.js';
import { HubServer } from '../data/sources/hub-server.js';
import { palabra, startPalabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const sentence = (i: number): string => `On day ${i} the miller walked ${i * 7} steps to mill ${i * 13} by the river.`;

describe('commands on text', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);

  beforeAll(() => {
    writeFileSync(at('mill.txt'), Array.from({ length: 60 }, (_, i) => sentence(i % 50)).join('\n'));
    writeFileSync(at('news.txt'), 'The day of the news. '.repeat(100));
    writeFileSync(at('list.txt'), 'the 500\nof\t300\nriver 0\n');
    writeFileSync(at('bytes.txt'), Buffer.concat([Buffer.from([0xff]), Buffer.from('uno\ndos\ntres\n')]));
  });
  afterAll(() => folder[Symbol.dispose]());

  test.each([['news.txt'], ['list.txt'], ['{news,list}.txt']])('analyze names terms against %s', async (name) => {
    const { status, stdout } = await palabra(['analyze', at('mill.txt'), '--reference', at(name), '--json']);
    expect(status).toBe(0);
    const terms = JSON.parse(stdout).domainTerms.map(({ term }: { term: string }) => term);
    expect(terms).toEqual(expect.arrayContaining(['miller', 'river', 'walked']));
    expect(terms).not.toContain('of');
  });

  test('prepare tells what the parts share', async () => {
    const copies = ['prepare', at('mill.txt'), '--source', 'lines', '--tokenizer', 'char', '--out', at('copies')];
    const { stdout } = await palabra(copies);
    expect(stdout).toMatch(/^text +60 documents, /m);
    expect(stdout).toMatch(/^test in train +6 whole and \d+ nearly of 6 passages, [\d.]+ % of runs .*as "On day 4 /m);
    const one = ['prepare', at('news.txt'), '--tokenizer', 'char', '--out', at('one'), '--prepare.split.test', '0'];
    const told = await palabra([...one, '--prepare.contamination', 'false']);
    expect(told.stdout).toMatch(/^train +[\d,]+ tokens of 1 document$/m);
    expect(told.stdout).not.toContain('validation in train');
  });

  test('prepare parts documents: byte-pair encoding by a token, characters by what is asked for', async () => {
    const lines = ['prepare', at('mill.txt'), '--source', 'lines', '--replace', '--out', at('lines')];
    const { stdout } = await palabra([...lines, '--tokenizer.vocabSize', '300', '--json']);
    const { tokenizer, splits } = JSON.parse(stdout);
    expect(tokenizer).toMatchObject({ type: 'bpe', size: 300 });
    using prepared = await openPrepared(at('lines'));
    const { train } = prepared;
    const ends = train.tokens.subarray(0, train.tokens.length).filter((id) => id === 0);
    expect(prepared.tokenizer.specialTokens).toEqual({ '<|endoftext|>': 0 });
    expect(ends.length).toBeGreaterThanOrEqual(splits.train.documents - 1);
    const none = await palabra([...lines, '--tokenizer.specialTokens', '[]', '--tokenizer.vocabSize', '300', '--json']);
    expect(JSON.parse(none.stdout).tokenizer.size).toBe(300);
    const glued = /^note +nothing stands between documents: set --prepare\.separator/m;
    expect((await palabra([...lines, '--tokenizer', 'char'])).stdout).toMatch(glued);
    expect((await palabra([...lines, '--tokenizer', 'byte', '--prepare.separator', '\n'])).stdout).not.toMatch(glued);
  });

  test('prepare takes files of their own as held-out parts, and no folder that is there', async () => {
    const words = ['prepare', at('mill.txt'), '--tokenizer', 'byte', '--out', at('parts')];
    const own = ['--validation', at('news.txt'), '--test', at('{list,news}.txt')];
    const { stdout } = await palabra([...words, ...own, '--json']);
    const { splits, source } = JSON.parse(stdout);
    expect([splits.train.documents, splits.validation.documents, splits.test.documents]).toEqual([1, 1, 2]);
    expect(splits.validation.tokens).toBe(2100);
    expect(source.documents).toBe(4);
    const again = await palabra(words);
    expect(again).toMatchObject({ status: 1, stderr: expect.stringMatching(/does not exist.*pass --replace/) });
    const missing = await palabra([...words, '--replace', '--test', at('none.txt')]);
    expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining('none.txt') });
  });

  test('prepare reads the splits of a dataset of the hub', async () => {
    const commit = 'f'.repeat(40);
    const file = (text: string): Buffer => Buffer.from(`{"text":"${text}"}\n{"text":""}\n`);
    const splits = { train: 'the first part', validation: 'the second', test: 'the third' };
    const files = Object.fromEntries(Object.entries(splits).map(([name, text]) => [`${name}.jsonl`, file(text)]));
    await using hub = await HubServer.start({
      'owner/set': { branches: { main: commit }, files: { [commit]: files } },
    });
    const source = ['--source', 'huggingFace', '--source.name', 'owner/set', '--source.blank', 'drop'];
    const place = [
      '--source.endpoint',
      hub.endpoint,
      '--source.cacheDirectory',
      at('hub'),
      '--source.offline',
      'false',
    ];
    const parts = ['--validation', 'validation', '--test', 'test', '--out', at('set'), '--tokenizer', 'byte'];
    const { status, stdout, stderr } = await palabra(['prepare', ...source, ...place, ...parts]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '1 blank document left out\n'.repeat(3) });
    expect(stdout).toMatch(/^train +14 tokens of 1 document\nvalidation +10 tokens .*\ntest +9 tokens/m);
  });

  test('Ctrl-C ends prepare with 130 and leaves nothing behind', async () => {
    writeFileSync(at('long.txt'), `${sentence(1)}\n`.repeat(400_000));
    const words = ['prepare', at('long.txt'), '--source', 'lines', '--tokenizer', 'byte', '--out', at('stopped')];
    const child = startPalabra(words);
    const ended = once(child, 'exit');
    const leftovers = (): string[] => readdirSync(folder.path).filter((name) => name.includes('stopped'));
    while (leftovers().length === 0 && child.exitCode === null) await setTimeout(20);
    child.kill('SIGINT');
    expect([(await ended)[0], leftovers()]).toEqual([130, []]);
  });

  test('prepare learns the forms of words for truecasing', async () => {
    const words = ['prepare', at('mill.txt'), '--tokenizer', 'char', '--out', at('true'), '--json'];
    const { status, stdout } = await palabra([...words, '--prepare.preprocess.case', 'truecase']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).preprocess.case.forms).toContain('miller');
  });

  test('bytes that were replaced are told', async () => {
    const words = ['tokenizer', 'train', at('bytes.txt'), '--tokenizer', 'char', '--out', at('tokens')];
    expect((await palabra([...words, '--source', 'lines'])).stderr).toContain('bytes that are no UTF-8 in line 1');
    const replaced = await palabra([...words, '--source', 'lines', '--source.invalidUtf8', 'replace']);
    expect(replaced).toMatchObject({ status: 0, stderr: expect.stringContaining('no UTF-8 in 1 document\n') });
  });

  test('decode asks for ids', async () => {
    for (const word of ['abc', '-1', '1.5', '1e3'])
      expect(await palabra(['tokenizer', 'decode', 'gpt2', '1', '--', word])).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(`expected ids, received ${JSON.stringify(word)}`),
      });
  });
});
