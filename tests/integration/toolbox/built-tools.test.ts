import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { openToolServer } from '../../../src/toolbox/mcp/open-tool-server.ts';
import type { ToolRunEnd } from '../../../src/toolbox/registry/as-own-tool.ts';
import { offeredTo } from '../../../src/toolbox/registry/built-tools.ts';
import { openRegistry } from '../../../src/toolbox/registry/open-registry.ts';
import type { LoadedTool, Registry } from '../../../src/toolbox/registry.ts';
import type { OwnTool, ToolServer, ToolSource } from '../../../src/toolbox/toolbox.ts';
import { needs } from '../../support/needs.ts';
import { testDatabase } from '../../support/postgres.ts';
import { exampleVersion } from '../store/tool-examples.ts';
import { openSessions, own } from './sessions.ts';
import { toolNamed } from './tools.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
/** Another process, as far as the database can tell. */
let other: typeof store;
let folder: string;
let registry: Registry;
let server: ToolServer;
let sessions: ReturnType<typeof openSessions>;
let problems: string[];

beforeAll(async () => {
  database = await testDatabase();
  [store, other] = await Promise.all([
    openPostgresStore({ databaseUrl: database.url }),
    openPostgresStore({ databaseUrl: database.url }),
  ]);
});
afterAll(async () => {
  await Promise.all([store?.close(), other?.close()]);
  await database?.drop();
});
beforeEach(() => {
  problems = [];
  const onProblem = (problem: string) => problems.push(problem);
  folder = mkdtempSync(join(tmpdir(), 'spiral-built-'));
  registry = openRegistry({ folder, tools: store.tools, onProblem, lookEveryMs: 20 });
  server = openToolServer({ onProblem });
  sessions = openSessions();
});
afterEach(async () => {
  await server.close();
  await registry.close();
  sessions.leave();
  rmSync(folder, { recursive: true, force: true });
});

