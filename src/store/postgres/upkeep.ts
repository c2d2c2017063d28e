import { and, count, eq, inArray, isNotNull, isNull, lt, ne, notExists, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { TaskId } from '../../domain/identifiers.ts';
import type { RetentionLimits, Upkeep } from '../store.ts';
import type { Address } from './address.ts';
import type { Database, Statements } from './database.ts';
import { conversations, mail, messages } from './schema/conversations.ts';
import { questions } from './schema/questions.ts';
import { events, output, tasks, testRounds } from './schema.ts';
import { forgetTasks } from './surfaces.ts';

// Few enough that a lock or a log of the server never grows with what has gathered over months.
const tasksPerTransaction = 100;

export function upkeepIn(database: Database, address: Address): Upkeep {
  return {
    async prune(limits) {
      const pruned: TaskId[] = [];
      for (;;) {
        const ids = await database.transaction((statements) => pruneSome(statements, limits));
        pruned.push(...ids);
        if (ids.length < tasksPerTransaction) return pruned;
      }
    },
    async size(limits) {
      return database.query(async (statements) => {
        const [row] = await statements
          .select({ prunableTasks: count(), bytes: sql<number>`pg_database_size(current_database())::float8` })
          .from(tasks)
          .where(prunable(statements, limits));
        return { bytes: row?.bytes ?? 0, prunableTasks: row?.prunableTasks ?? 0 };
      });
    },
    // Hardly ever wanted: what they need is not read at every start.
    async backup(to) {
      const { writeBackup } = await import('./backup/write-backup.ts');
      await writeBackup(database, to);
    },
    async restore(from) {
      const { restoreBackup } = await import('./backup/restore-backup.ts');
      await restoreBackup(database, address, from);
    },
  };
}

async function pruneSome(statements: Statements, limits: RetentionLimits): Promise<TaskId[]> {
  const rows = await statements
    .select({ id: tasks.id })
    .from(tasks)
    .where(prunable(statements, limits))
    .orderBy(tasks.finishedAt, tasks.id)
    .limit(tasksPerTransaction)
    .for('update', { skipLocked: true });
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return ids;
  const talks = statements
    .select({ id: conversations.id })
    .from(conversations)
    .where(inArray(conversations.taskId, ids));
  for (const table of [mail, messages]) await statements.delete(table).where(inArray(table.conversationId, talks));
  for (const table of [output, questions, conversations, testRounds, events]) {
    await statements.delete(table).where(inArray(table.taskId, ids));
  }
  await forgetTasks(statements, ids);
  await statements.delete(tasks).where(inArray(tasks.id, ids));
  return ids;
}

/** Finished long ago, with no work that is still in a worktree, of no project that goes on, and with nobody who goes on with it or in its folder. */
function prunable(statements: Statements, { olderThan }: RetentionLimits): SQL | undefined {
  const later = alias(tasks, 'later');
  const sharesWorkspace = and(eq(later.workspace, tasks.workspace), ne(later.id, tasks.id));
  return and(
    lt(tasks.finishedAt, olderThan),
    or(isNull(tasks.repository), isNotNull(tasks.releasedAt)),
    notExists(
      statements
        .select({ id: later.id })
        .from(later)
        .where(
          and(
            or(eq(later.continues, tasks.id), sharesWorkspace, eq(later.id, tasks.project)),
            isNull(later.finishedAt),
          ),
        ),
    ),
  );
}
