import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SpiralEvent } from '../../../src/domain/event.ts';
import { digestOf } from '../../../src/domain/tool-digest.ts';
import { readAddress } from '../../../src/store/postgres/address.ts';
import { databaseOf } from '../../../src/store/postgres/database.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { damageIn } from '../../../src/store/postgres/tools/damaged.ts';
import { type NewToolVersion, ToolNotPublishable, ToolRowDamaged } from '../../../src/store/tools.ts';
import { testDatabase } from '../../support/postgres.ts';
import { exampleManifest, exampleUse, exampleVersion, provenance } from './tool-examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
});

let names = 0;
function freshName(): string {
  names += 1;
  return `tool-${names}`;
}

async function toldOf(name: string): Promise<unknown[]> {
  const events: SpiralEvent[] = await store.events.read({ after: 0 }, 10_000);
  return events.filter((event) => 'name' in event && event.name === name).map(({ id: _id, at: _at, ...news }) => news);
}

async function refusalOf(version: NewToolVersion): Promise<string> {
  const failure = await store.tools.publish(version).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ToolNotPublishable);
  expect(await store.tools.versions(version.manifest.name)).toEqual([]);
  return String(failure);
}

test('a version is there as it was published, byte for byte, and told of', async () => {
  const name = freshName();
  const version = exampleVersion(name);
  expect(await store.tools.get(name)).toBeUndefined();
  const before = await store.tools.revision();
  const published = await store.tools.publish(version);
  expect(published.kind).toBe('published');
  const tool = await store.tools.get(name);
  const { manifest, digest } = version;
  expect(tool).toEqual({
    ...{ manifest, digest, provenance, publishedAt: expect.any(Date), status: 'active' },
    ...{ versions: ['1.0.0'], calls: 0, failures: 0 },
  });
  expect(JSON.stringify(tool?.manifest)).toBe(JSON.stringify(manifest));
  const files = await store.tools.files(name, '1.0.0');
  expect(files && digestOf(files)).toBe(digest);
  expect(files?.get('test/bytes.bin')).toEqual(Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)));
  expect(await store.tools.revision()).toBeGreaterThan(before);
  expect(await toldOf(name)).toEqual([
    { type: 'tool.registered', name, version: '1.0.0', adopted: 'by-a-person', requestId: 'req00001' },
  ]);
});

test('published again with the same contents it is the one that is there, and nobody is told twice', async () => {
  const name = freshName();
  const [first, , third] = [
    await store.tools.publish(exampleVersion(name)),
    await store.tools.publish(exampleVersion(name, '1.1.0')),
    await store.tools.publish(exampleVersion(name)),
  ];
  expect(third).toEqual(first);
  expect((await store.tools.get(name))?.manifest.version).toBe('1.1.0');
  expect(await toldOf(name)).toHaveLength(2);
});

test('a version that is there with other contents, or is lower than another, is taken', async () => {
  const name = freshName();
  await store.tools.publish(exampleVersion(name, '1.10.0'));
  for (const version of ['1.10.0', '1.9.9', '0.99.0']) {
    const published = await store.tools.publish(exampleVersion(name, version, { source: 'console.log("other")' }));
    expect(published).toEqual({ kind: 'taken', latest: '1.10.0' });
  }
  expect((await store.tools.get(name))?.versions).toEqual(['1.10.0']);
});

test('versions stand in the order of their numbers', async () => {
  const name = freshName();
  for (const version of ['0.9.0', '0.10.0', '2.0.0', '10.0.0'])
    await store.tools.publish(exampleVersion(name, version));
  const versions = ['0.9.0', '0.10.0', '2.0.0', '10.0.0'];
  expect((await store.tools.get(name))?.versions).toEqual(versions);
  expect((await store.tools.versions(name)).map(({ manifest }) => manifest.version)).toEqual(versions);
});

test('what is not what the gate saw is refused, and nothing of it is saved', async () => {
  const name = freshName();
  const version = exampleVersion(name);
  expect(await refusalOf({ ...version, files: new Map([...version.files, ['more.mjs', Buffer.from('1')]]) })).toContain(
    'its digest is not that of its files',
  );
  expect(await refusalOf({ ...version, manifest: exampleManifest(name, '1.0.0', { deterministic: false }) })).toContain(
    'its tool.json says something else',
  );
  for (const path of [
    '../x',
    '/etc/passwd',
    'a//b',
    'a/../b',
    'a\\b',
    'a\0b',
    'CON:',
    'tool.json/x',
    'INDEX.mjs',
    ' a',
  ]) {
    const files = new Map([...version.files, [path, Buffer.from('1')]]);
    expect(await refusalOf({ ...version, files, digest: digestOf(files) }), path).toMatch(/path/);
  }
  expect(await toldOf(name)).toEqual([]);
});

