import { describe, expect, test } from '@jest/globals';
import { StopMatcher } from '../../../lib/generation/index.js';

/** What comes out of a matcher piece by piece. */
function run(stops: string[], pieces: string[]): { texts: string[]; rest: string; stopped: boolean } {
  const matcher = new StopMatcher(stops);
  const results = pieces.map((piece) => matcher.push(piece));
  return {
    texts: results.map(({ text }) => text),
    rest: matcher.flush(),
    stopped: results.some(({ stopped }) => stopped),
  };
}

describe('StopMatcher', () => {
  test('passes text on that can not become a stop string', () => {
    expect(run(['END'], ['a', 'b', 'EX', 'c'])).toEqual({ texts: ['a', 'b', 'EX', 'c'], rest: '', stopped: false });
    expect(run([], ['a', 'b'])).toEqual({ texts: ['a', 'b'], rest: '', stopped: false });
  });

  test('ends before a stop string, also across pieces', () => {
    expect(run(['END'], ['aE', 'N', 'Db'])).toMatchObject({ texts: ['a', '', ''], stopped: true });
    expect(run(['END'], ['a END b'])).toMatchObject({ texts: ['a '], stopped: true });
  });

  test('holds back a beginning until it is clear, and gives it out at the end', () => {
    expect(run(['END'], ['aEN', 'O'])).toEqual({ texts: ['a', 'ENO'], rest: '', stopped: false });
    expect(run(['END'], ['aEN'])).toEqual({ texts: ['a'], rest: 'EN', stopped: false });
    expect(run(['aab'], ['aaa', 'b'])).toMatchObject({ texts: ['a', ''], stopped: true });
  });

  test('takes the first of several', () => {
    expect(run(['cd', 'b'], ['abcd'])).toMatchObject({ texts: ['a'], stopped: true });
  });
});
