import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isPalabraError } from '../../lib/core/index.js';
import { OptionsWalk } from '../helpers/options-objects.js';
import type { OptionsParameter } from '../helpers/options-objects.js';

/** What looks like options and refuses no misspelt key, each with the reason. */
const EXCEPTIONS: Record<string, string> = {
  'new PalabraError(argument 2)': 'an error that is about to be thrown refuses nothing',
  'checkContamination(argument 0)': 'the splits of whatever holds some, as a prepared folder with its manifest',
};

const { exports: packageExports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, { default: string } | string>;
};

const doors = Object.values(packageExports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [entry.default.replace('./dist/', 'lib/').replace(/\.js$/, '.ts')],
);

const { found } = new OptionsWalk(doors);

/** A key with its last two letters swapped, as fingers do; one that is no key itself. */
function misspell(keys: readonly string[]): [wrong: string, meant: string] {
  for (const key of [...keys].sort((a, b) => b.length - a.length)) {
    const wrong = `${key.slice(0, -2)}${key.at(-1)!}${key.at(-2)!}`;
    if (wrong !== key && !keys.includes(wrong)) return [wrong, key];
  }
  throw new Error(`no key to misspell among ${keys.join(', ')}`);
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Calls a public function without anything but the options. */
function call(
  { name, index, destructured }: OptionsParameter,
  module: Record<string, unknown>,
  options: object,
): unknown {
  const args = Array.from({ length: index }, (_, i): unknown => (destructured.includes(i) ? {} : undefined));
  args.push(options);
  if (name.startsWith('new ')) {
    const constructor = module[name.slice(4)] as new () => object;
    return Reflect.construct(constructor, args, class extends constructor {}) as object;
  }
  const [owner, method] = name.split(/[.#]/) as [string, string | undefined];
  if (method === undefined) return (module[owner] as AnyFunction)(...args);
  const found = module[owner] as { prototype: object };
  const target = name.includes('#') ? (Object.create(found.prototype) as object) : found;
  return (target as Record<string, AnyFunction>)[method]!(...args);
}

/** Whatever a call ends in: thrown, rejected, or met at the first step of a loop. */
async function findError(run: () => unknown): Promise<unknown> {
  try {
    const result = run();
    await (isAsyncIterator(result) ? result.next() : result);
  } catch (error) {
    return error;
  }
  return undefined;
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}

const describePlace = ({ name, path, index }: OptionsParameter): string =>
  `${name}(${path.length === 0 ? `argument ${index}` : path.join('.')})`;

test('the walk finds the options objects of every door', () => {
  console.log(`${found.length} options objects, ${found.filter(({ path }) => path.length > 0).length} of them nested`);
  expect(new Set(found.map(({ door }) => door)).size).toBeGreaterThan(10);
  expect(found.map(describePlace)).toEqual(
    expect.arrayContaining(['generate(argument 3)', 'new AdamW(argument 1)', 'CharTokenizer.train(argument 1)']),
  );
});

describe('a misspelt key of an options object is refused, with what was meant and every key', () => {
  test.each(
    found.map((place) => [describePlace(place), place] as const).filter(([name]) => !Object.hasOwn(EXCEPTIONS, name)),
  )('%s', async (_name, place) => {
    const module = (await import(`../../${place.door.replace(/\.ts$/, '.js')}`)) as Record<string, unknown>;
    const [wrong, meant] = misspell(place.keys);
    const inner = { ...place.tag, [wrong]: 1 };
    const options = place.path.reduceRight<object>((value, key) => ({ [key]: value }), inner);
    const error = await findError(() => call(place, module, options));
    expect(isPalabraError(error) ? error.code : error).toMatch(/^PAL_(ARGUMENT|CONFIG)$/);
    const { message } = error as Error;
    expect(message).toContain(wrong);
    expect(message).toContain(`Did you mean "${meant}"?`);
    for (const key of place.keys) expect(message).toContain(key);
  });
});