test('another version that was published can be served, once, and the news says why', async () => {
  const name = freshName();
  await store.tools.publish(exampleVersion(name));
  await store.tools.publish(exampleVersion(name, '2.0.0', { description: 'Says it in other words.' }));
  const before = await store.tools.revision();
  expect(await store.tools.serve(name, '1.0.0', 'it fails')).toBe(true);
  expect(await store.tools.serve(name, '1.0.0', 'it fails')).toBe(false);
  expect(await store.tools.serve(name, '3.0.0', 'there is none')).toBe(false);
  expect(await store.tools.serve('no-such-tool', '1.0.0', 'there is none')).toBe(false);
  expect(await store.tools.revision()).toBe(before + 1);
  const tool = await store.tools.get(name);
  expect(tool?.manifest).toEqual(exampleManifest(name));
  expect(tool?.versions).toEqual(['1.0.0', '2.0.0']);
  expect((await toldOf(name)).slice(2)).toEqual([{ type: 'tool.served', name, version: '1.0.0', reason: 'it fails' }]);
  expect(await store.tools.publish(exampleVersion(name, '1.5.0'))).toEqual({ kind: 'taken', latest: '2.0.0' });
});

test('a tool is taken away and given back, and a new version gives it back as well', async () => {
  const name = freshName();
  const isActive = async () => (await store.tools.list('active')).some(({ manifest }) => manifest.name === name);
  const isRetired = async () => (await store.tools.list('retired')).some(({ manifest }) => manifest.name === name);
  await store.tools.publish(exampleVersion(name));
  expect(await store.tools.restore(name)).toBe(false);
  expect(await store.tools.retire(name, 'nobody uses it')).toBe(true);
  expect(await store.tools.retire(name, 'nobody uses it')).toBe(false);
  expect([await isActive(), await isRetired()]).toEqual([false, true]);
  expect(await store.tools.files(name, '1.0.0')).toBeDefined();
  expect(await store.tools.restore(name)).toBe(true);
  expect([await isActive(), await isRetired()]).toEqual([true, false]);
  await store.tools.retire(name, 'once more');
  await store.tools.publish(exampleVersion(name, '1.0.1'));
  expect(await isActive()).toBe(true);
  expect((await toldOf(name)).slice(1, 3)).toEqual([
    { type: 'tool.retired', name, reason: 'nobody uses it' },
    { type: 'tool.restored', name },
  ]);
  expect(await store.tools.retire('no-such-tool', 'x')).toBe(false);
});

test('uses are counted, those that are the fault of the tool apart, and told to whoever watches', async () => {
  const name = freshName();
  await store.tools.publish(exampleVersion(name));
  const revision = await store.tools.revision();
  const outcomes = ['succeeded', 'failed', 'refused-input', 'wrong-output', 'over-limit'] as const;
  await Promise.all(outcomes.map((outcome) => store.tools.used(exampleUse(name, { outcome }))));
  const { taskId: _taskId, ...byAPerson } = exampleUse(name, { agent: 'human' });
  await store.tools.used(byAPerson);
  await store.tools.used(exampleUse('no-such-tool'));
  const tool = await store.tools.get(name);
  expect(tool).toMatchObject({ calls: 6, failures: 3 });
  expect(Math.abs(Date.now() - (tool?.lastUsedAt?.getTime() ?? 0))).toBeLessThan(60_000);
  expect(await store.tools.revision()).toBe(revision);
  expect((await toldOf(name)).at(-1)).toEqual({ type: 'tool.used', ...byAPerson });
  expect(await toldOf('no-such-tool')).toEqual([]);
});

test('a watcher of everything hears of tools at once, though they belong to no task', async () => {
  const name = freshName();
  const watching = new AbortController();
  const after = await store.events.last();
  const heard = (async () => {
    for await (const event of store.events.watch({ after }, watching.signal)) return event.type;
    return undefined;
  })();
  await store.tools.publish(exampleVersion(name));
  expect(await heard).toBe('tool.registered');
  watching.abort();
});

