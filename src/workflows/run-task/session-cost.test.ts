import { expect, test } from 'vitest';
import type { News, SpiralEvent } from '../../domain/event.ts';
import type { SessionId, TaskId } from '../../domain/identifiers.ts';
import { beginsAnew, engineFinished } from './session-cost.ts';

const task = { id: 'k3v9x2mq' as TaskId, sessionId: '00000000-0000-4000-8000-000000000000' as SessionId };

/** What each round is told to have cost, from the totals that the engine tells; `gone` is a session that was lost. */
function costsOf(totals: readonly (number | 'gone')[]): number[] {
  const events: SpiralEvent[] = [];
  const tell = (news: News) => events.push({ id: events.length + 1, at: '2026-01-01T00:00:00.000Z', ...news });
  for (const [index, total] of totals.entries()) {
    if (total === 'gone') {
      tell({ type: 'progress', taskId: task.id, text: beginsAnew, by: 'spiral' });
      continue;
    }
    const session = { costUsd: total, inputTokens: 0, outputTokens: 0 };
    const ending = { kind: 'completed' } as const;
    const finished = { kind: 'finished', ending, turns: 1, durationMs: 1, text: '', session } as const;
    tell(engineFinished(task, index + 1, finished, events, undefined));
  }
  return events.flatMap((event) => (event.type === 'engine.finished' ? [event.costUsd] : []));
}

test('a round is told at what its session has cost since the round before', () => {
  expect(costsOf([0.1, 0.3, 0.35])).toEqual([0.1, 0.2, 0.05]);
});

test('a round that was cut before it could tell costs nothing, and the next one tells for both', () => {
  expect(costsOf([0.1, 0.1, 0.4])).toEqual([0.1, 0, 0.3]);
});

test('what a lost session cost is not taken off from the one that follows it', () => {
  expect(costsOf([0.1, 0.3, 'gone', 0.25, 0.45])).toEqual([0.1, 0.2, 0.25, 0.2]);
});

test('a total below what was told already is all new', () => {
  expect(costsOf([0.1, 0.05])).toEqual([0.1, 0.05]);
});
