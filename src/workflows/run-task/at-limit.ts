import { randomUUID } from 'node:crypto';
import { type Measure, type Shortage, sentenceOf } from '../../domain/budget.ts';
import { agentOfCycle } from '../../domain/cycle.ts';
import type { Task } from '../../domain/task.ts';
import type { ResumedState } from '../../domain/task-state.ts';
import type { KeyedNews } from '../../store/store.ts';
import { askForPrompts, isHelped } from './allocate.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';

const idLength = 8;

/**
 * What becomes of a task that has no room left for what it wants: it waits for a human, ends, or, at night, gets what was
 * promised beforehand.
 *
 * @param resume where it goes on once more is given
 */
export async function atLimit(
  task: Task,
  shortage: Shortage,
  resume: ResumedState,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const { store, budget } = needs;
  const { writer } = context;
  const exhausted: KeyedNews = {
    news: { type: 'budget.exhausted', taskId: task.id, agent: task.agent, ...shortage },
  };
  const agent = agentOfCycle(shortage.scope);
  // Of an agent's own share for work on tools nobody else has anything.
  if (agent && shortage.scope.startsWith('cycle:') && (await isHelped(task, { agent, shortage }, needs)))
    return store.tasks.advance(writer, resume, [exhausted]);
  switch (ruleFor(task, shortage, needs)) {
    case 'grant': {
      const amount = budget.unattended.amounts[shortage.measure];
      await store.tasks.append(writer, [exhausted]);
      await store.budgets.grant(task.id, shortage.scope, shortage.measure, amount, 'unattended');
      return store.tasks.advance(writer, resume, []);
    }
    case 'end': {
      const ending = { status: 'out-of-budget', verified: false, reason: sentenceOf(shortage) } as const;
      return store.tasks.advance(writer, { kind: 'ended', ending }, [exhausted]);
    }
    case 'ask': {
      if (agent) return askForPrompts(task, { agent, shortage }, resume, [exhausted], needs, context);
      const questionId = randomUUID().replaceAll('-', '').slice(0, idLength);
      const text = `${capital(sentenceOf(shortage))}. Grant more?`;
      const reason = sentenceOf(shortage);
      const { id: taskId } = task;
      return store.tasks.ask(writer, { id: questionId, taskId, kind: 'grant', text, shortage }, resume, [
        exhausted,
        { news: { type: 'question.asked', taskId, questionId, kind: 'grant', text } },
        { news: { type: 'task.waiting', taskId, reason, questionId } },
      ]);
    }
  }
}

function ruleFor(task: Task, { scope, measure }: Shortage, { budget }: RunTaskNeeds): 'ask' | 'end' | 'grant' {
  if (task.night === undefined) return budget.atLimit === 'ask' ? 'ask' : 'end';
  switch (budget.unattended.atLimit) {
    case 'wait':
      return 'ask';
    case 'refuse':
      return 'end';
    case 'grant':
      // What bounds the night itself is never widened while nobody watches.
      return isOfOneTask(scope) && isBoundedAtNight(task, measure, budget) ? 'grant' : 'ask';
  }
}

function isOfOneTask(scope: Shortage['scope']): boolean {
  return scope.startsWith('task:') || scope.startsWith('agent:');
}

function isBoundedAtNight(task: Task, measure: Measure, { limitsOf }: RunTaskNeeds['budget']): boolean {
  const night = limitsOf(task).find(({ scope }) => scope.startsWith('night:'));
  return night?.limit[measure] !== undefined || night?.limit.usd !== undefined;
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
