import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { compareTests, remember } from '../../../src/domain/test-comparison.ts';
import { judge } from '../../../src/domain/test-run.ts';
import type { CommandResult, Launch } from '../../../src/sandbox/sandbox.ts';
import { needs } from '../../support/needs.ts';
import { plainRun } from '../../support/plain-sandbox.ts';
import { verify, workspaceWith } from './projects-on-disk.ts';

const green = `import { test } from 'node:test';\ntest('one', () => {});\n`;

test('every program of a verification is confined to the workspace and its results, without network', async () => {
  const launches: Launch[] = [];
  const workspace = await workspaceWith({ 'a.test.mjs': green });
  await verify(workspace, {
    task: 'k3v9x2mq' as TaskId,
    run: (launch, limits, signal) => {
      launches.push(launch);
      return plainRun(launch, limits, signal);
    },
  });
  expect(launches.length).toBeGreaterThan(1);
  for (const { confinement, taskId, purpose } of launches) {
    expect({ taskId, purpose }).toEqual({ taskId: 'k3v9x2mq', purpose: 'tests of task k3v9x2mq' });
    expect(confinement).toMatchObject({
      network: 'none',
      home: expect.stringMatching(/^[0-9a-f]{24}$/),
      resources: { memoryBytes: 4 * 1024 ** 3, processes: 512, fileBytes: 1024 ** 3 },
    });
    expect(confinement?.writable[0]).toBe(workspace);
    for (const folder of confinement?.writable.slice(1) ?? []) expect(folder).toContain('spiral-verification-');
  }
});

test('a run that a limit ended is red and says which', async () => {
  for (const limit of ['memory', 'processes', 'file-size'] as const) {
    const report = await verify(await workspaceWith({ 'a.test.mjs': green }), {
      run: async (launch, limits, signal): Promise<CommandResult> => ({
        ...(await plainRun(launch, limits, signal)),
        limit,
      }),
    });
    expect(report.runs).toMatchObject([{ limit, exitCode: 0, passed: 1 }]);
    expect(judge(report)).toEqual({ kind: 'failed' });
  }
});

test('folders of the search path that this machine does not have are not searched', async () => {
  const workspace = await workspaceWith({ 'a.test.mjs': green });
  const seen: (string | undefined)[] = [];
  await verify(workspace, {
    path: `/nonexistent/bin:${join(workspace, 'bin')}:relative::${process.env['PATH']}`,
    run: (launch, limits, signal) => {
      seen.push(launch.env['PATH']);
      return plainRun(launch, limits, signal);
    },
  });
  for (const path of seen) expect(path).not.toMatch(/nonexistent|work'space|relative|::|^:|:$/);
});

test('settings that were planted in the private home are told, the person’s own are not', async () => {
  const files = { 'a.test.mjs': green };
  const home = await workspaceWith({ '.cargo/config.toml': '' });
  const own = await verify(await workspaceWith(files), { environment: { HOME: home } });
  expect(judge(own)).toEqual({ kind: 'passed' });

  // What a private home shows in the place of the home is not what we see there.
  const privateHome = await workspaceWith({
    '.cargo/config.toml': '',
    '.local/lib/python3.11/site-packages/sitecustomize.py': '',
  });
  const planted = await verify(await workspaceWith(files), {
    environment: { HOME: home },
    run: async (launch, limits, signal) => {
      const result = await plainRun({ ...launch, env: { ...launch.env, HOME: privateHome } }, limits, signal);
      return { ...result, output: result.output.replaceAll(privateHome, home) };
    },
  });
  expect(judge(planted)).toEqual({
    kind: 'distrusted',
    reason:
      '~/.cargo/config.toml may steer what runs the tests; ~/.local/lib/python3.11/site-packages/sitecustomize.py may steer what runs the tests',
  });
});

needs('python3')('tests of a whole project that are deleted are missing from the next report', async () => {
  const unittest = 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n';
  const workspace = await workspaceWith({ 'a.test.mjs': green, 'py/setup.py': '', 'py/test_a.py': unittest });
  const before = remember(await verify(workspace, { changed: 'everything' }));
  expect(before.tests).toEqual([
    { name: 'a.test.mjs > one', outcome: 'passed' },
    { name: 'py/: test_a.py > A.test_a', outcome: 'passed' },
  ]);

  const untouched = await verify(workspace, { changed: ['a.mjs'] });
  expect(judge(untouched, { baseline: before })).toEqual({ kind: 'passed' });

  await rm(join(workspace, 'py/test_a.py'));
  await mkdir(join(workspace, 'py/empty'));
  const weakened = await verify(workspace, { changed: ['py/test_a.py'] });
  expect(compareTests(before, weakened).disappeared.tests).toEqual(['py/: test_a.py > A.test_a']);
  expect(judge(weakened, { baseline: before }).kind).toBe('weakened');
});
