import type { ToolRequestId } from '../../domain/identifiers.ts';
import type { Task, TaskStep } from '../../domain/task.ts';
import { afterDeadline, afterToolDevelopment, beginToolWork, toolWorkBlocked } from '../../domain/tool-step.ts';
import type { Tooling } from '../../domain/tool-work.ts';
import { taskIdOf } from '../coordinate-project/assign.ts';
import { payPrompt } from '../run-task/ask-agent.ts';
import { atLimit } from '../run-task/at-limit.ts';
import { endedAs, pausedUntil } from '../run-task/endings.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { seeToEnd } from '../run-task/see-to-end.ts';
import { askHumanAboutTool } from './ask-human-about-tool.ts';
import { assignTool } from './assign-tool.ts';
import { closeRequest } from './close-request.ts';
import { prove } from './prove.ts';
import { publishTool } from './publish-tool.ts';
import { putToolQuestion } from './put-tool-question.ts';
import { requestFor } from './request-for.ts';
import { advancedNews } from './tool-news.ts';

type WorkOnTool = TaskStep & { readonly kind: 'work-on-tool' };

/** Makes a task of the project manager the work on a request. */
export async function beginWork(
  requestId: ToolRequestId,
  { store, attempts }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { name } = await requestFor(requestId, store);
  return store.tasks.advance(writer, beginToolWork(requestId, name, attempts), []);
}

/** Carries out one step of the work on a tool and saves where it then stands. Throws `LeaseLost` and `StepInterrupted`. */
export async function workOnTool(
  task: Task,
  { state, step }: WorkOnTool,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const { advance } = needs.store.tasks;
  if (isTooLate(state, needs.now())) return advance(context.writer, afterDeadline(state.build), []);
  switch (step.kind) {
    case 'pay':
      // Where a human's decision led to, nothing was told of it yet.
      await needs.store.tasks.append(context.writer, advancedNews(task, state));
      return payPrompt(task, step.agent, { ...state, isPaid: true }, state, needs, context);
    case 'ask':
      return ask(task, state, step, needs, context);
    case 'ask-human':
      return askHumanAboutTool(task, state, step.about, needs, context);
    case 'assign':
      return assignTool(task, state, step.because, needs, context);
    case 'develop': {
      const seen = await seeToEnd(task, taskIdOf(step.taskId), state, needs, context);
      if (seen.kind === 'stands') return seen.task;
      const next = afterToolDevelopment(state.build, seen.outcome);
      return advance(context.writer, next, advancedNews(task, next));
    }
    case 'prove':
      return prove(task, state, needs, context);
    case 'publish':
      return publishTool(task, state, needs, context);
    case 'close':
      return closeRequest(task, state, step.outcome, needs, context);
  }
}

async function ask(
  task: Task,
  state: Tooling,
  step: WorkOnTool['step'] & { readonly kind: 'ask' },
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const { advance } = needs.store.tasks;
  const came = await putToolQuestion(task, state, step, needs, context);
  switch (came.kind) {
    case 'moved':
      return advance(context.writer, came.to, [...came.news, ...advancedNews(task, came.to)]);
    case 'failed':
      return advance(context.writer, toolWorkBlocked(state, came.reason), []);
    case 'short':
      return atLimit(task, came.shortage, state, needs, context);
    case 'paused':
      return pausedUntil(task, came, state, needs, context);
    case 'stopped':
      return advance(context.writer, endedAs(task, came.reason), []);
  }
}

/** A tool that only waits for its adoption is not late any more. */
function isTooLate({ build: { decision }, at }: Tooling, now: number): boolean {
  const isBuilding = !['decide', 'assess', 'adopt', 'publish', 'stuck', 'close'].includes(at.kind);
  if (!isBuilding || decision?.kind !== 'approve' || decision.deadline === undefined) return false;
  return Date.parse(decision.deadline) <= now;
}
