import { and, eq } from 'drizzle-orm';
import type { TestStore } from '../store.ts';
import type { Database } from './database.ts';
import { testRounds } from './schema.ts';
import { holdRow } from './writing.ts';

export function testsIn(database: Database): TestStore {
  return {
    async keep(writer, round, results) {
      await database.transaction(async (statements) => {
        await holdRow(statements, writer);
        await statements
          .insert(testRounds)
          .values({ taskId: writer.taskId, round, results })
          .onConflictDoUpdate({ target: [testRounds.taskId, testRounds.round], set: { results } });
      });
    },
    async of(taskId, round) {
      const [row] = await database.query((statements) =>
        statements
          .select({ results: testRounds.results })
          .from(testRounds)
          .where(and(eq(testRounds.taskId, taskId), eq(testRounds.round, round))),
      );
      return row?.results;
    },
  };
}
