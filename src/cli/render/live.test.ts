import { expect, test } from 'vitest';
import { type Live, liveLine, nothing, silenceDue, silenceLine, working } from './live.ts';

const columns = 80;
const thinking = working('Claude Code is thinking');
const retry: Live = { text: 'Model API: overloaded, retry 3/4', kind: 'trouble' };
const waiting: Live = { text: 'Waiting until 03:20', kind: 'waiting' };

function line(live: Live, silentMs: number, width = columns): string {
  return liveLine(live, { shownMs: 83_000, silentMs, frame: 0 }, width);
}

test('work that is heard of has a spinner and a clock', () => {
  expect(line(thinking, 19_999)).toBe('⠋ Claude Code is thinking  1:23');
});

test('after 20 s without anything heard, the status line says so', () => {
  expect(line(thinking, 20_000)).toBe('⠋ Claude Code is thinking · no output for 20 s  1:23');
  expect(line(thinking, 300_000)).toBe('⠋ Claude Code is thinking · no output for 5 min  1:23');
});

test('over trouble no spinner turns', () => {
  expect(line(retry, 34_000)).toBe('⚠ Model API: overloaded, retry 3/4 · no output for 34 s  1:23');
});

test('who waits for a time or an answer expects silence', () => {
  expect(line(waiting, 3_600_000)).toBe('⠋ Waiting until 03:20  1:23');
  expect(silenceDue(waiting, 3_600_000)).toBe(0);
});

test('a narrow terminal cuts what goes on, never that nothing is heard', () => {
  const cut = line(working('Writing a file with a long name'), 34_000, 40);
  expect(cut).toContain('no output for 34 s  1:23');
  expect(cut.length).toBeLessThanOrEqual(40);
});

test('where nothing can be redrawn, silence is told at 20 s, 1 min, 5 min, 15 min and then every hour', () => {
  const seconds = [19, 20, 59, 60, 299, 300, 900, 3_599, 3_600, 7_199, 7_200];
  expect(seconds.map((second) => silenceDue(thinking, second * 1000) / 1000)).toEqual([
    0, 20, 20, 60, 60, 300, 900, 900, 3_600, 3_600, 7_200,
  ]);
  expect(silenceDue(nothing, 60_000)).toBe(0);
});

test('that line says what goes on, or what trouble was heard last', () => {
  expect(silenceLine(thinking, 20_000)).toBe('⏳ no output for 20 s (Claude Code is thinking)');
  expect(silenceLine(retry, 60_000)).toBe('⚠️  no output for 60 s after: Model API: overloaded, retry 3/4');
});
