import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { toolManifest } from '../src/domain/tool.ts';
import { digestOf } from '../src/domain/tool-digest.ts';
import { examples, manifest, mendedSource } from '../src/rehearsal/tool/csv-tool-files.ts';
import { openToolCells } from '../src/sandbox/cells/open-cells.ts';
import { openRunFile } from '../src/sandbox/processes/run-file.ts';
import { openEmbeddedPostgres } from '../src/store/postgres/embedded/embedded-postgres.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { NewToolVersion } from '../src/store/tools.ts';
import { openToolServer } from '../src/toolbox/mcp/open-tool-server.ts';
import { describedTools, offeredTools } from '../src/toolbox/registry/__fixtures__/described-tools.ts';
import { offeredTo } from '../src/toolbox/registry/built-tools.ts';
import { openRegistry } from '../src/toolbox/registry/open-registry.ts';
import { indexOf } from '../src/toolbox/registry/search.ts';
import { runInCell } from '../src/toolbox/run-in-cell.ts';
import { differencesOf, figuresOf, printTable, ratiosOf, told } from './figures.ts';
import { offeredLines } from './offered.ts';

const usualPairs = 40;
const warmUps = 5;
const publications = 8;
const csv = 'name,city\n"Lovelace, Ada",London\n"Noether, Emmy",Erlangen\n';

/**
 * Built tools: a call through MCP and the sandbox beside a plain start of the same program, in pairs; the time from a version
 * that is published to a client that lists it; the search; and what the first request of a task weighs.
 */
export async function toolsBench({ pairs = usualPairs }: { readonly pairs?: number }): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-bench-')));
  const database = await openEmbeddedPostgres({ home: folder });
  const store = await openPostgresStore({ databaseUrl: database.databaseUrl });
  const onProblem = (problem: string) => console.error(problem);
  const registry = openRegistry({ folder: join(folder, 'tools'), tools: store.tools, onProblem });
  const cells = openToolCells(openRunFile(folder), {
    home: join(folder, 'home'),
    stateRoot: folder,
    searchPath: process.env['PATH'],
  });
  const server = openToolServer({ onProblem });
  try {
    await store.tools.publish(versionNamed('csv-records'));
    const mount = await server.mount(
      offeredTo({ agent: 'human' }, [], {
        registry,
        used: store.tools.used,
        run: ({ tool, folder: at }, input, signal) =>
          runInCell(tool.manifest, { folder: at, input, environment: {} }, cells, signal),
        onProblem,
      }),
    );
    const client = new Client({ name: 'bench', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(mount.url), {
        requestInit: { headers: { Authorization: `Bearer ${mount.token}` } },
      }),
    );
    const plain = plainFolder(folder);
    const [ours, peer] = await inPairs(
      pairs,
      () => callThrough(client),
      () => callPlain(plain),
    );
    printTable([
      ['isolation', await cells.isolation()],
      ['a call through MCP and the sandbox', told(figuresOf(ours), 'ms', 1)],
      ['a plain start of the same program', told(figuresOf(peer), 'ms', 1)],
      ['what a call adds', told(figuresOf(differencesOf(ours, peer)), 'ms', 1)],
      ['ratio', told(figuresOf(ratiosOf(ours, peer)), '', 2)],
      ['published -> listed', told(figuresOf(await timesToList(client, store.tools.publish)), 'ms')],
      ...(await searchLines()),
      ...(await offeredLines()),
    ]);
    await client.close();
  } finally {
    await server.close();
    await registry.close();
    await store.close();
    await database.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}

function versionNamed(name: string): NewToolVersion {
  const whole = toolManifest.parse({ ...JSON.parse(manifest), name });
  const files = new Map([
    ['tool.json', Buffer.from(JSON.stringify(whole))],
    ['index.mjs', Buffer.from(mendedSource)],
    ['test/examples.json', Buffer.from(examples)],
  ]);
  const provenance = { requestedBy: 'human', builtBy: ['human'], adopted: 'by-a-person' } as const;
  return {
    manifest: whole,
    files,
    digest: digestOf(files),
    provenance: { ...provenance, builtBy: [...provenance.builtBy], builtAt: new Date().toISOString() },
  };
}

function plainFolder(folder: string): string {
  const path = join(folder, 'plain/index.mjs');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, mendedSource);
  return path;
}

/** In milliseconds, the first ones left out; the order changes, so that neither always runs on what the other has warmed. */
async function inPairs(pairs: number, us: () => Promise<void>, them: () => Promise<void>) {
  const ours: number[] = [];
  const peer: number[] = [];
  for (let pair = 0; pair < warmUps + pairs; pair += 1) {
    const isFirst = pair % 2 === 0;
    const one = await timed(isFirst ? us : them);
    const two = await timed(isFirst ? them : us);
    if (pair < warmUps) continue;
    ours.push(isFirst ? one : two);
    peer.push(isFirst ? two : one);
  }
  return [ours, peer] as const;
}

async function timed(deed: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await deed();
  return performance.now() - begun;
}

async function callThrough(client: Client): Promise<void> {
  const result = await client.callTool({ name: 'csv-records', arguments: { csv } });
  if (result.isError) throw new Error(JSON.stringify(result.content));
}

async function callPlain(path: string): Promise<void> {
  const child = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ csv }));
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (!said.startsWith('{"rows"')) throw new Error(`the program said ${said}`);
}

/** From the beginning of a publication to a client that lists the tool, having been told. */
async function timesToList(client: Client, publish: (version: NewToolVersion) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let number = 0; number < publications; number += 1) {
    const name = `published-${number}`;
    const heard = new Promise<void>((resolve) => {
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
    });
    times.push(
      await timed(async () => {
        await publish(versionNamed(name));
        await heard;
        const { tools } = await client.listTools();
        if (!tools.some((tool) => tool.name === name)) throw new Error(`${name} is not listed`);
      }),
    );
  }
  return times;
}

async function searchLines(): Promise<(readonly [string, string])[]> {
  const lines: (readonly [string, string])[] = [];
  for (const count of [10, 1_000]) {
    const tools = offeredTools(Math.max(0, count - describedTools.length)).slice(0, count);
    const begun = performance.now();
    const search = await indexOf(tools);
    const built = performance.now() - begun;
    const times: number[] = [];
    for (const { request } of describedTools) {
      const from = performance.now();
      search(request, 3);
      times.push(performance.now() - from);
    }
    lines.push([`search in ${count} tools (index built in ${built.toFixed(0)} ms)`, told(figuresOf(times), 'ms', 2)]);
  }
  return lines;
}
