import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';

describe('palabra completion', () => {
  let script = '';

  beforeAll(async () => {
    script = (await palabra(['completion', 'bash'])).stdout;
  });

  /** What bash offers behind some words. */
  function offered(words: string[]): string[] {
    const line = words.map((word) => `'${word}'`).join(' ');
    const ask = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _palabra; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', ask], { encoding: 'utf8' }).stdout.trim().split('\n');
  }

  test.each([
    [['palabra', 'tr'], ['train']],
    [
      ['palabra', 'tokenizer', ''],
      ['train', 'encode', 'decode', '--help'],
    ],
    [['palabra', 'train', 'corpus.txt', '--model.w'], ['--model.width']],
    [['palabra', 'generate', 'runs/first', '--topP', '0.9', '--max'], ['--maxTokens']],
    [['palabra', 'libtorch', 'install', '--va'], ['--variant']],
  ])('%j', (words, expected) => {
    expect(offered(words)).toEqual(expected);
  });
});
