import { eq, sql } from 'drizzle-orm';
import type { ScopeLimit } from '../../domain/budget.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { AnsweredBy } from '../../domain/question.ts';
import type { PromptMove } from '../budgets.ts';
import type { Statements } from './database.ts';
import { record } from './events.ts';
import { budgets } from './schema.ts';
import { lockScopes } from './scopes.ts';

/** See `BudgetStore.move`. What was moved away counts as granted less than nothing. */
export async function movePrompts(
  statements: Statements,
  taskId: TaskId,
  { from, to, prompts, within }: PromptMove,
  by: AnsweredBy | 'project-manager',
): Promise<boolean> {
  const limits = [from.limit, ...(within ? [within] : [])];
  const rows = await lockScopes(
    statements,
    [...limits, to.limit].map(({ scope }) => scope),
  );
  const hasRoom = ({ scope, limit }: ScopeLimit) => {
    const row = rows.find((candidate) => candidate.scope === scope);
    if (!row || limit.prompts === undefined) return false;
    return limit.prompts + row.grantedPrompts - row.spentPrompts >= prompts;
  };
  if (from.agent === to.agent || prompts < 1 || !limits.every(hasRoom)) return false;
  await raise(statements, from.limit, -prompts);
  await raise(statements, to.limit, prompts);
  if (within) {
    const spent = { spentPrompts: sql`spent_prompts + ${prompts}` };
    await statements.update(budgets).set(spent).where(eq(budgets.scope, within.scope));
  }
  const news = { type: 'budget.moved', taskId, from: from.agent, to: to.agent, prompts, by } as const;
  await record(statements, [{ news }]);
  return true;
}

async function raise(statements: Statements, { scope }: ScopeLimit, prompts: number): Promise<void> {
  await statements
    .update(budgets)
    .set({ grantedPrompts: sql`granted_prompts + ${prompts}` })
    .where(eq(budgets.scope, scope));
}
