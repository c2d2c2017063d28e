import type { TaskId } from '../../../domain/identifiers.ts';
import { permissionChoices } from '../../../domain/permission.ts';
import type { Question } from '../../../domain/question.ts';
import type { Spiral } from '../../../spiral.ts';
import type { Actor } from '../permission.ts';

export const taskId = 'k3v9x2mq' as TaskId;
export const now = new Date('2026-11-22T12:00:00Z');

function question(more: Pick<Question, 'id' | 'kind'> & Partial<Question>): Question {
  return { taskId, text: 'What now?', askedAt: new Date('2026-11-22T11:00:00Z'), ...more };
}

export const grant = question({
  id: 'grant001',
  kind: 'grant',
  shortage: { scope: `task:${taskId}`, measure: 'usd', limit: 5, spent: 5 },
});

export const toolRequest = question({ id: 'tool0001', kind: 'tool-request' });
export const permission = question({ id: 'perm0001', kind: 'permission', choices: permissionChoices });
export const openWords = question({ id: 'words001', kind: 'question', text: 'Which port?' });
export const suggested = question({ id: 'sugge001', kind: 'question', suggestions: ['PostgreSQL', 'MongoDB'] });

export const plan = question({
  id: 'plan0001',
  kind: 'plan',
  choices: [
    { name: 'confirm', meaning: 'build it', needsText: false },
    { name: 'change', meaning: 'plan it again', needsText: true },
    { name: 'skip: all', meaning: 'a name with a colon', needsText: false },
  ],
});

export const allocation = question({
  id: 'alloc001',
  kind: 'allocation',
  choices: [
    { name: 'grant', meaning: 'give more', needsText: true },
    { name: 'move', meaning: 'move prompts', needsText: true },
    { name: 'wait', meaning: 'next cycle', needsText: false },
    { name: 'cancel', meaning: 'end the task', needsText: false },
  ],
});

/** Questions that are open until their first answer, and everything that was answered, in order. */
export function asking(...questions: readonly Question[]) {
  const open = new Map(questions.map((one) => [one.id, one]));
  const given: unknown[] = [];
  const first = (id: string, answer: unknown) => {
    if (!open.delete(id)) return false;
    given.push(answer);
    return true;
  };
  const spiral: Pick<Spiral, 'pending' | 'events' | 'grant' | 'answer' | 'decide' | 'stop'> = {
    pending: async () => [...open.values()],
    events: async () => [],
    grant: async (id, answer) => first(id, answer),
    answer: async (id, choice, text) => first(id, text === undefined ? [choice] : [choice, text]),
    decide: async (id, decision) => first(id, decision),
    stop: async (task) => {
      given.push(`stop ${task}`);
      return { tasks: [taskId], processes: 2, left: 0, recorded: true };
    },
  };
  return { spiral, given };
}

/** Of these two, the approver asked for nothing, and the other one for the task. */
export const approver: Actor = { id: '1', isApprover: true, isOwner: async () => false };
export const owner: Actor = { id: '2', isApprover: false, isOwner: async (task) => task === taskId };
