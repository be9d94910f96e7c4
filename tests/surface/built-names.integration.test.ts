import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const { exports: doors } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, { default: string } | string>;
};
const files = Object.values(doors).flatMap((door) => (typeof door === 'string' ? [] : [door.default]));

/** Prints the classes that the built doors export, each with the name it has itself. */
const script = `
  const classes = [];
  for (const file of ${JSON.stringify(files)}) {
    const exported = await import(process.cwd() + '/' + file);
    for (const [name, value] of Object.entries(exported))
      if (typeof value === 'function' && /^class\\b/.test(String(value))) classes.push([name, value.name]);
  }
  console.log(JSON.stringify(classes));
`;

test('classes of the built library are called by their names, as errors and summaries call them', () => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const classes = JSON.parse(printed) as [string, string][];
  expect(classes.length).toBeGreaterThan(50);
  expect(classes.filter(([exported, own]) => exported !== own)).toEqual([]);
});
