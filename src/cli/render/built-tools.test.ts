import { expect, test } from 'vitest';
import type { News } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { ToolUse } from '../../domain/tool.ts';
import { firstState, render } from '../render.ts';
import { logLine } from './log-line.ts';

const recorded = { id: 7, at: '2026-01-02T03:04:05.678Z' } as const;
const told: readonly (readonly [news: News, line: string])[] = [
  [{ type: 'tool.registered', name: 'csv', version: '1.0.0', adopted: 'by-a-person' }, 'csv 1.0.0 was adopted'],
  [
    { type: 'tool.registered', name: 'csv', version: '1.0.0', adopted: 'beforehand' },
    'csv 1.0.0 was adopted, as decided beforehand',
  ],
  [
    { type: 'tool.served', name: 'csv', version: '1.0.0', reason: 'it fails\nand fails' },
    'csv 1.0.0 is used from now on: it fails…',
  ],
  [{ type: 'tool.retired', name: 'csv', reason: 'nobody uses it' }, 'csv was retired: nobody uses it'],
  [{ type: 'tool.restored', name: 'csv' }, 'csv is offered again'],
];

test.each(told)('%j is one line of the log and of the screen', (news, line) => {
  const event = { ...recorded, ...news };
  expect(logLine(event)).toContain(line);
  expect(logLine(event)).toMatch(/^ {5}7 {2}2026-01-02 03:04:05 {2} {8} {2}tool\./);
  expect(render(event, firstState).progress).toEqual([`🛠️  ${line}`]);
  expect(render(event, firstState).state.root).toBeUndefined();
});

test('a use is a line of the log, with its task', () => {
  const use: ToolUse = {
    ...{ name: 'csv', version: '1.0.0', agent: 'developer', taskId: 'task0001' as TaskId },
    ...{ outcome: 'over-limit', durationMs: 12 },
  };
  const event = { ...recorded, type: 'tool.used', ...use } as const;
  expect(logLine(event)).toContain('task0001  tool.used');
  expect(logLine(event)).toContain('csv 1.0.0 by developer: over-limit, 12 ms');
  expect(render(event, firstState).progress).toEqual([]);
});
