import { expect, test } from 'vitest';
import type { News, SpiralEvent } from './event.ts';
import type { SessionId, TaskId } from './identifiers.ts';
import { outcomeOf } from './outcome.ts';

const taskId = 'k3v9x2mq' as TaskId;
const recorded = (...news: readonly News[]): SpiralEvent[] =>
  news.map((event, index) => ({ id: index + 1, at: '2026-01-01T00:00:00.000Z', ...event }));

const round = (number: number): News => ({
  type: 'engine.started',
  taskId,
  sessionId: 's' as SessionId,
  round: number,
  resumed: false,
});
const ran = (passed: number, failed: number, more: Partial<News & { type: 'tests.ran' }> = {}): News => ({
  type: 'tests.ran',
  taskId,
  command: 'npm test',
  passed,
  failed,
  skipped: 0,
  by: 'spiral',
  exitCode: failed > 0 ? 1 : 0,
  ...more,
});
const prompt = (number: number): News => ({
  type: 'prompt.spent',
  taskId,
  agent: 'developer',
  round: number,
  used: number,
  limit: 5,
});
const gone: News = { type: 'tests.missing', taskId, how: 'disappeared', count: 2, tests: ['a', 'b'] };

const green = { status: 'succeeded', verified: true } as const;

test('the tests of an outcome are those after the last round, the baseline stands beside them', () => {
  const events = recorded(
    ran(5, 1, { baseline: true }),
    prompt(1),
    round(1),
    ran(5, 2),
    prompt(2),
    round(2),
    ran(8, 0),
  );
  expect(outcomeOf(events, green, 0)).toMatchObject({
    tests: { passed: 8, failed: 0, commands: ['npm test'] },
    baseline: { passed: 5, failed: 1, commands: ['npm test'] },
    promptsUsed: 2,
  });
});

test('a baseline is never taken for the tests of the work', () => {
  expect(outcomeOf(recorded(ran(5, 0, { baseline: true })), green, 0)).toMatchObject({ tests: null });
});

test('only tests that are missing after the last round are told', () => {
  const before = recorded(ran(5, 0, { baseline: true }), round(1), ran(3, 0), gone);
  expect(outcomeOf(before, green, 0).missingTests).toEqual([{ how: 'disappeared', count: 2, tests: ['a', 'b'] }]);
  const mended = recorded(ran(5, 0, { baseline: true }), round(1), ran(3, 0), gone, round(2), ran(5, 0));
  expect(outcomeOf(mended, green, 0).missingTests).toBeUndefined();
});

test('a claim is compared with files, tests and commands that were observed', () => {
  const events = recorded(round(1), { type: 'file.changed', taskId, path: 'a.py', change: 'created' }, ran(3, 0));
  const outcome = outcomeOf(events, green, 0, 'Created a.py and b.py. I ran the tests. All 15 tests pass.');
  expect(outcome.contradictions).toEqual([
    { claimed: 'created b.py', observed: 'no change of b.py' },
    { claimed: 'I ran the tests', observed: 'no command that runs tests' },
    { claimed: 'All 15 tests', observed: '3 ran' },
  ]);
  expect(outcomeOf(events, green, 0, 'Created a.py. All 3 tests pass.')).not.toHaveProperty('contradictions');
});

test('the quality shows every part that the events tell of', () => {
  const events = recorded(
    ran(4, 0, { baseline: true }),
    prompt(1),
    round(1),
    { type: 'command.ran', taskId, command: 'make', exitCode: 2, success: false },
    { type: 'command.ran', taskId, command: 'ls', exitCode: 0, success: true },
    { type: 'command.ran', taskId, command: 'make', exitCode: 0, success: true },
    ran(3, 1),
    gone,
  );
  const change = { path: 'a.py', change: 'created', linesAdded: 9, linesRemoved: 0, language: 'Python' } as const;
  const outcome = outcomeOf(events, { status: 'failed', verified: false }, 0, 'All 15 tests pass.', [change]);
  expect(outcome.changes).toEqual([change]);
  expect(Object.fromEntries((outcome.quality?.parts ?? []).map(({ name, value }) => [name, value]))).toEqual({
    verified: 0,
    'tests-green': 0.75,
    'code-has-tests': 0,
    'tests-kept': 0.5,
    'commands-ended-well': 1,
    'few-rounds': 1,
    'claims-hold': 1 / 3,
  });
});

test('what nobody could observe is named and lowers nothing', () => {
  expect(outcomeOf(recorded(prompt(1), round(1)), green, 0).quality).toMatchObject({
    score: 1,
    unobserved: ['tests-green', 'code-has-tests', 'tests-kept', 'commands-ended-well', 'claims-hold'],
  });
});
