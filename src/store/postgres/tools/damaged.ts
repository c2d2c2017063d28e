import { isDeepStrictEqual } from 'node:util';
import { and, eq, sql } from 'drizzle-orm';
import type { ToolVersion } from '../../../domain/tool.ts';
import { digestOf } from '../../../domain/tool-digest.ts';
import { type DamagedTool, ToolRowDamaged } from '../../tools.ts';
import type { Database } from '../database.ts';
import { tools, toolVersions } from '../schema/tools.ts';
import { filesOf, manifestIn, selectTools, type ToolRow, toolOf } from './tool-rows.ts';

type LookedAt = { readonly state: string; readonly problem: string | undefined };

/**
 * See `ToolStore.damaged`. Files are megabytes, and nobody changes the row of a version: each is read and held against its
 * digest once, and again when its row is no longer the one that was looked at.
 */
export function damageIn(database: Database): () => Promise<DamagedTool[]> {
  const lookedAt = new Map<string, LookedAt>();

  async function problemOf(row: ToolRow & Pick<LookedAt, 'state'>): Promise<string | undefined> {
    const key = `${row.name} ${row.version}`;
    const before = lookedAt.get(key);
    if (before?.state === row.state) return before.problem;
    const version = readable(row);
    const problem = typeof version === 'string' ? version : await problemOfFiles(database, version);
    lookedAt.set(key, { state: row.state, problem });
    return problem;
  }

  return async () => {
    const rows = await database.query((statements) => selectTools(statements).orderBy(sql`${tools.name} collate "C"`));
    const damaged: DamagedTool[] = [];
    for (const row of rows) {
      const { name, version, status } = row;
      const problem = await problemOf(row);
      if (problem !== undefined) damaged.push({ name, version, status, problem });
    }
    return damaged;
  };
}

/** A text tells why it cannot be read. */
function readable(row: ToolRow): ToolVersion | string {
  try {
    return toolOf(row);
  } catch (error) {
    if (error instanceof ToolRowDamaged) return error.problem;
    throw error;
  }
}

async function problemOfFiles(database: Database, { manifest, digest }: ToolVersion): Promise<string | undefined> {
  const [row] = await database.query((statements) =>
    statements
      .select({ files: toolVersions.files })
      .from(toolVersions)
      .where(and(eq(toolVersions.name, manifest.name), eq(toolVersions.version, manifest.version))),
  );
  const files = filesOf(row?.files);
  if (!files || digestOf(files) !== digest) return 'its files are not those that were adopted';
  const isSame = isDeepStrictEqual(manifestIn(files.get('tool.json')), manifest);
  return isSame ? undefined : 'its manifest is not the one that was adopted';
}
