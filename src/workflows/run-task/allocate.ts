import { randomUUID } from 'node:crypto';
import type { AgentRole } from '../../domain/agent.ts';
import { type Allotment, allocationChoices, donationTo } from '../../domain/allocation.ts';
import { type Shortage, sentenceOf } from '../../domain/budget.ts';
import type { Task } from '../../domain/task.ts';
import type { ResumedState } from '../../domain/task-state.ts';
import type { KeyedNews } from '../../store/store.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';

const idLength = 8;
const longestWish = 200;

/** An agent whose prompts of a cycle are used up, and what it needs more for. */
export type Needy = { readonly agent: AgentRole; readonly shortage: Shortage };

/** True when the project manager found prompts that another agent does not use: the work goes on with them at once. */
export async function isHelped(
  { id: taskId }: Pick<Task, 'id'>,
  { agent }: Needy,
  { store, budget: { cycles } }: RunTaskNeeds,
): Promise<boolean> {
  const needy = cycles.shareOf(agent);
  if (!needy) return false;
  const within = cycles.moves();
  const { spent } = await store.budgets.standing(within.scope);
  const donation = donationTo(agent, await allotmentsOf({ store, budget: { cycles } }), spent.prompts ?? 0);
  const donor = donation && cycles.shareOf(donation.from);
  if (!donor) return false;
  const move = { from: donor, to: needy, prompts: donation.amount, within };
  return store.budgets.move(taskId, move, 'project-manager');
}

/** Saves that the agent asks for more prompts, and why; the task waits for what a person says. */
export async function askForPrompts(
  task: Task,
  { agent, shortage }: Needy,
  resume: ResumedState,
  news: readonly KeyedNews[],
  needs: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { id: taskId } = task;
  const questionId = randomUUID().replaceAll('-', '').slice(0, idLength);
  const reason = sentenceOf(shortage);
  const text = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}. It needs more for: ${wishOf(task)}`;
  const renewsAt = new Date(shortage.renewsAt ?? 0);
  const donors = shortage.scope.startsWith('cycle:') ? await allotmentsOf(needs) : [];
  const choices = allocationChoices(agent, donors, renewsAt);
  const asked = { type: 'question.asked', taskId, questionId, kind: 'allocation', text, choices } as const;
  return needs.store.tasks.ask(
    writer,
    { id: questionId, taskId, kind: 'allocation', text, shortage, choices },
    resume,
    [...news, { news: asked }, { news: { type: 'task.waiting', taskId, reason, questionId } }],
  );
}

function wishOf({ text }: Task): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longestWish ? `${line.slice(0, longestWish - 1)}…` : line;
}

/** What every agent that has a limit may use and has used in this cycle. */
async function allotmentsOf({
  store,
  budget,
}: Pick<RunTaskNeeds, 'store'> & { readonly budget: Pick<RunTaskNeeds['budget'], 'cycles'> }): Promise<Allotment[]> {
  return Promise.all(
    budget.cycles.shares().map(async ({ agent, limit: { scope, limit } }) => {
      const { granted, spent } = await store.budgets.standing(scope);
      return { agent, limit: (limit.prompts ?? 0) + (granted.prompts ?? 0), spent: spent.prompts ?? 0 };
    }),
  );
}
