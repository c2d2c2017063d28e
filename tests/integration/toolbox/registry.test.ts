import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { openRegistry } from '../../../src/toolbox/registry/open-registry.ts';
import { type Registry, ToolNotLoadable } from '../../../src/toolbox/registry.ts';
import { testDatabase } from '../../support/postgres.ts';
import { exampleVersion } from '../store/tool-examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
let folder: string;
let problems: string[];
let registry: Registry;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spiral-registry-'));
  problems = [];
  registry = openRegistry({ folder, tools: store.tools, onProblem: (problem) => problems.push(problem) });
});
afterEach(async () => {
  await registry.close();
  execFileSync('chmod', ['-R', 'u+rwX', folder]);
  rmSync(folder, { recursive: true, force: true });
});

let names = 0;
async function published(version = '1.0.0'): Promise<string> {
  names += 1;
  const name = `tool-${names}`;
  await store.tools.publish(exampleVersion(name, version));
  return name;
}

async function loadedFolder(name: string, by: Registry = registry): Promise<string> {
  const loaded = await by.load(name);
  if (!loaded) throw new Error(`${name} is not there`);
  return loaded.folder;
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

test('a tool is loaded from a folder with what was adopted, which nobody may write to', async () => {
  const name = await published();
  const loaded = await registry.load(name);
  expect(loaded?.folder).toBe(join(folder, name, '1.0.0'));
  expect(loaded?.tool.manifest).toEqual(exampleVersion(name).manifest);
  const place = loaded?.folder ?? '';
  for (const [path, content] of exampleVersion(name).files)
    expect(readFileSync(join(place, path))).toEqual(Buffer.from(content));
  const paths = ['', 'test', 'index.mjs', 'tool.json', 'test/bytes.bin'];
  expect(paths.map((path) => modeOf(join(place, path)))).toEqual(['555', '555', '555', '444', '444']);
  const { ino } = lstatSync(place);
  expect((await registry.load(name))?.folder).toBe(place);
  expect(lstatSync(place).ino).toBe(ino);
  expect(readdirSync(join(folder, name))).toEqual(['1.0.0']);
  expect(problems).toEqual([]);
});

test('what does not exist or was retired is not loaded, and what was restored is', async () => {
  const name = await published();
  expect(await registry.load('no-such-tool')).toBeUndefined();
  expect(await registry.load('../etc')).toBeUndefined();
  await store.tools.retire(name, 'nobody uses it');
  expect(await registry.load(name)).toBeUndefined();
  expect((await registry.active()).map(({ manifest }) => manifest.name)).not.toContain(name);
  await store.tools.restore(name);
  expect(await loadedFolder(name)).toBe(join(folder, name, '1.0.0'));
});

test('another version that is served is loaded from then on', async () => {
  const name = await published();
  await loadedFolder(name);
  await store.tools.publish(exampleVersion(name, '2.0.0'));
  expect(await loadedFolder(name)).toBe(join(folder, name, '2.0.0'));
  await store.tools.serve(name, '1.0.0', 'it fails');
  expect(await loadedFolder(name)).toBe(join(folder, name, '1.0.0'));
});

const edits: readonly (readonly [what: string, edit: (place: string) => void])[] = [
  ['a file that was changed', (place) => writeFileSync(join(place, 'index.mjs'), 'console.log("{}") // evil')],
  ['a file that is gone', (place) => rmSync(join(place, 'index.mjs'))],
  ['a file more', (place) => writeFileSync(join(place, 'test', 'more.mjs'), '')],
  ['an empty folder more', (place) => mkdirSync(join(place, 'node_modules'))],
  ['a link more', (place) => symlinkSync('/etc/passwd', join(place, 'data'))],
  [
    'a file that became a link to the same contents',
    (place) => {
      renameSync(join(place, 'index.mjs'), join(folder, 'elsewhere.mjs'));
      symlinkSync(join(folder, 'elsewhere.mjs'), join(place, 'index.mjs'));
    },
  ],
  [
    'a folder that became a link to the same contents',
    (place) => {
      renameSync(place, join(folder, 'elsewhere'));
      symlinkSync(join(folder, 'elsewhere'), place);
    },
  ],
  ['a pipe more', (place) => execFileSync('mkfifo', [join(place, 'pipe')])],
  ['a file that nobody may read', (place) => chmodSync(join(place, 'index.mjs'), 0)],
  ['a name with other letters', (place) => renameSync(join(place, 'index.mjs'), join(place, 'Index.mjs'))],
  [
    'a file in its place',
    (place) => {
      rmSync(place, { recursive: true });
      writeFileSync(place, 'no folder');
    },
  ],
];

/** For root no file is unreadable. */
const isRoot = process.getuid?.() === 0;

test.each(edits.filter(([what]) => !isRoot || what !== 'a file that nobody may read'))(
  '%s is set aside and told, and the folder made anew',
  async (_, edit) => {
    const name = await published();
    const place = await loadedFolder(name);
    for (const time of [1, 2]) {
      for (const closed of [place, join(place, 'test')]) chmodSync(closed, 0o755);
      edit(place);
      expect(await loadedFolder(name)).toBe(place);
      expect(problems).toEqual([
        `the folder of the tool ${name} 1.0.0 is not what was adopted; it lies in ${place}.edited-${time} now`,
      ]);
      problems.length = 0;
      expect(lstatSync(`${place}.edited-${time}`)).toBeDefined();
      expect(readFileSync(join(place, 'index.mjs'), 'utf8')).toBe('console.log("{}")');
      rmSync(join(folder, 'elsewhere'), { recursive: true, force: true });
    }
    expect(await loadedFolder(name)).toBe(place);
    expect(problems).toEqual([]);
  },
);

test('what stands where the folders of all versions belong is set aside as well', async () => {
  const name = await published();
  const place = await loadedFolder(name);
  renameSync(join(folder, name), join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, name));
  expect(await loadedFolder(name)).toBe(place);
  expect(lstatSync(join(folder, name)).isDirectory()).toBe(true);
  expect(lstatSync(join(folder, `${name}.edited-1`)).isSymbolicLink()).toBe(true);
  expect(problems).toEqual([
    `the folder of the tool ${name} was replaced by something else; it lies in ${join(folder, name)}.edited-1 now`,
  ]);
});

