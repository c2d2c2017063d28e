import * as z from 'zod';
import type { TaskId } from '../../domain/identifiers.ts';
import type { SurfaceRecord } from '../../spiral/surface.ts';
import type { Spiral } from '../../spiral.ts';
import { taskShown } from '../outbox/keys.ts';
import { type Records, surface } from '../outbox/posts.ts';

const keptMs = 30 * 24 * 60 * 60 * 1000;

/** Records that lead from Discord to a task, with the task in their value: they do not go with it by themselves. */
const leading = ['shows:', 'said:', 'thread:'];
/** Records of short answers, and of decisions that were begun. */
const passing = ['confirm:', 'edited:', 'reply:', 'deciding:'];

/**
 * Forgets what leads to tasks that are over, or gone, once nothing new was shown of them for thirty days, and what was said in
 * passing. How far a channel was read stays, for it leads to what came since; that of a thread goes with the thread.
 */
export async function forgetOldRecords(
  { records, spiral }: { readonly records: Records; readonly spiral: Pick<Spiral, 'findTasks'> },
  now: Date,
): Promise<void> {
  const isOld = (savedAt: Date) => now.getTime() - savedAt.getTime() > keptMs;
  for (const { key, savedAt } of await under(records, passing)) {
    if (isOld(savedAt)) await records.forget(surface, key);
  }
  for (const [taskId, rows] of byTask(await under(records, leading))) {
    if (!rows.every(({ savedAt }) => isOld(savedAt))) continue;
    if (taskId !== undefined && !(await isClosed(taskId, spiral))) continue;
    for (const { key } of rows) {
      if (key.startsWith('thread:')) await records.forget(surface, key.replace('thread:', 'seen:'));
      await records.forget(surface, key);
    }
  }
}

async function under(records: Records, prefixes: readonly string[]): Promise<SurfaceRecord[]> {
  const all: SurfaceRecord[] = [];
  for (const prefix of prefixes) all.push(...(await records.recallAll(surface, prefix)));
  return all;
}

/** What belongs to no task stands by itself. */
function byTask(rows: readonly SurfaceRecord[]): (readonly [TaskId | undefined, readonly SurfaceRecord[]])[] {
  const tasks = new Map<TaskId, SurfaceRecord[]>();
  const others: (readonly [undefined, readonly SurfaceRecord[]])[] = [];
  for (const row of rows) {
    const taskId = taskOf(row);
    if (taskId === undefined) others.push([undefined, [row]]);
    else tasks.set(taskId, [...(tasks.get(taskId) ?? []), row]);
  }
  return [...tasks, ...others];
}

function taskOf({ key, value }: SurfaceRecord): TaskId | undefined {
  const text = z.string().safeParse(value).data;
  return key.startsWith('shows:') ? taskShown(text ?? '') : (text as TaskId | undefined);
}

async function isClosed(taskId: TaskId, spiral: Pick<Spiral, 'findTasks'>): Promise<boolean> {
  const task = (await spiral.findTasks(taskId)).find(({ id }) => id === taskId);
  return task === undefined || task.state.kind === 'finished';
}
