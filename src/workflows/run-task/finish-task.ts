import type { SpiralEvent } from '../../domain/event.ts';
import { type CodeChange, foldChanges } from '../../domain/file-change.ts';
import { outcomeOf } from '../../domain/outcome.ts';
import { projectOf, type Repository, type Task, type TaskStep } from '../../domain/task.ts';
import type { Writer } from '../../store/store.ts';
import { WorkspaceError } from '../../workspace/workspace.ts';
import { finishToolWork } from '../build-tool/finish-tool-work.ts';
import { finishProject } from '../coordinate-project/finish-project.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';
import { eventsOf } from './recorded.ts';
import { stateAfterRound, stateBeforeRound } from './work-round.ts';

/** Git cuts longer first lines off in its lists. */
const longestSubject = 72;

/** Builds the outcome from what was recorded, and saves the end. The work for a repository is kept on its branch first. */
export async function finishTask(
  task: Task,
  { ending }: TaskStep & { kind: 'finish' },
  needs: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { store, engine, now } = needs;
  const [events, output] = await Promise.all([eventsOf(store, task.id), store.tasks.output(task.id)]);
  if (task.repository && hasBegun(events)) await keepOnBranch(task, task.repository, needs, writer);
  const claim = output.findLast((piece) => piece.kind === 'model')?.text;
  const observed = outcomeOf(events, ending, now(), claim, await changesOf(task, events, needs));
  // What an attempt used that was killed, and never told of it, was booked all the same.
  const outcome = engine.isMetered ? { ...observed, costUsd: (await store.budgets.bookedFor(task.id)).usd } : observed;
  if (task.toolRequest !== undefined && task.project === undefined) {
    // Whatever ended the work on it: nobody sleeps for a request that nobody works on.
    const reason = `${ending.reason ?? 'the work on it was ended'}.`;
    await store.toolRequests.close(task.toolRequest, { kind: 'failed', reason });
    return finishToolWork(task, ending, outcome, needs, writer);
  }
  const project = projectOf(task);
  if (project) return finishProject(task, project, ending, outcome, needs, writer);
  return store.tasks.advance(writer, { kind: 'finished', status: ending.status }, [
    { key: 'finished', news: { type: 'task.finished', taskId: task.id, outcome } },
  ]);
}

/** A commit that cannot be made ends nothing: the work stays in its worktree, and merging tries again. */
async function keepOnBranch(
  task: Task,
  repository: Repository,
  { store, workspaces }: RunTaskNeeds,
  writer: Writer,
): Promise<void> {
  try {
    await workspaces.worktrees.commit(task.workspace, repository, commitMessageOf(task));
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    const text = `The work could not be committed and stays in ${task.workspace}: ${error.message}`;
    await store.tasks.append(writer, [
      { key: 'not-committed', news: { type: 'progress', taskId: task.id, text, by: 'spiral' } },
    ]);
  }
}

function hasBegun(events: readonly SpiralEvent[]): boolean {
  return events.some(({ type }) => type === 'engine.started');
}

/** From the state before the first round to the one after the last; undefined when there was no whole round. */
async function changesOf(
  { id, workspace }: Task,
  events: readonly SpiralEvent[],
  { workspaces }: RunTaskNeeds,
): Promise<CodeChange[] | undefined> {
  const last = events.findLast((event) => event.type === 'engine.finished');
  const told = new Set(foldChanges(events.filter((event) => event.type === 'file.changed')).map(({ path }) => path));
  if (last?.type !== 'engine.finished' || told.size === 0) return undefined;
  return workspaces
    .codeChanges(workspace, id, stateBeforeRound(1), stateAfterRound(last.round))
    .then((changes) => changes.filter(({ path }) => told.has(path))) // Our own test runs leave files, too.
    .catch((error: unknown) => {
      // A round that was cut off has no last state; its files are told without their lines.
      if (error instanceof WorkspaceError) return undefined;
      throw error;
    });
}

export function commitMessageOf({ id, text }: Pick<Task, 'id' | 'text'>): string {
  const subject = (text.split('\n')[0] ?? '').slice(0, longestSubject);
  return `${subject}\n\nTask ${id} of Spiral.\n`;
}