test('what the database has of a version is not used when it is not what was adopted', async () => {
  const name = await published();
  const files = JSON.stringify([['index.mjs', Buffer.from('evil').toString('base64')]]);
  await store.pool.query('update spiral.tool_versions set files = $1 where name = $2', [files, name]);
  await expect(registry.load(name)).rejects.toThrow(
    `the tool ${name} 1.0.0 cannot be loaded: what the database has of it is not what was adopted`,
  );
  expect(existsSync(join(folder, name, '1.0.0'))).toBe(false);
});

test('a row with an input that clients refuse is neither listed nor loaded, and the others are', async () => {
  const [damage, problem] = [{ inputSchema: { type: 'object', properties: { a: true } } }, /the property a/];
  const [damaged, whole] = [await published(), await published()];
  const next = exampleVersion(damaged, '1.1.0');
  await store.tools.publish(next);
  await store.pool.query('update spiral.tool_versions set manifest = $1 where name = $2 and version = $3', [
    ...[JSON.stringify({ ...next.manifest, ...damage }), damaged, '1.1.0'],
  ]);
  const listed = (await registry.active()).map((tool) => tool.manifest.name);
  expect(listed).toContain(whole);
  expect(listed).not.toContain(damaged);
  expect(problems.filter((one) => one.includes(`the tool ${damaged} is not offered`)).join()).toMatch(problem);
  await expect(registry.load(damaged)).rejects.toThrow(problem);
  expect(existsSync(join(folder, damaged))).toBe(false);
  expect(await loadedFolder(whole)).toBe(join(folder, whole, '1.0.0'));
});

test.each([
  ['a manifest that is none', 'manifest', { name: 'x' }, 'manifest.version: '],
  [
    'files that are not what was adopted',
    'files',
    [['index.mjs', 'ZXZpbA==']],
    'its files are not those that were adopted',
  ],
])('a version with %s is told as damaged and not offered, and the others are', async (_, column, value, problem) => {
  const [damaged, whole] = [await published(), await published()];
  expect((await registry.active()).map((tool) => tool.manifest.name)).toContain(damaged);
  await store.pool.query(`update spiral.tool_versions set ${column} = $1 where name = $2`, [
    ...[JSON.stringify(value), damaged],
  ]);
  // Whatever changes what is offered: then it is looked at again.
  const other = await published();
  const offered = (await registry.active()).map((tool) => tool.manifest.name);
  expect(offered).toEqual(expect.arrayContaining([whole, other]));
  expect(offered).not.toContain(damaged);
  expect((await registry.search('what it was told', 100)).map(({ tool }) => tool.manifest.name)).not.toContain(damaged);
  expect(problems.filter((one) => one.includes(`the tool ${damaged} is not offered: ${problem}`))).toHaveLength(1);
  await expect(registry.load(damaged)).rejects.toThrow(ToolNotLoadable);
  expect(await loadedFolder(whole)).toBe(join(folder, whole, '1.0.0'));
});

test('a folder that cannot be made is a plain problem, and nothing of it is left', async () => {
  const name = await published();
  writeFileSync(join(folder, 'file'), '');
  const blocked = openRegistry({ folder: join(folder, 'file'), tools: store.tools, onProblem: () => undefined });
  const failure = await blocked.load(name).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ToolNotLoadable);
  expect(failure).toMatchObject({ message: expect.stringContaining('there is a file where a folder should be') });
  await blocked.close();
});

test('what a process that was killed left half done is removed after a while, and never loaded', async () => {
  const name = await published();
  const [old, fresh] = ['.1.0.0.aaaaaaaaaaaa', '.1.0.0.bbbbbbbbbbbb'].map((one) => join(folder, name, one));
  for (const half of [old ?? '', fresh ?? '']) mkdirSync(join(half, 'test'), { recursive: true });
  chmodSync(join(old ?? '', 'test'), 0o555);
  utimesSync(old ?? '', new Date(0), new Date(0));
  await loadedFolder(name);
  expect(readdirSync(join(folder, name)).sort()).toEqual(['.1.0.0.bbbbbbbbbbbb', '1.0.0']);
});
