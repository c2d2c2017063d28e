import { expect, test } from 'vitest';
import { taskId } from '../__fixtures__/tasks.ts';
import { stoppedLine, stoppedWarnings } from './stopped.ts';

const stopped = { tasks: [taskId], processes: 4, left: 0, recorded: true };

test('what was ended is counted', () => {
  expect(stoppedLine(stopped)).toBe('🛑 Stopped 1 task, 4 processes ended.');
  expect(stoppedLine({ ...stopped, tasks: [], processes: 0 })).toBe('ℹ️  Nothing was running.');
  expect(stoppedWarnings(stopped, '--all')).toEqual([]);
});

test('what could not be ended, and what a database that was not told means, is said', () => {
  expect(stoppedWarnings({ ...stopped, left: 1, recorded: false }, 'k3v9')).toEqual([
    '❌ 1 process could not be ended. Try again: spiral stop k3v9',
    '⚠️  The database could not be told: the next Spiral process that reaches it may take the work up again.',
    '   Once the database answers: spiral stop k3v9',
  ]);
});
