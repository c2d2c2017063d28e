import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { openRegistry } from '../../../src/toolbox/registry/open-registry.ts';
import { testDatabase } from '../../support/postgres.ts';
import { exampleVersion } from '../store/tool-examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
let folder: string;

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
});
afterEach(() => {
  execFileSync('chmod', ['-R', 'u+rwX', folder]);
  rmSync(folder, { recursive: true, force: true });
});

type Report = { readonly problems: readonly string[]; readonly failures: readonly string[] };

const script = fileURLToPath(new URL('./registry-process.ts', import.meta.url));

function loading(name: string, times: number): string[] {
  return [process.execPath, '--import', 'tsx', script, database.url, folder, name, String(times)];
}

function reportIn(lines: string): Report {
  return JSON.parse(lines.trim().split('\n').at(-1) ?? '');
}

test('a disk that is full leaves nothing of a folder, says so plainly, and a later load succeeds', async () => {
  const source = `//${'x'.repeat(200_000)}`;
  await store.tools.publish(exampleVersion('large', '1.0.0', { source }));
  // The most that a file may have, in kilobytes: what is written beyond it fails.
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-c', 'ulimit -f 64; exec "$@"', 'bash', ...loading('large', 2)],
    {
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    },
  );
  const place = join(folder, 'large', '1.0.0');
  const failure = `ToolNotLoadable: the tool large 1.0.0 cannot be loaded: ${place} cannot be used: files may not be so large here`;
  expect(reportIn(stdout)).toEqual({ problems: [], failures: [failure, failure] });
  expect(readdirSync(join(folder, 'large'))).toEqual([]);
  const registry = openRegistry({ folder, tools: store.tools, onProblem: () => undefined });
  expect((await registry.load('large'))?.folder).toBe(place);
  await registry.close();
  expect(readFileSync(join(place, 'index.mjs'), 'utf8')).toBe(source);
});

test('processes that load one tool while somebody edits it set aside what was edited and nothing else', async () => {
  const times = 30;
  await store.tools.publish(exampleVersion('shared'));
  const children = [1, 2, 3].map(() => {
    const [program = '', ...words] = loading('shared', times);
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    return { exited: once(child, 'exit'), lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  for (const { lines } of children) expect((await lines.next()).value).toBe('ready');
  const place = join(folder, 'shared', '1.0.0');
  let edited = 0;
  let left = children.length;
  for (const { exited } of children)
    void exited.then(() => {
      left -= 1;
    });
  let seen = 0n;
  while (left > 0) {
    try {
      const { ino } = lstatSync(place, { bigint: true });
      if (ino !== seen) {
        chmodSync(place, 0o755);
        writeFileSync(join(place, `edit-${edited}`), '');
        edited += 1;
        seen = ino;
      }
    } catch {
      // It is set aside at this moment.
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const reports = await Promise.all(
    children.map(async ({ lines }): Promise<Report> => reportIn((await lines.next()).value ?? '')),
  );
  expect(
    reports.flatMap(({ failures }) => failures.filter((failure) => !failure.includes('changes all the time'))),
  ).toEqual([]);
  const registry = openRegistry({ folder, tools: store.tools, onProblem: () => undefined });
  await registry.load('shared');
  await registry.close();
  expect(edited).toBeGreaterThan(3);
  const aside = readdirSync(join(folder, 'shared')).filter((name) => name !== '1.0.0');
  expect(aside.filter((name) => !name.startsWith('1.0.0.edited-'))).toEqual([]);
  for (const name of aside) {
    const inside = readdirSync(join(folder, 'shared', name));
    expect(
      inside.some((one) => one.startsWith('edit-')),
      `${name}: ${inside.join()}`,
    ).toBe(true);
  }
  expect(readdirSync(place).sort()).toEqual(['index.mjs', 'test', 'tool.json']);
}, 30_000);
