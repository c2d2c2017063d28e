import { and, eq, sql } from 'drizzle-orm';
import * as z from 'zod';
import {
  type Tool,
  type ToolFiles,
  type ToolManifest,
  type ToolVersion,
  toolManifest,
  toolProvenance,
} from '../../../domain/tool.ts';
import { ToolRowDamaged } from '../../tools.ts';
import type { Statements } from '../database.ts';
import { tools, toolVersions } from '../schema/tools.ts';
import { dateTime } from '../times.ts';

/** In the order of the versions, of which every part is a number. */
export const inOrder = sql`string_to_array(${toolVersions.version}, '.')::int[]`;

/** The columns that a `ToolVersion` is read from; nothing in them is checked yet. */
export const versionColumns = {
  name: toolVersions.name,
  version: toolVersions.version,
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
      // PostgreSQL changes it with every change of a row.
      state: sql<string>`${toolVersions}.xmin::text`,
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

export type VersionRow = Pick<ToolVersion, 'digest' | 'publishedAt'> & {
  readonly name: string;
  readonly version: string;
  readonly manifest: unknown;
  readonly provenance: unknown;
};

export type ToolRow = VersionRow &
  Pick<Tool, 'status' | 'versions' | 'calls' | 'failures'> & {
    readonly lastUsedAt: Date | null;
    readonly wantedAt: Date | null;
  };

/** Throws `ToolRowDamaged`. */
export function toolOf(row: ToolRow): Tool {
  const { status, versions, calls, failures, lastUsedAt, wantedAt } = row;
  return {
    ...versionOf(row),
    ...{ status, versions, calls, failures },
    ...(lastUsedAt === null ? {} : { lastUsedAt }),
    ...(wantedAt === null ? {} : { wantedAt }),
  };
}

/** Throws `ToolRowDamaged`. */
export function versionOf({ name, version, manifest, provenance, digest, publishedAt }: VersionRow): ToolVersion {
  const read = z.object({ manifest: toolManifest, provenance: toolProvenance }).safeParse({ manifest, provenance });
  if (!read.success) throw new ToolRowDamaged(name, version, problemIn(read.error));
  const { data } = read;
  if (data.manifest.name !== name || data.manifest.version !== version)
    throw new ToolRowDamaged(name, version, `its manifest is that of ${data.manifest.name} ${data.manifest.version}`);
  return { ...data, digest, publishedAt };
}

/** Those that can be read. */
export function whole<Row, Made>(rows: readonly Row[], make: (row: Row) => Made): Made[] {
  return rows.flatMap((row) => {
    try {
      return [make(row)];
    } catch (error) {
      if (error instanceof ToolRowDamaged) return []; // `ToolStore.damaged` tells of it.
      throw error;
    }
  });
}

function problemIn({ issues: [first] }: z.ZodError): string {
  return first === undefined ? 'it has another form' : `${first.path.join('.') || 'it'}: ${first.message}`;
}

const storedFiles = z.array(z.tuple([z.string(), z.string()]));

/** Undefined for what has not the form of files. */
export function filesOf(stored: unknown): ToolFiles | undefined {
  const { data } = storedFiles.safeParse(stored);
  return data && new Map(data.map(([path, content]) => [path, Buffer.from(content, 'base64')]));
}

/** What a `tool.json` says. */
export function manifestIn(file: Uint8Array | undefined): ToolManifest | undefined {
  try {
    return toolManifest.parse(JSON.parse(Buffer.from(file ?? []).toString('utf8')));
  } catch {
    // Whatever it is, it is not the manifest that was checked.
    return undefined;
  }
}
