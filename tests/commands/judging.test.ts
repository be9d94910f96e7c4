import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';
import { elements, parseMarkup } from '../helpers/markup.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = 'The sun climbs over the hill. The bird sings in the tree. The river runs down to the sea.\n';
const size = ['--model.width', '16', '--model.layers', '2', '--model.heads', '2', '--model.contextLength', '32'];
const steps = ['--trainer.steps', '30', '--trainer.batchSize', '8', '--trainer.evaluateEvery', '10'];

/** What is said of a trained model: figures, pictures, samples, and what is refused. */
describe('palabra judges a model', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const run = at('run');

  beforeAll(async () => {
    writeFileSync(at('story.txt'), story.repeat(1200));
    writeFileSync(at('prompts.txt'), 'THE SUN\n\nThe Bird\n');
    const words = ['train', at('story.txt'), '--run', run, '--tokenizer', 'char', '--prepare.preprocess.case', 'lower'];
    const { status, stderr } = await palabra([...words, ...size, ...steps]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
  afterAll(() => folder[Symbol.dispose]());

  test('attention: a picture a head and a layer as SVG and PNG, a page, and words', async () => {
    const words = ['inspect', run, '--attention', 'the sun climbs', '--out', at('maps'), '--png'];
    const { status, stdout } = await palabra([...words, '--json']);
    expect(status).toBe(0);
    const { files, layers, tokens } = JSON.parse(stdout);
    expect(tokens.join('')).toBe('the sun climbs');
    expect(layers.map(({ name, top }: { name: string; top: unknown[] }) => [name, top.length])).toEqual([
      ['blocks.0.attention', 14],
      ['blocks.1.attention', 14],
    ]);
    // Two layers and four heads, each twice, and the page.
    expect(files).toHaveLength(13);
    for (const file of files as string[]) expect(existsSync(file)).toBe(true);
    const page = parseMarkup(readFileSync(at('maps', 'attention.html'), 'utf8'));
    expect(elements(page, 'figure')).toHaveLength(6);
    expect(elements(page, 'tr')).toHaveLength(2 * (1 + 14));
    expect((await palabra(words)).stdout).toMatch(/blocks\.1\.attention: mean entropy \d\.\d\d nats/);
  });

  test('token vectors: neighbours, analogies and a plane', async () => {
    const found = JSON.parse(
      (await palabra(['inspect', run, '--analogy', '["t", "h", "s"]', '--count', '4', '--json'])).stdout,
    );
    expect(found.map(({ text }: { text: string }) => text)).toHaveLength(4);
    for (const { text } of found) expect(['t', 'h', 's']).not.toContain(text);
    const plane = JSON.parse((await palabra(['inspect', run, '--plane', '--json'])).stdout);
    expect(plane.explained).toHaveLength(2);
    const drawn = await palabra(['inspect', run, '--plane', '--out', at('plane'), '--png']);
    expect(drawn.stdout.trim().split('\n')).toEqual(['svg', 'png', 'csv'].map((end) => at('plane', `plane.${end}`)));
    const [head, ...rows] = readFileSync(at('plane', 'plane.csv'), 'utf8').trim().split('\n');
    expect(head!.trim()).toBe('id,text,x,y');
    // A line break is a token of its own, in quotes over two lines.
    expect(rows.length).toBeGreaterThanOrEqual(plane.points.length);
  });

  test('losses of the run, as SVG and PNG', async () => {
    const { stdout } = await palabra(['inspect', run, '--losses', '--out', at('losses'), '--png', '--json']);
    const { steps: places, train, validation, files } = JSON.parse(stdout);
    expect(places).toEqual([10, 20, 30]);
    expect([train.length, validation.length, files.length]).toEqual([3, 3, 2]);
    expect(
      [...readFileSync(at('losses', 'losses.png')).subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(''),
    ).toBe('PNG');
    expect(await palabra(['inspect', run, '--losses'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--out'),
    });
  });

  test('prompts of a file are made uniform as the text was, presets say how to go on', async () => {
    const words = ['evaluate', run, '--prompts', at('prompts.txt'), '--evaluation.metrics', '[generation]', '--json'];
    const ways = ['--evaluation.presets', '[greedy, balanced]', '--evaluation.samples', '2'];
    const { generations } = JSON.parse((await palabra([...words, ...ways])).stdout);
    expect(Object.keys(generations)).toEqual(['greedy', 'balanced']);
    expect(generations.greedy.prompts).toEqual(['the sun', 'the bird']);
    expect(generations.balanced.settings).toMatchObject({ temperature: 0.8, topK: 40, samples: 2 });
    const six = JSON.parse(
      (await palabra([...words, '--evaluation.presets', 'compared', '--evaluation.samples', '1'])).stdout,
    );
    expect(Object.keys(six.generations)).toHaveLength(6);
    writeFileSync(at('empty.txt'), '\n');
    expect(await palabra(['evaluate', run, '--prompts', at('empty.txt')])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('[PAL_DATA] --prompts'),
    });
  });

  test('evaluate writes a report with pictures', async () => {
    await palabra(['evaluate', run, '--evaluation.metrics', 'all', '--out', at('report')]);
    const page = parseMarkup(readFileSync(at('report', 'evaluation.html'), 'utf8'));
    expect(elements(page, 'svg').length).toBeGreaterThanOrEqual(2);
    await palabra(['validate', run, '--out', at('report')]);
    const titles = elements(parseMarkup(readFileSync(at('report', 'validation.html'), 'utf8')), 'svg');
    expect(titles.map(({ attributes }) => attributes['aria-label'])).toEqual(['Perplexity', 'Loss']);
  });

  test('compare takes all checkpoints of a run; one of them is the model of the run', async () => {
    const words = ['compare', run, at('run', 'checkpoints'), '--evaluation.presets', '[greedy]', '--out', at('all')];
    const { status, stdout, stderr } = await palabra([...words, '--evaluation.metrics', 'all', '--json']);
    expect(`${status} ${stderr}`).toMatch(/^0/);
    const { models, pairs } = JSON.parse(stdout);
    const names = models.map(({ name }: { name: string }) => name);
    expect(names[0]).toBe('run');
    expect(names.length).toBeGreaterThan(2);
    for (const { epoch } of models) expect(epoch).toBeGreaterThan(0);
    const same = pairs.find(({ second, test: { difference } }: never) => second === names.at(-1) && difference === 0);
    expect(same).toMatchObject({ test: { p: 1 }, wilcoxon: { p: 1 }, effect: { d: 0 } });
    const columns = readFileSync(at('all', 'comparison.csv'), 'utf8').split('\r\n')[0]!.split(',');
    for (const name of [
      'model',
      'epoch',
      'perplexity',
      'nats a token',
      'parameters',
      'width',
      'layers',
      'heads',
      'features',
    ])
      expect(columns).toContain(name);
    expect(readFileSync(at('all', 'comparison.html'), 'utf8')).toContain('<svg');
    await palabra([...words, '--no-pictures']);
    expect(readFileSync(at('all', 'comparison.html'), 'utf8')).not.toContain('<svg');
  });

  test('a split is judged by its tokens: words that are not known and the ends of documents count as in training', async () => {
    const lines = Array.from({ length: 200 }, (_, i) =>
      JSON.stringify({ text: `The bird number ${1_000_000 + i * 7919} sings.` }),
    );
    writeFileSync(at('birds.jsonl'), lines.join('\n'));
    const words = ['train', at('birds.jsonl'), '--run', at('words'), '--tokenizer', 'word', '--tokenizer.words', '8'];
    const model = ['--model', 'lstm', '--model.width', '8', '--model.layers', '1', '--dataset.length', '12'];
    expect(await palabra([...words, ...model, ...steps, '--json'])).toMatchObject({ status: 0 });
    const { checks, validation } = JSON.parse((await palabra(['validate', at('words'), '--json'])).stdout);
    const stored = checks.find(({ name }: { name: string }) => name === 'perplexity as stored');
    const [recomputed, before] = stored.explanation.match(/[\d.]+/g).map(Number);
    expect(recomputed).toBeCloseTo(before, 3);
    // <START> The bird number <UNK> sings . <END>
    expect(validation.tokens).toBe(7 * validation.documents.length);
    expect(validation.unknown).toBe(validation.documents.length);
    const other = await palabra(['compare', at('words'), run]);
    expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining('Name text files by --text') });
    expect((await palabra(['compare', at('words'), at('words', 'model'), '--json'])).status).toBe(0);
  });

  test('validate takes a checkpoint, and holds it against what was written down with it', async () => {
    for (const path of [at('run', 'model'), at('run', 'checkpoints', 'step-00000020')]) {
      const { checks } = JSON.parse((await palabra(['validate', path, '--json'])).stdout);
      expect(checks[0]).toMatchObject({ name: 'perplexity as stored', passed: true });
    }
    const explained = async (path: string) => {
      const { checks } = JSON.parse((await palabra(['validate', path, '--json'])).stdout);
      return checks[0].explanation as string;
    };
    expect(await explained(at('run', 'checkpoints', 'step-00000020'))).not.toBe(await explained(run));
  });

  test('verify looks at a batch of the run, and at as much as is asked for', async () => {
    const { status, stdout } = await palabra(['verify', run, '--noiseSteps', '0', '--length', '8', '--json']);
    expect(status).toBe(0);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; verdict: string; explanation: string }[] };
    expect(Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]))).toMatchObject({
      targets: 'passed',
      'noise control': 'skipped',
    });
    expect(checks[0]!.explanation).toContain('of 8,');
  });

  test('generate and chat take presets and prompts as the training text was', async () => {
    const greedy = ['generate', run, 'THE SUN', '--preset', 'greedy', '--maxTokens', '8'];
    const { stdout } = await palabra(greedy);
    expect(stdout).toMatch(/^the sun/);
    expect((await palabra(greedy)).stdout).toBe(stdout);
    const shown = JSON.parse((await palabra(['chat', run, 'THE SUN', '--demo', '--seed', '2', '--json'])).stdout);
    expect(shown.sections).toHaveLength(4);
    expect(shown.sections[0].prompts[0]).toBe('the sun');
    expect(shown.memory.weights).toBeGreaterThan(0);
  });

  /** `palabra` in a process of its own, with something typed. */
  async function typed(args: string[], text: string): Promise<{ status: number; stdout: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx', resolve('lib/cli/main.ts'), ...args], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let stdout = '';
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
    child.stdin.end(text);
    const [status] = (await once(child, 'close')) as [number];
    return { status, stdout };
  }

  test('a session continues what is typed and changes its settings', async () => {
    const { status, stdout } = await typed(
      ['chat', run, '--seed', '1'],
      'THE SUN\nconfig maxTokens=3\nTHE SUN\nexit\n',
    );
    expect(status).toBe(0);
    expect(stdout).not.toContain('[PAL_');
    expect(stdout).toContain('{"temperature":1,"maxTokens":3}');
    expect(stdout.trimEnd().split('\n').at(-1)!.length).toBeLessThanOrEqual(3);
  });

  test('Ctrl-C ends a long text with 130', async () => {
    const args = ['--import', 'tsx', resolve('lib/cli/main.ts'), 'generate', run, 'the sun', '--maxTokens', '1000000'];
    const child = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
    let [stdout, stderr] = ['', ''];
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    child.stdout.on('data', (bytes: Buffer) => {
      stdout += bytes.toString();
      if (stdout.length > 40 && !child.killed) child.kill('SIGINT');
    });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(stderr.trim()).toBe('stopped');
  });

  test('a reader that has seen enough ends it quietly', async () => {
    const shell = `"${process.execPath}" --import tsx lib/cli/main.ts generate "${run}" "the sun" --maxTokens 1000000 | head -c 20`;
    const child = spawn('bash', ['-c', `set -o pipefail; ${shell}`], { env: { ...process.env, NODE_OPTIONS: '' } });
    let stderr = '';
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    child.stdout.resume();
    expect([await once(child, 'close'), stderr]).toEqual([[0, null], '']);
  });

  test.each([
    [['compare', at('nowhere'), run], 1, '[PAL_FILE]'],
    [['compare', run, run, '--evaluation.goals', '{}'], 2, 'unknown option'],
    [['inspect', run, '--plane'], 1, '--out FOLDER'],
    [['inspect', run, '--analogy', '["t", "h"]'], 1, 'analogy'],
    [['inspect', run, '--neighbours', 'the'], 1, 'one token'],
    [['verify', run, '--length', '1'], 1, 'length'],
    [['generate', run, 'the', '--preset', 'balance'], 2, 'balanced'],
    [['chat', run, '--temperature', 'warm'], 2, 'number'],
    [['evaluate', run, '--prompts', at('nowhere')], 1, '[PAL_FILE] --prompts'],
  ])('a wrong line says what to do: %j', async (words, code, message) => {
    const { status, stderr } = await palabra(words);
    expect({ status, stderr }).toEqual({ status: code, stderr: expect.stringContaining(message) });
  });
});
