import { and, asc, eq, ne, sql } from 'drizzle-orm';
import type { News } from '../../../domain/event.ts';
import type { ToolStore } from '../../tools.ts';
import type { Database, Statements } from '../database.ts';
import { record } from '../events.ts';
import { tools, toolVersions } from '../schema/tools.ts';
import { damageIn } from './damaged.ts';
import { publish } from './publishing.ts';
import { nextRevision, revisionIn } from './revision.ts';
import { filesOf, inOrder, selectTools, toolOf, versionColumns, versionOf, whole } from './tool-rows.ts';
import { countUse, lastUses } from './uses.ts';

const now = sql`clock_timestamp()`;

export function toolsIn(database: Database): ToolStore {
  return {
    publish: (version) => database.transaction((statements) => publish(statements, version)),
    async get(name) {
      const [row] = await database.query((statements) => selectTools(statements).where(eq(tools.name, name)));
      return row && toolOf(row);
    },
    async list(status) {
      const rows = await database.query((statements) =>
        selectTools(statements)
          .where(status === undefined ? undefined : eq(tools.status, status))
          .orderBy(sql`${tools.name} collate "C"`),
      );
      return whole(rows, toolOf);
    },
    damaged: damageIn(database),
    async versions(name) {
      const rows = await database.query((statements) =>
        statements.select(versionColumns).from(toolVersions).where(eq(toolVersions.name, name)).orderBy(asc(inOrder)),
      );
      return whole(rows, versionOf);
    },
    async files(name, version) {
      const [row] = await database.query((statements) =>
        statements
          .select({ files: toolVersions.files })
          .from(toolVersions)
          .where(and(eq(toolVersions.name, name), eq(toolVersions.version, version))),
      );
      return row && filesOf(row.files);
    },
    serve: (name, version, reason) =>
      database.transaction((statements) =>
        serve(statements, name, version, { type: 'tool.served', name, version, reason }),
      ),
    retire: (name, reason) =>
      database.transaction((statements) => turn(statements, name, 'retired', { type: 'tool.retired', name, reason })),
    restore: (name) =>
      database.transaction((statements) => turn(statements, name, 'active', { type: 'tool.restored', name })),
    async keep(name) {
      const kept = await database.query((statements) =>
        statements.update(tools).set({ wantedAt: now }).where(eq(tools.name, name)).returning({ name: tools.name }),
      );
      return kept.length > 0;
    },
    used: (use) => database.transaction((statements) => countUse(statements, use)),
    lastUses: (name, version, limit, since) => lastUses(database, name, version, limit, since),
    revision: () => database.query(revisionIn),
  };
}

async function serve(statements: Statements, name: string, version: string, news: News): Promise<boolean> {
  const revision = await nextRevision(statements);
  const [there] = await statements
    .select({ version: toolVersions.version })
    .from(toolVersions)
    .where(and(eq(toolVersions.name, name), eq(toolVersions.version, version)));
  if (!there) return false;
  const changed = await statements
    .update(tools)
    .set({ served: version, revision, wantedAt: now })
    .where(and(eq(tools.name, name), ne(tools.served, version)))
    .returning({ name: tools.name });
  return toldWhen(statements, changed.length > 0, news);
}

async function turn(statements: Statements, name: string, status: 'active' | 'retired', news: News): Promise<boolean> {
  const revision = await nextRevision(statements);
  const changed = await statements
    .update(tools)
    .set({ status, revision, ...(status === 'active' ? { wantedAt: now } : {}) })
    .where(and(eq(tools.name, name), ne(tools.status, status)))
    .returning({ name: tools.name });
  return toldWhen(statements, changed.length > 0, news);
}

async function toldWhen(statements: Statements, hasChanged: boolean, news: News): Promise<boolean> {
  if (hasChanged) await record(statements, [{ news }]);
  return hasChanged;
}
