import { expect, test } from 'vitest';
import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { taskId } from '../decisions/__fixtures__/questions.ts';
import { mergeOf } from './merging.ts';

const repository = { path: '/srv/api', branch: 'spiral/k3v9x2mq', base: 'abc' };

/** As much of a task as a merge looks at. */
function task(more: Partial<TaskReport>): TaskReport {
  const state = { kind: 'finished', status: 'succeeded' } as const;
  return { id: taskId, repository, state, ...more } as TaskReport;
}

const merges: Pick<Spiral, 'merge'> = { merge: async () => ({ kind: 'merged', commit: 'def', into: 'main' }) };
const never: Pick<Spiral, 'merge'> = { merge: () => Promise.reject(new Error('it was merged')) };

test('what is merged is said to everybody, with a warning where nothing proved it', async () => {
  expect(await mergeOf(task({}), merges)).toEqual({
    kind: 'reply',
    message: { content: '✅ Merged spiral/k3v9x2mq into main: def\n⚠️ This work is NOT verified.' },
    isPrivate: false,
  });
});

test.each<[string, Partial<TaskReport>]>([
  ['a part of a project', { project: taskId }],
  ['a task that is not over', { state: { kind: 'accepted' } }],
])('%s is not merged', async (_name, more) => {
  expect(await mergeOf(task(more), never)).toMatchObject({ kind: 'refused' });
});

test('a task without a repository is not merged', async () => {
  const { repository: _without, ...rest } = task({});
  expect(await mergeOf(rest, never)).toMatchObject({ kind: 'refused' });
});
