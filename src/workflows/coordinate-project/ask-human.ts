import { randomUUID } from 'node:crypto';
import type { Coordinating } from '../../domain/project.ts';
import { choicesOf, type ProjectMatter } from '../../domain/project-choice.ts';
import type { QuestionKind } from '../../domain/question.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';

const idLength = 8;
const longestFindings = 2_000;

/** Saves the question that only a person can answer; the project waits as a row until then. */
export async function askHuman(
  task: Task,
  state: Coordinating,
  matter: ProjectMatter,
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { id: taskId } = task;
  const questionId = randomUUID().replaceAll('-', '').slice(0, idLength);
  const choices = choicesOf[matter];
  const kind: QuestionKind = matter === 'plan' ? 'plan' : 'question';
  const text = textOf(state);
  return store.tasks.ask(writer, { id: questionId, taskId, kind, text, choices }, state, [
    { news: { type: 'question.asked', taskId, questionId, kind, text, choices } },
    { news: { type: 'task.waiting', taskId, reason: reasonOf(matter), questionId } },
  ]);
}

function textOf({ project, at, blocked }: Coordinating): string {
  if (blocked !== undefined) return `${project.title}: a question could not be asked (${blocked}). Try again?`;
  if (at.kind === 'approve') {
    return `${project.title}: is the plan right, revision ${project.revision} with ${project.phases.length} phases?`;
  }
  if (at.kind === 'escalate') {
    return `${project.title}: ${at.reason}. What was found last:\n${at.findings.slice(0, longestFindings)}`;
  }
  throw new Error(`a project does not ask a person at ${at.kind}`);
}

function reasonOf(matter: ProjectMatter): string {
  switch (matter) {
    case 'plan':
      return 'the plan is to be confirmed';
    case 'phase':
      return 'a phase is not accepted';
    case 'trouble':
      return 'a question could not be asked';
  }
}
