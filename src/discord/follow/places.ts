import type { TaskId } from '../../domain/identifiers.ts';
import type { Task } from '../../domain/task.ts';
import type { Spiral } from '../../spiral.ts';
import type { Home, Homes } from './homes.ts';

/** Where the news of a task is told. */
export type Place = {
  /** The task that was asked for: the project, of one of its tasks. */
  readonly root: TaskId;
  /** Absent when it was not asked for in Discord. */
  readonly home?: Home;
  /** It is work on a tool, which is told of where the tool was missed. */
  readonly isToolWork: boolean;
};

/** So many are kept at hand; the others are looked up again. */
const kept = 500;

/** Finds the place of a task: its own, that of its project, or that of the task which sleeps for the tool it builds. */
export function placesOf(spiral: Pick<Spiral, 'findTasks' | 'findToolRequests'>, homes: Homes) {
  const known = new Map<TaskId, Place>();

  async function find(taskId: TaskId): Promise<Place> {
    const own = await homes.of(taskId);
    const [task] = await spiral.findTasks(taskId);
    if (own) return { root: taskId, home: own, isToolWork: false };
    const parent = task && (await parentOf(task));
    if (parent === undefined || parent.id === taskId)
      return { root: taskId, isToolWork: task?.toolRequest !== undefined };
    const place = await places.of(parent.id);
    if (!parent.isToolWork) return place;
    return { root: taskId, isToolWork: true, ...(place.home ? { home: place.home } : {}) };
  }

  async function parentOf(task: Task): Promise<{ readonly id: TaskId; readonly isToolWork: boolean } | undefined> {
    if (task.project !== undefined) return { id: task.project, isToolWork: false };
    if (task.toolRequest !== undefined) {
      const [request] = await spiral.findToolRequests(task.toolRequest);
      return request?.taskId === undefined ? undefined : { id: request.taskId, isToolWork: true };
    }
    return undefined;
  }

  const places = {
    async of(taskId: TaskId): Promise<Place> {
      const before = known.get(taskId);
      if (before) return before;
      const place = await find(taskId);
      known.set(taskId, place);
      const [oldest] = known.keys();
      if (known.size > kept && oldest !== undefined) known.delete(oldest);
      return place;
    },
    /** It has one now. */
    changed(taskId: TaskId): void {
      known.delete(taskId);
    },
  };
  return places;
}

export type Places = ReturnType<typeof placesOf>;
