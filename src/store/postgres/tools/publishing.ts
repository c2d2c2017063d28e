import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq } from 'drizzle-orm';
import type { News } from '../../../domain/event.ts';
import { type ToolVersion, toolManifest } from '../../../domain/tool.ts';
import { digestOf } from '../../../domain/tool-digest.ts';
import { problemOfToolFiles } from '../../../domain/tool-files.ts';
import { isLater } from '../../../domain/tool-version.ts';
import { type NewToolVersion, type Published, ToolNotPublishable } from '../../tools.ts';
import type { Statements } from '../database.ts';
import { record } from '../events.ts';
import { tools, toolVersions } from '../schema/tools.ts';
import { nextRevision } from './revision.ts';
import { inOrder, manifestIn, versionColumns, versionOf } from './tool-rows.ts';

/** See `ToolStore.publish`. */
export async function publish(statements: Statements, wanted: NewToolVersion): Promise<Published> {
  refuseUnfit(wanted);
  const { manifest, provenance } = wanted;
  const { name, version } = manifest;
  const revision = await nextRevision(statements);
  const there = await versionIn(statements, name, version);
  const latest = await latestOf(statements, name);
  if (there?.digest === wanted.digest) return { kind: 'published', version: there };
  if (latest !== undefined && !isLater(version, latest)) return { kind: 'taken', latest };

  const published = await insertVersion(statements, wanted);
  await statements
    .insert(tools)
    .values({ name, served: version, revision })
    .onConflictDoUpdate({ target: tools.name, set: { served: version, status: 'active', revision } });
  const { adopted, requestId } = provenance;
  const news: News = {
    ...{ type: 'tool.registered', name, version, adopted },
    ...(requestId === undefined ? {} : { requestId }),
  };
  await record(statements, [{ news }]);
  return { kind: 'published', version: published };
}

/** Throws `ToolNotPublishable`. */
function refuseUnfit({ manifest, files, digest }: NewToolVersion): void {
  const { name, version } = manifest;
  const problem = problemOfToolFiles(files);
  if (problem !== undefined) throw new ToolNotPublishable(name, version, problem);
  if (digestOf(files) !== digest) throw new ToolNotPublishable(name, version, 'its digest is not that of its files');
  if (!isDeepStrictEqual(manifestIn(files.get('tool.json')), toolManifest.parse(manifest)))
    throw new ToolNotPublishable(name, version, 'its tool.json says something else than what was checked');
}

async function versionIn(statements: Statements, name: string, version: string): Promise<ToolVersion | undefined> {
  const [row] = await statements
    .select(versionColumns)
    .from(toolVersions)
    .where(and(eq(toolVersions.name, name), eq(toolVersions.version, version)));
  return row && versionOf(row);
}

async function latestOf(statements: Statements, name: string): Promise<string | undefined> {
  const [row] = await statements
    .select({ version: toolVersions.version })
    .from(toolVersions)
    .where(eq(toolVersions.name, name))
    .orderBy(desc(inOrder))
    .limit(1);
  return row?.version;
}

async function insertVersion(
  statements: Statements,
  { manifest, files, digest, provenance }: NewToolVersion,
): Promise<ToolVersion> {
  const { name, version } = manifest;
  const stored = [...files].map(([path, content]): [string, string] => [path, Buffer.from(content).toString('base64')]);
  const [row] = await statements
    .insert(toolVersions)
    .values({ name, version, manifest, files: stored, digest, provenance })
    .returning(versionColumns);
  if (!row) throw new Error('the server returned no row for what it saved');
  return versionOf(row);
}
