import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { ScopeLimit, Shortage } from '../../domain/budget.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { TaskState } from '../../domain/task-state.ts';
import type { KeyedNews, RoundStart, Writer } from '../store.ts';
import type { Database, Statements } from './database.ts';
import { record } from './events.ts';
import { budgets, events } from './schema.ts';
import { lockScopes } from './scopes.ts';
import { scopeOfTask } from './stored.ts';
import { holdTask, saveState } from './writing.ts';

/** See `TaskStore.beginRound`. */
export async function beginRound(
  database: Database,
  writer: Writer,
  state: TaskState,
  news: readonly KeyedNews[],
  limits: readonly ScopeLimit[],
): Promise<RoundStart> {
  return database.transaction(async (statements) => {
    const { promptLimit } = await holdTask(statements, writer);
    const spent = await promptsOf(statements, writer.taskId);
    if (spent >= promptLimit) {
      const scope = scopeOfTask(writer.taskId);
      return { kind: 'short', shortage: { scope, measure: 'prompts', limit: promptLimit, spent } };
    }
    const shortage = await spendPrompt(statements, writer.taskId, limits);
    if (shortage) return { kind: 'short', shortage };
    const task = await saveState(statements, writer, state);
    await record(statements, news);
    return { kind: 'begun', task };
  });
}

/** How many prompts a task has spent; for whoever holds its row. */
export async function promptsOf(statements: Statements, taskId: TaskId): Promise<number> {
  const [row] = await statements
    .select({ spent: count() })
    .from(events)
    .where(
      and(eq(events.taskId, taskId), sql`type in ('prompt.spent', 'engine.finished')`, eq(events.type, 'prompt.spent')),
    );
  return row?.spent ?? 0;
}

/** Counts a prompt in every scope, or gives back the limit with the least room when one of them has none. */
export async function spendPrompt(
  statements: Statements,
  taskId: TaskId,
  limits: readonly ScopeLimit[],
): Promise<Shortage | undefined> {
  const rows = await lockScopes(
    statements,
    limits.map(({ scope }) => scope),
  );
  const standings = limits
    .filter(({ scope }) => scope !== scopeOfTask(taskId))
    .flatMap(({ scope, limit, renewsAt }): Shortage[] => {
      const row = rows.find((candidate) => candidate.scope === scope);
      if (limit.prompts === undefined || row === undefined) return [];
      const renews = renewsAt === undefined ? {} : { renewsAt };
      return [
        { scope, measure: 'prompts', limit: limit.prompts + row.grantedPrompts, spent: row.spentPrompts, ...renews },
      ];
    });
  const short = standings.filter((standing) => roomIn(standing) < 1).sort((a, b) => roomIn(a) - roomIn(b))[0];
  if (short || rows.length === 0) return short;
  await statements
    .update(budgets)
    .set({ spentPrompts: sql`spent_prompts + 1` })
    .where(
      inArray(
        budgets.scope,
        rows.map(({ scope }) => scope),
      ),
    );
  return undefined;
}

function roomIn({ limit, spent }: Shortage): number {
  return limit - spent;
}
