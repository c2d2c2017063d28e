import { expect, test } from 'vitest';
import type { SpiralEvent } from '../../domain/event.ts';
import type { ToolRequest } from '../../domain/tool-request.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import { grant, permission, taskId, toolRequest } from '../decisions/__fixtures__/questions.ts';
import { contextOf } from './question-context.ts';

type Source = Parameters<typeof contextOf>[1];

const request = { id: 'r1', name: 'csv-to-json', workTask: taskId } as unknown as ToolRequest;
const wanted = { kind: 'host', host: 'example.org' } as const;

/** Records in memory, told in pages as the store does. */
function recorded(events: readonly object[], requests: readonly ToolRequest[] = [request]): Source {
  const all = events.map((event, index) => ({ id: index + 1, at: '', taskId, ...event }) as SpiralEvent);
  return {
    events: async ({ after }, limit) => all.filter(({ id }) => id > after).slice(0, limit),
    findTasks: async () =>
      [
        { id: `${taskId}longer`, text: 'another' },
        { id: taskId, text: 'Build a shop' },
      ] as unknown as TaskReport[],
    findToolRequests: async (id) => requests.filter((one) => one.id.startsWith(id)),
    toolRequests: async () => [...requests],
  };
}

test('every card knows the words of its task', async () => {
  expect(await contextOf(grant, recorded([]))).toEqual({ taskText: 'Build a shop' });
});

test('a request for a tool comes with its latest assessment, however much was told before', async () => {
  const noise = Array.from({ length: 1_500 }, () => ({ type: 'task.held' }));
  const first = { type: 'tool-request.assessed', requestId: 'r1', card: { priority: 1 } };
  const second = { ...first, card: { priority: 2 } };
  const context = await contextOf(toolRequest, recorded([first, ...noise, second]));
  expect(context).toMatchObject({ request: { name: 'csv-to-json' }, card: { priority: 2 } });
});

test('what was told after an answer is no part of it', async () => {
  const first = { type: 'tool-request.assessed', requestId: 'r1', card: { priority: 1 } };
  const second = { ...first, card: { priority: 2 } };
  const context = await contextOf(toolRequest, recorded([first, { type: 'question.answered' }, second]), 2);
  expect(context).toMatchObject({ card: { priority: 1 } });
});

test('a request that nobody assessed is found by the task that works on it', async () => {
  const context = await contextOf(toolRequest, recorded([]));
  expect(context).toEqual({ taskText: 'Build a shop', request });
});

test('a permission comes with what is wanted, and not with what was wanted before', async () => {
  const asked = { type: 'question.asked', kind: 'permission', questionId: permission.id, permission: wanted };
  const before = { ...asked, questionId: 'before01', permission: { kind: 'host', host: 'elsewhere.org' } };
  expect(await contextOf(permission, recorded([before, asked]))).toMatchObject({ permission: wanted });
  expect(await contextOf(permission, recorded([before]))).toEqual({ taskText: 'Build a shop' });
});
