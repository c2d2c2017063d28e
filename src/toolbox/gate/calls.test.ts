import { describe, expect, test } from 'vitest';
import type { ToolRunResult } from '../../sandbox/cells.ts';
import { endOf } from './calls.ts';

const limits = { timeoutMs: 1_000, memoryMb: 64, outputKb: 1 };
const good: ToolRunResult = {
  ...{ exitCode: 0, stdout: '{"a":1}', stderr: '', timedOut: false, aborted: false, truncated: false },
  ...{ isolation: 'bubblewrap', durationMs: 10 },
};

describe('what became of a call', () => {
  test.each<[string, Partial<ToolRunResult>, string, RegExp | undefined]>([
    ['an answer', {}, 'output', undefined],
    ['a reason', { exitCode: 1, stderr: 'there is no date\n' }, 'refused', /^there is no date$/],
    ['a failure without a word', { exitCode: 1 }, 'crashed', /said nothing/],
    [
      'an error that nobody caught, of Node',
      { exitCode: 1, stderr: 'x.mjs:1\nboom()\n^\n\nReferenceError: boom is not there\n    at file:///x.mjs:1:1\n' },
      'crashed',
      /ReferenceError: boom/,
    ],
    [
      'an error that nobody caught, of Python',
      { exitCode: 1, stderr: 'Traceback (most recent call last):\n  File "x"\nKeyError: \'a\'\n' },
      'crashed',
      /KeyError: 'a'/,
    ],
    [
      'an error of the program given as a reason',
      { exitCode: 1, stderr: "Cannot read properties of undefined (reading 'x')" },
      'crashed',
      /an error of its own/,
    ],
    ['a signal', { exitCode: 139 }, 'crashed', /signal/],
    ['no memory', { exitCode: 134, stderr: 'FATAL ERROR: JavaScript heap out of memory' }, 'over-limit', /memory/],
    ['no time', { exitCode: null, timedOut: true }, 'over-limit', /1000 ms/],
    ['too much output', { exitCode: null, truncated: true, limit: 'output' }, 'over-limit', /1 KB/],
    ['nothing printed', { stdout: ' \n' }, 'wrong-output', /nothing/],
    ['no JSON', { stdout: 'hello' }, 'wrong-output', /no JSON value: "hello"/],
    ['an answer with other text', { stdout: 'reading…\n{"a":1}' }, 'wrong-output', /other text beside its answer/],
    ['two answers', { stdout: '{"a":1}\n{"a":2}' }, 'wrong-output', /other text beside its answer/],
    ['an answer without a bottom', { stdout: '['.repeat(400) + ']'.repeat(400) }, 'wrong-output', /deeper than 200/],
    ['no start', { exitCode: null, notStarted: 'python3 is not installed' }, 'not-started', /python3/],
    ['an end from outside', { exitCode: null, aborted: true }, 'aborted', undefined],
  ])('%s', (_, result, kind, reason) => {
    const end = endOf({ limits }, { ...good, ...result });
    expect(end.kind).toBe(kind);
    if (reason) expect('reason' in end ? end.reason : '').toMatch(reason);
  });

  test('names with a meaning in an answer are names', () => {
    const end = endOf({ limits }, { ...good, stdout: '{"__proto__":{"polluted":true}}' });
    expect(end.kind === 'output' && Object.hasOwn(Object(end.output), '__proto__')).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
