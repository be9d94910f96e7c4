import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { createChatVerifier, verifyRecords } from '../../../lib/logic/index.js';
import type { LogicRecord, VerifiedRecords, VerifyRecordsOptions } from '../../../lib/logic/index.js';
import { makeRecord } from './make-record.js';

/** What the server does with a request: a status, or the content of an answer; `hang` is never answered. */
type Reply = number | string;

let folder: string;
let server: Server;
let url: string;
let asked: { sentence: string; key: string | undefined }[];
let reply: (sentence: string, count: number) => Reply;
let journals = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-records-'));
});
afterAll(async () => rm(folder, { recursive: true }));

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      const sentence = /Oración: (.*)/.exec(messages[1]!.content)![1]!;
      asked.push({ sentence, key: request.headers.authorization });
      const answer = reply(sentence, asked.filter((one) => one.sentence === sentence).length);
      if (answer === 'hang') return;
      if (typeof answer === 'number') return void response.writeHead(answer, { 'retry-after': '0' }).end();
      const usage = { prompt_tokens: 100, completion_tokens: 10 };
      response.end(JSON.stringify({ choices: [{ message: { content: answer } }], usage, model: 'm-1' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const yes = JSON.stringify({ is_correct: true, confidence: 0.9, issues: [] });
const correct = (formula: string, confidence = 0.9): string =>
  JSON.stringify({ is_correct: false, confidence, issues: ['dirección'], corrected_formula: formula });
const records = Array.from({ length: 6 }, (_, i) =>
  makeRecord(`Si llueve ${i} veces, me mojo.`, 'p → q', ['llueve', 'me mojo']),
);

async function verify(
  list: readonly LogicRecord[],
  more: Partial<VerifyRecordsOptions> = {},
): Promise<VerifiedRecords> {
  const verifier = createChatVerifier({ url, model: 'm', inputPrice: 1, outputPrice: 10 });
  return verifyRecords(list, { verifier, journal: join(folder, `${journals++}.jsonl`), retryDelayMs: 1, ...more });
}

describe('verifyRecords', () => {
  test('confirmed records come back in their order, with who said so', async () => {
    reply = () => '```json\n' + yes + '\n```';
    const { records: kept, statistics } = await verify(records);
    expect(kept.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(kept[0]!.verification).toMatchObject({ status: 'confirmed', confidence: 0.9, model: 'm-1' });
    expect(statistics).toMatchObject({ stage: 'verify', calls: 6, usage: { inputTokens: 600, outputTokens: 60 } });
    expect(statistics.usage.costUsd).toBeCloseTo(0.0012, 10);
  });

  test.each([
    ['a correction', correct('q → p'), 'corrected'],
    ['a cosmetic one', correct('¬p ∨ q'), 'confirmed'],
    ['one that is no formula', correct('p → → q'), 'rejected'],
    ['one with an unknown atom', correct('p → r'), 'rejected'],
    ['one without content', correct('p → p'), 'rejected'],
    ['one that is not sure', correct('q → p', 0.69), 'rejected'],
    ['none', JSON.stringify({ is_correct: false, confidence: 1, issues: [] }), 'rejected'],
  ])('%s ends in the right status', async (_, answer, status) => {
    reply = () => answer;
    const { records: kept, removed } = await verify(records.slice(0, 1));
    const [found] = [...kept, ...removed.map(({ record }) => record)];
    expect(found!.verification.status).toBe(status);
    expect(kept).toHaveLength(status === 'rejected' ? 0 : 1);
    if (status === 'corrected')
      expect(found).toMatchObject({
        formula: 'q → p',
        formulaAscii: 'q -> p',
        verification: { previousFormula: 'p → q' },
      });
  });

  test.each<[string, (count: number) => Reply, string, number]>([
    ['an error that passes', (count) => (count < 3 ? 503 : yes), 'confirmed', 3],
    ['too many requests', (count) => (count < 2 ? 429 : yes), 'confirmed', 2],
    ['an error that stays', () => 500, 'error', 4],
    ['one answer that is no JSON', (count) => (count < 2 ? 'sí, claro' : yes), 'confirmed', 2],
    ['answers that are no JSON', () => '{"is_correct": "perhaps"}', 'error', 2],
  ])('%s', async (_, answer, status, calls) => {
    reply = (_sentence, count) => answer(count);
    const { records: kept, removed, statistics } = await verify(records.slice(0, 1));
    const [found] = [...kept, ...removed.map(({ record }) => record)];
    expect({ status: found!.verification.status, calls: statistics.calls }).toEqual({ status, calls });
    expect(kept).toHaveLength(status === 'error' ? 0 : 1);
  });

  test('a call that hangs is given up and made again', async () => {
    reply = (_sentence, count) => (count < 2 ? 'hang' : yes);
    const verifier = createChatVerifier({ url, model: 'm', timeoutMs: 500 });
    const { removed } = await verify(records.slice(0, 1), { verifier });
    expect(asked.length).toBeGreaterThan(1);
    expect(removed.map(({ reason }) => reason)).not.toContain('unverified');
  });

  test('what could not be judged is kept only where that is asked for', async () => {
    reply = () => 500;
    expect((await verify(records.slice(0, 1), { keepUnverified: true })).records).toHaveLength(1);
  });

  test('a refusal that every call would meet ends the work at once', async () => {
    reply = () => 401;
    await expect(verify(records, { concurrency: 1 })).rejects.toThrow(
      /take requests, received the service answered 401/,
    );
    expect(asked).toHaveLength(1);
  });

  test('a rerun sends nothing again, corrected and rejected records neither; errors are asked for anew', async () => {
    const journal = join(folder, 'resume.jsonl');
    reply = (sentence) =>
      sentence.includes('1')
        ? correct('q → p')
        : sentence.includes('2')
          ? correct('p →')
          : sentence.includes('3')
            ? 500
            : yes;
    const first = await verify(records, { journal });
    expect(first.records).toHaveLength(4);
    await appendFile(journal, '{"id": "cut sho');
    asked = [];
    reply = () => yes;
    const second = await verify(records, { journal });
    expect(asked.map(({ sentence }) => sentence)).toEqual([records[3]!.input]);
    expect(second.records).toHaveLength(5);
    expect((await readFile(journal, 'utf8')).trim().split('\n')).toHaveLength(6);
  });

  test.each<[Partial<VerifyRecordsOptions>, string, number]>([
    [{ maxCalls: 3 }, 'maxCalls', 3],
    [{ maxTokens: 300 }, 'maxTokens', 3],
    [{ maxUsd: 0.0005 }, 'maxUsd', 3],
  ])('limits end the work cleanly: %j', async (limit, stoppedBy, calls) => {
    reply = () => yes;
    const { records: kept, removed, statistics } = await verify(records, { ...limit, concurrency: 1 });
    expect(statistics).toMatchObject({ stoppedBy, calls, removedByReason: { unverified: 6 - calls } });
    expect(kept.length + removed.length).toBe(6);
  });

  test('a verifier that corrects too much is doubted', async () => {
    reply = () => correct('q → p');
    const many = Array.from({ length: 120 }, (_, i) =>
      makeRecord(`Si nieva ${i} veces, me voy.`, 'p → q', ['nieva', 'me voy']),
    );
    const { statistics } = await verify(many);
    expect(statistics).toMatchObject({ stoppedBy: 'correctionRate', correctionRate: 1 });
    expect(statistics.calls).toBeLessThan(110);
  });

  test('the key comes from the environment and is written nowhere', async () => {
    const journal = join(folder, 'key.jsonl');
    process.env.SOME_KEY_OF_A_TEST = 'secret-1';
    reply = () => yes;
    const verifier = createChatVerifier({ url, model: 'm', keyVariable: 'SOME_KEY_OF_A_TEST' });
    const found = await verifyRecords(records.slice(0, 1), { verifier, journal });
    delete process.env.SOME_KEY_OF_A_TEST;
    expect(asked[0]!.key).toBe('Bearer secret-1');
    expect(JSON.stringify(found) + (await readFile(journal, 'utf8'))).not.toContain('secret-1');
    expect(() => createChatVerifier({ url, model: 'm', keyVariable: 'NO_SUCH_VARIABLE' })).toThrow(/NO_SUCH_VARIABLE/);
  });

  test('stopped, it keeps what it knows', async () => {
    const stop = new AbortController();
    const journal = join(folder, 'stopped.jsonl');
    reply = (_sentence, count) => {
      if (asked.length === 3) stop.abort();
      return asked.length >= 3 || count > 1 ? 'hang' : yes;
    };
    const work = verify(records, { journal, concurrency: 1, signal: stop.signal });
    await expect(work).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    expect((await readFile(journal, 'utf8')).trim().split('\n')).toHaveLength(2);
  });
});
