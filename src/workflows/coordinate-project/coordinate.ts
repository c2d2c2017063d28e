import { blockedBy, type Coordinating } from '../../domain/project.ts';
import type { ProjectStep } from '../../domain/project-step.ts';
import type { Task, TaskStep } from '../../domain/task.ts';
import { payPrompt } from '../run-task/ask-agent.ts';
import { atLimit } from '../run-task/at-limit.ts';
import { endedAs, pausedUntil } from '../run-task/endings.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { askHuman } from './ask-human.ts';
import { assign } from './assign.ts';
import { develop } from './develop.ts';
import { put } from './put.ts';

type Coordinate = TaskStep & { readonly kind: 'coordinate' };

/** Carries out one step of a project and saves where it then stands. Throws `LeaseLost` and `StepInterrupted`. */
export async function coordinate(
  task: Task,
  { state, step }: Coordinate,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  switch (step.kind) {
    case 'pay':
      return payPrompt(task, step.agent, { ...state, isPaid: true }, state, needs, context);
    case 'ask':
      return ask(task, state, step, needs, context);
    case 'ask-human':
      return askHuman(task, state, step.about, needs, context);
    case 'assign':
      return assign(task, state.project, step.at, needs, context);
    case 'develop':
      return develop(task, state, step.at, needs, context);
  }
}

async function ask(
  task: Task,
  state: Coordinating,
  { at }: ProjectStep & { readonly kind: 'ask' },
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const { advance } = needs.store.tasks;
  const came = await put(task, state.project, at, needs, context);
  switch (came.kind) {
    case 'moved':
      return advance(context.writer, came.to, came.news);
    case 'failed':
      // Hours of work do not end because the model API was away: a person says when it is tried again.
      return advance(context.writer, blockedBy(state, came.reason), []);
    case 'escalated': {
      const { questionId } = came;
      const wait = { kind: 'answer', questionId } as const;
      return advance(context.writer, { kind: 'waiting', for: wait, resume: state }, [
        {
          news: {
            type: 'task.waiting',
            taskId: task.id,
            reason: 'the conversation about the plan has come to a limit',
            questionId,
          },
        },
      ]);
    }
    case 'short':
      return atLimit(task, came.shortage, state, needs, context);
    case 'paused':
      return pausedUntil(task, came, state, needs, context);
    case 'stopped':
      return advance(context.writer, endedAs(task, came.reason), []);
  }
}
