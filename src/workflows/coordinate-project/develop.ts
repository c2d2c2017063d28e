import type { Coordinating, Position } from '../../domain/project.ts';
import { afterDevelopment } from '../../domain/project-phase.ts';
import type { Task } from '../../domain/task.ts';
import { LeaseLost } from '../../store/store.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted } from '../run-task/needs.ts';
import { taskIdOf } from './assign.ts';

type Developing = Position & { readonly kind: 'develop' };

/** Sees the developer's task of an attempt to its end. While it waits the project waits with it. */
export async function develop(
  task: Task,
  state: Coordinating,
  at: Developing,
  { store }: RunTaskNeeds,
  { writer, signal, driveOther }: StepContext,
): Promise<Task> {
  const taskId = taskIdOf(at.taskId);
  const end = await driveOther(taskId);
  if (signal.reason === 'lease-lost') throw new LeaseLost(task.id);
  if (end === 'finished') {
    const outcome = await store.tasks.outcome(taskId);
    if (!outcome) throw new Error(`task ${taskId} is finished and has no outcome`);
    return store.tasks.advance(writer, afterDevelopment(state.project, at, outcome), []);
  }
  if (signal.reason === 'shutdown') throw new StepInterrupted(task.id);
  // What stopped us has stopped it as well: the next step sees it.
  if (signal.aborted || end === 'lost') return task;
  // It is held, or somebody else has its folder: so is this one.
  if (end === 'left') throw new StepInterrupted(task.id);
  const other = await store.tasks.get(taskId);
  if (other?.state.kind !== 'waiting') return task;
  const wait = other.state.for;
  const about = wait.kind === 'answer' ? { questionId: wait.questionId } : { until: wait.until };
  const reason = `task ${taskId} of it waits`;
  return store.tasks.advance(writer, { kind: 'waiting', for: wait, resume: state }, [
    { news: { type: 'task.waiting', taskId: task.id, reason, ...about } },
  ]);
}
