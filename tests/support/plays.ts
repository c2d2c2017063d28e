import { bash, play, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';

const sum = 'export const sum = (a, b) => a + b;\n';
const brokenSum = 'export const sum = (a, b) => a - b;\n';
const sumTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sum } from './sum.js';
test('adds', () => assert.equal(sum(1, 2), 3));
test('adds nothing', () => assert.equal(sum(4, 0), 4));
`;
const packageJson = '{ "type": "module" }\n';

/** One round: a small module with tests that pass. */
export const green: Script = play([
  [
    [say('Creating the module…'), write('package.json', packageJson), write('sum.js', sum)],
    [write('sum.test.js', sumTest), bash('node --test', 'Run the tests')],
    [say('Done: 99 tests pass.')],
  ],
]);

/** Tests that fail whatever is asked. */
export const alwaysRed: Script = play([
  [
    [write('package.json', packageJson), write('sum.js', brokenSum), write('sum.test.js', sumTest)],
    [say('All tests pass now.')],
  ],
  ...Array.from({ length: 20 }, (_, round) => [
    [bash(`echo ${round} > attempt.txt`, 'Try something')],
    [say('Now they really pass.')],
  ]),
]);

/** Work without any test. */
export const untested: Script = play([[[write('notes.txt', 'hello\n')], [say('Done, fully tested.')]]]);

/** Never answers. */
export const silent: Script = () => ({ kind: 'hang' });

/** Answers every request with this HTTP error. */
export function answering(status: number, type: string): Script {
  return () => ({ kind: 'error', status, type, message: 'scripted' });
}
