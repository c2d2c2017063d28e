import { sql } from 'drizzle-orm';
import { lockUntilCommit, type Statements } from '../database.ts';
import { tools } from '../schema/tools.ts';

const newest = sql<number>`coalesce(max(${tools.revision}), 0)::float8`;

/**
 * Keeps everybody else from changing what is served until the transaction ends, so that revisions become visible in their
 * order; the one that this change gets.
 */
export async function nextRevision(statements: Statements): Promise<number> {
  await lockUntilCommit(statements, 'tools');
  return (await revisionIn(statements)) + 1;
}

/** See `ToolStore.revision`. */
export async function revisionIn(statements: Statements): Promise<number> {
  const [row] = await statements.select({ newest }).from(tools);
  return row?.newest ?? 0;
}