/** Without a sandbox: that is the business of others. */
async function run({ folder: place, tool }: LoadedTool, input: unknown): Promise<ToolRunEnd> {
  const child = spawn(process.execPath, [tool.manifest.entry], { cwd: place, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(input));
  const [output, reason] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return reason === '' ? { kind: 'output', output: JSON.parse(output) } : { kind: 'failed', reason };
}

/** A version that says what it was told, after a mark of its own. */
function saying(name: string, version: string, mark: string) {
  const source = `
    let input = '';
    for await (const piece of process.stdin) input += piece;
    process.stdout.write(JSON.stringify({ text: '${mark} ' + JSON.parse(input).text }));`;
  return exampleVersion(name, version, { source });
}

/** What a session is offered: tools by which the model makes something happen, which answer when it was listed, and all built ones. */
function offering(steps: Readonly<Record<string, () => Promise<unknown>>>): ToolSource {
  let listed = 0;
  let heard: () => void = () => undefined;
  const stepping = Object.entries(steps).map(
    ([name, step]): OwnTool => ({
      ...toolNamed(name),
      alwaysLoad: true,
      async call() {
        await step();
        const before = listed;
        await new Promise<void>((resolve) => {
          heard = () => listed > before && resolve();
        });
        return { text: 'It happened.' };
      },
    }),
  );
  const caller = { agent: 'developer', taskId: 'task0001' as TaskId } as const;
  const used = (use: Parameters<typeof store.tools.used>[0]) => store.tools.used(use);
  const source = offeredTo(caller, stepping, { registry, run, used, onProblem: (problem) => problems.push(problem) });
  return {
    async tools() {
      const tools = await source.tools();
      listed += 1;
      heard();
      return tools;
    },
    onChange: source.onChange,
  };
}

const happened = { text: 'It happened.', failed: false };
const withBubblewrap = needs('bwrap');

for (const [kind, setting] of [
  ['works', {}],
  ['works and may ask', { mayAsk: true }],
  ['reads', { tools: 'read' }],
] as const) {
  withBubblewrap(`a tool that another process publishes is called in the same session that ${kind}`, async () => {
    const name = `late-${kind.replaceAll(' ', '-')}`;
    const tools = await server.mount(offering({ publish: () => other.tools.publish(saying(name, '1.0.0', 'first')) }));
    const calls = [own('publish'), own(name, { text: 'hello' })];
    const { results, offered, offeredLast } = await sessions.round(calls, tools, setting);
    expect(offered).not.toContain(`mcp__spiral__${name}`);
    expect(offeredLast).toContain(`mcp__spiral__${name}`);
    expect(results).toEqual([happened, { text: '{"text":"first hello"}', failed: false }]);
    expect(await store.tools.get(name)).toMatchObject({ calls: 1, failures: 0 });
    expect(problems).toEqual([]);
  });
}

withBubblewrap(
  'a new version, the way back to the old one, and the end of a tool reach a running session',
  async () => {
    const name = 'changing';
    await store.tools.publish(saying(name, '1.0.0', 'first'));
    const tools = await server.mount(
      offering({
        improve: () => other.tools.publish(saying(name, '1.1.0', 'second')),
        'roll-back': () => other.tools.serve(name, '1.0.0', 'it fails'),
        retire: () => other.tools.retire(name, 'nobody uses it'),
      }),
    );
    const call = own(name, { text: 'hello' });
    const calls = [call, own('improve'), call, own('roll-back'), call, own('retire'), call];
    const { results, offered } = await sessions.round(calls, tools);
    expect(offered).toContain(`mcp__spiral__${name}`);
    expect(results.slice(0, 6)).toEqual([
      { text: '{"text":"first hello"}', failed: false },
      happened,
      { text: '{"text":"second hello"}', failed: false },
      happened,
      { text: '{"text":"first hello"}', failed: false },
      happened,
    ]);
    expect(results[6]).toEqual({ text: expect.stringMatching(/no.*tool/i), failed: true });
    const told = (await store.events.read({ after: 0 }, 1_000)).flatMap((event) =>
      event.type === 'tool.used' && event.name === name ? [[event.version, event.outcome, event.taskId]] : [],
    );
    expect(told).toEqual(['1.0.0', '1.1.0', '1.0.0'].map((version) => [version, 'succeeded', 'task0001']));
  },
);

withBubblewrap(
  'a tool that has no room in the list of a session is called by its name, also one that comes later',
  async () => {
    await store.tools.publish(saying('unlisted', '1.0.0', 'first'));
    const caller = { agent: 'developer', taskId: 'task0001' as TaskId } as const;
    const publish: OwnTool = {
      ...toolNamed('publish'),
      async call() {
        await other.tools.publish(saying('unlisted-late', '1.0.0', 'late'));
        return happened;
      },
    };
    const needs = { registry, run, used: store.tools.used, onProblem: (problem: string) => problems.push(problem) };
    const tools = await server.mount(offeredTo(caller, [publish], needs, { tools: 0, bytes: 0 }));
    const called = (name: string) => own('call_tool', { name, input: { text: 'hello' } });
    const { results, offered } = await sessions.round(
      [called('unlisted'), own('publish'), called('unlisted-late')],
      tools,
    );
    const offeredOfOurs = offered.filter((name) => name.startsWith('mcp__')).toSorted();
    expect(offeredOfOurs).toEqual(['mcp__spiral__call_tool', 'mcp__spiral__publish']);
    expect(results).toEqual([
      { text: '{"text":"first hello"}', failed: false },
      happened,
      { text: '{"text":"late hello"}', failed: false },
    ]);
    expect(await store.tools.get('unlisted')).toMatchObject({ calls: 1, failures: 0 });
  },
);

test('a session goes on with what it was offered last while the registry cannot be asked', async () => {
  await store.tools.publish(saying('lasting', '1.0.0', 'first'));
  let isGone = false;
  const gone = () => Promise.reject(new Error('connection refused'));
  const broken = { ...registry, active: () => (isGone ? gone() : registry.active()) };
  const caller = { agent: 'developer' } as const;
  const needed = { run, used: async () => undefined, onProblem: (problem: string) => problems.push(problem) };
  const offered = offeredTo(caller, [toolNamed('own')], { registry: broken, ...needed });
  const names = async () => (await offered.tools()).map(({ name }) => name);
  const before = await names();
  expect(before).toEqual(expect.arrayContaining(['own', 'lasting']));
  isGone = true;
  expect(await names()).toEqual(before);
  expect(problems).toEqual(['the built tools cannot be listed: Error: connection refused']);
});
