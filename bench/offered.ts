import { once } from 'node:events';
import { toolManifest } from '../src/domain/tool.ts';
import { digestOf } from '../src/domain/tool-digest.ts';
import { openEmbeddedPostgres } from '../src/store/postgres/embedded/embedded-postgres.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { NewToolVersion } from '../src/store/tools.ts';
import { offeredTools } from '../src/toolbox/registry/__fixtures__/described-tools.ts';
import { openStage, program } from './stage.ts';

const counts = [0, 10, 100];

/** How many bytes the first model request of a task has when there are so many built tools. */
export async function offeredLines(): Promise<(readonly [string, string])[]> {
  const lines: (readonly [string, string])[] = [];
  for (const count of counts) lines.push([`first request with ${count} built tools`, await firstRequestWith(count)]);
  return lines;
}

async function firstRequestWith(count: number): Promise<string> {
  const stage = await openStage(() => ({ kind: 'message', blocks: [{ type: 'text', text: 'Done.' }] }));
  try {
    await publish(stage.environment['SPIRAL_HOME'] ?? '', count);
    await once(stage.start([program, 'Write a note', '-w', stage.workspace('own')]), 'exit');
    const [first] = stage.model.received;
    if (!first) throw new Error('no model request came');
    const { tools = [] } = first.body;
    return `${bytesOf(first.body)} bytes (${tools.length} tools ${bytesOf(tools)})`;
  } finally {
    await stage.close();
  }
}

async function publish(home: string, count: number): Promise<void> {
  const database = await openEmbeddedPostgres({ home });
  const store = await openPostgresStore({ databaseUrl: database.databaseUrl });
  try {
    for (const { manifest } of offeredTools(count).slice(0, count)) await store.tools.publish(versionOf(manifest));
  } finally {
    await store.close();
    await database.leave();
  }
}

/** With an input schema as a builder writes it: each field with what it means. */
function versionOf(given: NewToolVersion['manifest']): NewToolVersion {
  const fields = Object.keys(given.inputSchema['properties'] ?? {});
  const properties = Object.fromEntries(
    fields.map((field) => [field, { type: 'string', maxLength: 100_000, description: `The ${field} to work on.` }]),
  );
  const inputSchema = { type: 'object', properties, required: fields, additionalProperties: false };
  const manifest = toolManifest.parse({ ...given, inputSchema });
  const files = new Map([
    ['tool.json', Buffer.from(JSON.stringify(manifest))],
    ['index.mjs', Buffer.from('')],
  ]);
  const builtAt = new Date().toISOString();
  return {
    ...{ manifest, files, digest: digestOf(files) },
    provenance: { requestedBy: 'human', builtBy: ['human'], adopted: 'by-a-person', builtAt },
  };
}

/** As JSON without white space, which is how Claude Code sends it. */
function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
