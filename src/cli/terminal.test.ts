import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nothing, working } from './render/live.ts';
import { openTerminal, type Terminal } from './terminal.ts';

let written = '';
let terminal: Terminal;
const out = { write: () => true };
const error = (isTTY: boolean) => ({
  isTTY,
  columns: 80,
  write(text: string | Uint8Array) {
    written += text;
    return true;
  },
});

beforeEach(() => {
  written = '';
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  terminal.close();
  vi.useRealTimers();
});

test('without an interactive terminal a silence is told on a few plain lines, and again when it begins anew', () => {
  terminal = openTerminal(out, error(false));
  terminal.live(working('Claude Code is thinking'));
  vi.advanceTimersByTime(19_000);
  expect(written).toBe('');
  vi.advanceTimersByTime(300_000);
  const lines = [20, 60].map((second) => `⏳ no output for ${second} s (Claude Code is thinking)\n`);
  expect(written).toBe(`${lines.join('')}⏳ no output for 5 min (Claude Code is thinking)\n`);
  terminal.heard();
  vi.advanceTimersByTime(20_000);
  expect(written.split('no output for 20 s')).toHaveLength(3);
  expect(written).not.toContain('\u001b');
});

test('nothing is said of silence once nothing goes on, or after the end', () => {
  terminal = openTerminal(out, error(false));
  terminal.live(working('Claude Code is thinking'));
  terminal.live(nothing);
  vi.advanceTimersByTime(60_000);
  terminal.live(working('Claude Code is thinking'));
  terminal.close();
  vi.advanceTimersByTime(60_000);
  expect(written).toBe('');
});

test('an interactive terminal says in its status line that nothing is heard', () => {
  terminal = openTerminal(out, error(true));
  terminal.live(working('Claude Code is thinking'));
  vi.advanceTimersByTime(19_000);
  expect(written).not.toContain('no output');
  vi.advanceTimersByTime(15_000);
  expect(written).toContain('Claude Code is thinking · no output for 33 s  0:33');
  written = '';
  terminal.heard();
  vi.advanceTimersByTime(1_000);
  expect(written).toContain('Claude Code is thinking  0:3');
  expect(written).not.toContain('no output');
});
