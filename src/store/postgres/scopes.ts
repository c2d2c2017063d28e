import { asc, inArray, type SQL, sql } from 'drizzle-orm';
import type { BudgetScope } from '../../domain/budget.ts';
import type { Statements } from './database.ts';
import { budgets } from './schema.ts';

/**
 * Several scopes are always locked in the order of their bytes, and never before the row of a task or after that of a
 * request: whoever waits for a scope holds none that another one waits for.
 */
export const lockOrder: SQL = sql`scope collate "C"`;

/** Makes the rows of scopes that were never used. They are never deleted. */
export async function makeRows(statements: Statements, scopes: readonly BudgetScope[]): Promise<void> {
  if (scopes.length === 0) return;
  const rows = [...scopes].sort().map((scope) => ({ scope }));
  await statements.insert(budgets).values(rows).onConflictDoNothing();
}

/** The rows of scopes, made when they are missing and kept from everybody else until the transaction ends. */
export async function lockScopes(
  statements: Statements,
  scopes: readonly BudgetScope[],
): Promise<(typeof budgets.$inferSelect)[]> {
  if (scopes.length === 0) return [];
  await makeRows(statements, scopes);
  return statements
    .select()
    .from(budgets)
    .where(inArray(budgets.scope, [...scopes]))
    .orderBy(asc(lockOrder))
    .for('update');
}
