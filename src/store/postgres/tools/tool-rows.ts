import { and, eq, sql } from 'drizzle-orm';
import type { Tool, ToolVersion } from '../../../domain/tool.ts';
import type { Statements } from '../database.ts';
import { tools, toolVersions } from '../schema/tools.ts';
import { dateTime } from '../times.ts';

/** In the order of the versions, of which every part is a number. */
export const inOrder = sql`string_to_array(${toolVersions.version}, '.')::int[]`;

/** The columns that a `ToolVersion` is read from. */
export const versionColumns = {
  manifest: toolVersions.manifest,
  digest: toolVersions.digest,
  provenance: toolVersions.provenance,
  publishedAt: dateTime(toolVersions.publishedAt),
} as const;

/** Tools with the version that is served, for a condition to choose from. */
export function selectTools(statements: Statements) {
  return statements
    .select({
      ...versionColumns,
      status: tools.status,
      versions: sql<string[]>`(
        select array_agg(v.version order by string_to_array(v.version, '.')::int[])
        from spiral.tool_versions v where v.name = ${tools.name}
      )`,
      calls: tools.calls,
      failures: tools.failures,
      lastUsedAt: tools.lastUsedAt,
      wantedAt: tools.wantedAt,
    })
    .from(tools)
    .innerJoin(toolVersions, and(eq(toolVersions.name, tools.name), eq(toolVersions.version, tools.served)));
}

type ToolRow = ToolVersion &
  Omit<Tool, 'lastUsedAt' | 'wantedAt'> & { readonly lastUsedAt: Date | null; readonly wantedAt: Date | null };

export function toolOf({ lastUsedAt, wantedAt, ...row }: ToolRow): Tool {
  return {
    ...row,
    ...(lastUsedAt === null ? {} : { lastUsedAt }),
    ...(wantedAt === null ? {} : { wantedAt }),
  };
}
