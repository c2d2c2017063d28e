import { expect, test } from 'vitest';
import type { News, SpiralEvent } from '../../domain/event.ts';
import type { SessionId, TaskId } from '../../domain/identifiers.ts';
import type { Permission } from '../../domain/permission.ts';
import { resumedBy } from '../../domain/task.ts';
import { answeredSinceStart, decisionsIn, newDecisionsIn } from './decisions.ts';
import { engineFinished, isForPerson } from './session-cost.ts';

const taskId = 'k3x9p2mq' as TaskId;
const host = (name: string): Permission => ({ kind: 'host', host: name });

function asked(questionId: string, permission?: Permission): News {
  const kind = permission ? 'permission' : 'question';
  return { type: 'question.asked', taskId, questionId, kind, text: '?', ...(permission ? { permission } : {}) };
}

function answered(questionId: string, answer: string): News {
  return { type: 'question.answered', taskId, questionId, answer, by: 'human' };
}

function started(round: number): News {
  return { type: 'engine.started', taskId, sessionId: 's' as SessionId, round, resumed: round > 1 };
}

function told(...news: readonly News[]): SpiralEvent[] {
  return news.map((one, index) => ({ id: index + 1, at: '2026-11-22T20:00:00.000Z', ...one }));
}

const events = told(
  ...[started(1), asked('a', host('one.example')), answered('a', 'allow'), started(1)],
  ...[asked('b'), answered('b', 'PostgreSQL'), started(1), asked('c', host('two.example'))],
);

test('what was decided in one round holds in every later one, and what waits is not decided', () => {
  expect(decisionsIn(events)).toEqual([{ permission: host('one.example'), isAllowed: true }]);
  const later = [...events, ...told(answered('c', 'refuse: no'), started(2))];
  expect(decisionsIn(later)).toHaveLength(2);
  expect(decisionsIn(later).at(-1)).toEqual({ permission: host('two.example'), isAllowed: false, words: 'no' });
});

test('a session is told only of what was decided since it began', () => {
  expect(newDecisionsIn(events)).toEqual([]);
  const later = [...events, ...told(answered('c', 'refuse'))];
  expect(newDecisionsIn(later)).toEqual([{ permission: host('two.example'), isAllowed: false }]);
  expect(newDecisionsIn([...later, ...told(started(1))])).toEqual([]);
});

test('an answer to a question and one to a wish are told apart', () => {
  expect([...answeredSinceStart(events)]).toEqual([]);
  expect([...answeredSinceStart([...events, ...told(answered('c', 'allow'))])]).toEqual(['permission']);
  expect([...answeredSinceStart(events.slice(0, 6))]).toEqual(['question']);
});

test('what a person says to a wish does not take the place of their words to a question of the same round', () => {
  const analysis = { complexity: 'simple', strategy: 'simple', language: { name: 'Rust', confidence: 1 } } as const;
  const call = { id: 'c', questions: [{ question: 'Which?', options: [] }] };
  const working = { kind: 'working', analysis, round: 1, because: { kind: 'first' } } as const;
  const allowed = { kind: 'chosen', choice: 'allow' } as const;
  const answered = { ...working, call: { ...call, words: 'PostgreSQL' } };
  expect(resumedBy(answered, allowed)).toEqual(answered);
  expect(resumedBy({ ...working, call }, { ...allowed, text: 'B' })).toMatchObject({ call: { words: 'B' } });
});

test('a round that waits for a person often has not failed that often', () => {
  const wanted = { permission: host('one.example'), text: '?' };
  const call = { id: 'c', questions: [{ question: 'Which?', options: [] }] };
  const session = { costUsd: 0, inputTokens: 0, outputTokens: 0 };
  const endings = [
    { kind: 'wants-permission', wanted },
    { kind: 'asks', call },
    { kind: 'crashed', message: 'gone' },
  ] as const;
  const errors = endings.map((ending) => {
    const finished = { kind: 'finished', ending, turns: 1, durationMs: 1, text: '', session } as const;
    return engineFinished({ id: taskId, sessionId: 's' as SessionId }, 1, finished, [], undefined).error;
  });
  expect(errors.map((error) => error !== undefined && isForPerson(error))).toEqual([true, true, false]);
});