test('a backup holds the tools with their files, and a restored database serves them', async () => {
  const name = freshName();
  await store.tools.publish(exampleVersion(name));
  await store.tools.publish(exampleVersion(name, '1.1.0'));
  await store.tools.serve(name, '1.0.0', 'it fails');
  await store.tools.used(exampleUse(name));
  const stream = new PassThrough();
  const [backup] = await Promise.all([buffer(stream), store.upkeep.backup(stream)]);
  const empty = await testDatabase();
  const restored = await openPostgresStore({ databaseUrl: empty.url });
  try {
    await restored.upkeep.restore(Readable.from([backup]));
    expect(await restored.tools.list()).toEqual(await store.tools.list());
    expect(await restored.tools.revision()).toBe(await store.tools.revision());
    const files = await restored.tools.files(name, '1.0.0');
    expect(files && digestOf(files)).toBe((await restored.tools.get(name))?.digest);
  } finally {
    await restored.close();
    await empty.drop();
  }
});

test('a row of a wrong form is told as damaged, and all others are listed and usable', async () => {
  const [damaged, whole] = [freshName(), freshName()];
  for (const name of [damaged, whole]) await store.tools.publish(exampleVersion(name));
  await store.tools.publish(exampleVersion(damaged, '1.1.0'));
  const change = (column: 'manifest' | 'provenance' | 'files', value: unknown) =>
    store.pool.query(`update spiral.tool_versions set ${column} = $1 where name = $2 and version = '1.1.0'`, [
      ...[JSON.stringify(value), damaged],
    ]);
  const told = async () => (await store.tools.damaged()).filter(({ name }) => [damaged, whole].includes(name));
  const names = async () => (await store.tools.list()).map(({ manifest }) => manifest.name);
  const { manifest, files } = exampleVersion(damaged, '1.1.0');
  expect(await told()).toEqual([]);

  const { entry: _, ...withoutEntry } = manifest;
  for (const [column, value, problem] of [
    ['manifest', withoutEntry, /^manifest\.entry: /],
    ['manifest', 'no manifest', /^manifest: /],
    ['manifest', { ...manifest, name: whole }, new RegExp(`its manifest is that of ${whole} 1.1.0`)],
    ['provenance', { builtBy: 'me' }, /^provenance\.requestedBy: /],
  ] as const) {
    await change(column, value);
    expect(await told()).toEqual([
      { name: damaged, version: '1.1.0', status: 'active', problem: expect.stringMatching(problem) },
    ]);
    expect(await names()).toContain(whole);
    expect(await names()).not.toContain(damaged);
    await expect(store.tools.get(damaged)).rejects.toThrow(ToolRowDamaged);
    expect(await store.tools.get(whole)).toMatchObject({ status: 'active' });
    expect((await store.tools.versions(damaged)).map((version) => version.manifest.version)).toEqual(['1.0.0']);
    await change('manifest', manifest);
    await change('provenance', provenance);
    expect(await told()).toEqual([]);
  }

  for (const [column, value, problem] of [
    ['files', [['index.mjs', 'ZXZpbA==']], 'its files are not those that were adopted'],
    ['files', { 'index.mjs': 'evil' }, 'its files are not those that were adopted'],
    ['manifest', { ...manifest, deterministic: false }, 'its manifest is not the one that was adopted'],
  ] as const) {
    await change(column, value);
    expect((await told()).map((one) => one.problem)).toEqual([problem]);
    expect(await names()).toContain(damaged);
    await change('manifest', manifest);
    await change(
      'files',
      [...files].map(([path, content]) => [path, Buffer.from(content).toString('base64')]),
    );
    expect(await told()).toEqual([]);
  }
  expect(await store.tools.serve(damaged, '1.0.0', 'the other is damaged')).toBe(true);
});

test('what was looked at is not read again until its row is another', async () => {
  const name = freshName();
  await store.tools.publish(exampleVersion(name));
  const counted = databaseOf(store.pool, readAddress(database.url).address);
  let queries = 0;
  const query: typeof counted.query = (work) => {
    queries += 1;
    return counted.query(work);
  };
  const damaged = damageIn({ ...counted, query });
  const reads = async () => {
    queries = 0;
    await damaged();
    return queries - 1;
  };
  expect(await reads()).toBeGreaterThan(0);
  expect(await reads()).toBe(0);
  await store.pool.query('update spiral.tool_versions set digest = digest where name = $1', [name]);
  expect(await reads()).toBe(1);
});
