import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { isFailureOfTool, type ToolUse } from '../../../domain/tool.ts';
import type { Database, Statements } from '../database.ts';
import { record } from '../events.ts';
import { tools } from '../schema/tools.ts';
import { events } from '../schema.ts';

/** See `ToolStore.used`. */
export async function countUse(statements: Statements, use: ToolUse): Promise<void> {
  const counted = await statements
    .update(tools)
    .set({
      calls: sql`${tools.calls} + 1`,
      lastUsedAt: sql`clock_timestamp()`,
      ...(isFailureOfTool(use.outcome) ? { failures: sql`${tools.failures} + 1` } : {}),
    })
    .where(eq(tools.name, use.name))
    .returning({ name: tools.name });
  if (counted.length > 0) await record(statements, [{ news: { type: 'tool.used', ...use } }]);
}

/** See `ToolStore.lastUses`. */
export async function lastUses(
  database: Database,
  name: string,
  version: string,
  limit: number,
  since: Date | undefined,
): Promise<ToolUse['outcome'][]> {
  const rows = await database.query((statements) =>
    statements
      .select({ body: events.body })
      .from(events)
      .where(
        and(
          eq(events.type, 'tool.used'),
          sql`type = 'tool.used' and ${events.body} ->> 'name' = ${name} and ${events.body} ->> 'version' = ${version}`,
          since && gt(events.at, since),
        ),
      )
      .orderBy(desc(events.id))
      .limit(limit),
  );
  return rows.flatMap(({ body }) => (body.type === 'tool.used' ? [body.outcome] : []));
}
