import { and, eq, isNull, sql } from 'drizzle-orm';
import type { BudgetScope, Measure } from '../../domain/budget.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Statements } from './database.ts';
import { wholeUnits } from './money.ts';
import { budgets, tasks } from './schema.ts';
import { scopeOfTask } from './stored.ts';

const grantedColumns = {
  prompts: budgets.grantedPrompts,
  tokens: budgets.grantedTokens,
  usd: budgets.grantedNanoUsd,
} as const;

const grantedFields = { prompts: 'grantedPrompts', tokens: 'grantedTokens', usd: 'grantedNanoUsd' } as const;

/** Raises a limit inside a transaction. The prompts of a task are limited in its own row; those of a finished one stay. */
export async function give(
  statements: Statements,
  taskId: TaskId,
  { scope, measure, amount }: { readonly scope: BudgetScope; readonly measure: Measure; readonly amount: number },
): Promise<void> {
  const units = wholeUnits(measure, amount);
  if (measure === 'prompts' && scope === scopeOfTask(taskId)) {
    await statements
      .update(tasks)
      .set({ promptLimit: sql`prompt_limit + ${units}` })
      .where(and(eq(tasks.id, taskId), isNull(tasks.finishedAt)));
    return;
  }
  await statements
    .insert(budgets)
    .values({ scope, [grantedFields[measure]]: units })
    .onConflictDoUpdate({
      target: budgets.scope,
      set: { [grantedFields[measure]]: sql`${grantedColumns[measure]} + ${units}` },
    });
}
