import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseProjects } from './projects.ts';

async function workspaceWith(...names: readonly (string | readonly [string, string])[]): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'choose ')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const entry of names) {
    const [name, text] = typeof entry === 'string' ? [entry, ''] : entry;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function chosen(workspace: string, ...changed: readonly string[]): Promise<string[]> {
  const { projects } = await chooseProjects(
    workspace,
    changed.map((path) => ({ path, change: 'deleted' })),
  );
  return projects.map(({ kind, directory }) => `${kind} ${directory}`);
}

const tested = JSON.stringify({ name: 'a', scripts: { test: 'node --test' } });
const named = JSON.stringify({ name: 'a' });

test('without a change, the projects at the root are tested', async () => {
  const workspace = await workspaceWith(
    ['package.json', tested],
    'pyproject.toml',
    'tests/test_a.py',
    'inner/go.mod',
    'Cargo.toml',
  );
  expect(await chosen(workspace)).toEqual(['node .', 'python .', 'rust .']);
});

test('a plain folder with tests at any depth counts when nothing was changed', async () => {
  expect(await chosen(await workspaceWith('deep/down/a.test.mjs'))).toEqual(['node .']);
  expect(await chosen(await workspaceWith('deep/down/a.mjs'))).toEqual([]);
});

test('only projects around a changed file are tested, also when the file is gone', async () => {
  const workspace = await workspaceWith('one/test_a.py', 'two/test_b.py', 'two/b.py', ['web/package.json', tested]);
  expect(await chosen(workspace, 'two/gone.py')).toEqual(['python two']);
  expect(await chosen(workspace, 'web/gone/and/more.js')).toEqual(['node web']);
});

test('a change outside of every project tests the root', async () => {
  expect(await chosen(await workspaceWith(['package.json', tested], 'docs/a.md'), 'docs/a.md')).toEqual(['node .']);
});

test('tests in the usual folders belong to the folder around them', async () => {
  const workspace = await workspaceWith(
    'a/src/x.py',
    'a/tests/test_x.py',
    'b/pkg/__init__.py',
    'b/pkg/test_y.py',
    'b/pkg/y.py',
  );
  expect(await chosen(workspace, 'a/src/x.py')).toEqual(['python a']);
  expect(await chosen(workspace, 'b/pkg/y.py')).toEqual(['python b']);
});

test('the outermost package with a test script is tested, and inner ones that it does not cover', async () => {
  const inner = ['packages/a/package.json', tested] as const;
  const separate = await workspaceWith(['package.json', tested], inner);
  expect(await chosen(separate, 'packages/a/x.js')).toEqual(['node .', 'node packages/a']);

  const workspaces = JSON.stringify({ scripts: { test: 'npm test -ws' }, workspaces: ['packages/*'] });
  expect(await chosen(await workspaceWith(['package.json', workspaces], inner), 'packages/a/x.js')).toEqual(['node .']);

  expect(await chosen(await workspaceWith(['package.json', named], inner), 'packages/a/x.js')).toEqual([
    'node packages/a',
  ]);
});

test('a package.json that only names the module system makes no project', async () => {
  const workspace = await workspaceWith(
    ['package.json', tested],
    ['src/package.json', '{"type":"module"}'],
    'src/a.test.js',
  );
  expect(await chosen(workspace, 'src/a.js')).toEqual(['node .']);
});

test('requirements in a folder of tests make no project of it', async () => {
  const workspace = await workspaceWith('pyproject.toml', 'tests/requirements.txt', 'tests/test_a.py', 'a.py');
  expect(await chosen(workspace, 'tests/test_a.py')).toEqual(['python .']);
});

test('the root of a Cargo workspace stands for its members, but not for those it excludes', async () => {
  const workspace = await workspaceWith(
    ['Cargo.toml', '[workspace]\nmembers = ["a"]\nexclude = ["tools"]\n'],
    'a/Cargo.toml',
    'tools/x/Cargo.toml',
  );
  expect(await chosen(workspace, 'a/src/lib.rs')).toEqual(['rust .']);
  expect(await chosen(workspace, 'tools/x/src/main.rs')).toEqual(['rust .', 'rust tools/x']);
});

test('nothing is looked for in folders of installed or built things, nor behind links', async () => {
  const workspace = await workspaceWith(
    'node_modules/x/a.test.js',
    '.venv/test_a.py',
    'target/test_b.py',
    'vendor/c.test.js',
  );
  await symlink(tmpdir(), join(workspace, 'link'));
  await symlink(workspace, join(workspace, 'tests'));
  expect(await chosen(workspace)).toEqual([]);
  expect(await chosen(workspace, 'node_modules/x/a.js', 'link/x.py', '../../etc/passwd', 'vendor/c.js')).toEqual([]);
});

test('the tests of a project leave out those of projects below it', async () => {
  const workspace = await workspaceWith(
    ['package.json', named],
    'a.test.js',
    ['in/package.json', named],
    'in/b.test.js',
  );
  const { projects } = await chooseProjects(workspace, []);
  expect(projects.map(({ tests }) => tests.paths)).toEqual([['a.test.js']]);
});

test('a python project knows which projects below it are tested for themselves', async () => {
  const workspace = await workspaceWith('setup.py', 'test_a.py', 'in/setup.py', 'in/test_b.py');
  const { projects } = await chooseProjects(workspace, [{ path: 'in/b.py', change: 'modified' }]);
  expect(projects.map(({ directory, nested }) => [directory, nested])).toEqual([
    ['.', ['in']],
    ['in', []],
  ]);
});

test('more projects than are tested at a time are named', async () => {
  const folders = Array.from({ length: 15 }, (_, index) => `p${String(index).padStart(2, '0')}`);
  const workspace = await workspaceWith(...folders.map((folder) => [`${folder}/package.json`, tested] as const));
  const { projects, notRun } = await chooseProjects(
    workspace,
    folders.map((folder) => ({ path: `${folder}/x.js`, change: 'created' })),
  );
  expect(projects).toHaveLength(12);
  expect(notRun).toEqual([{ directory: '.', reason: expect.stringContaining('p12 (node), p13 (node), p14 (node)') }]);
});

test('folders deeper than are searched are named', async () => {
  const deep = Array.from({ length: 20 }, (_, index) => `d${index}`).join('/');
  const { projects } = await chooseProjects(await workspaceWith(`${deep}/a.test.js`), []);
  expect(projects[0]?.tests.gap).toContain('deeper than 12 levels');
});

test('three hundred changed folders of one project are looked at quickly', async () => {
  const workspace = await workspaceWith(['package.json', named], 'a.test.js');
  execFileSync('sh', ['-c', 'seq 1 300 | xargs mkdir'], { cwd: workspace });
  const changed = Array.from({ length: 300 }, (_, index) => `${index + 1}/x.js`);
  const startedAt = performance.now();
  expect(await chosen(workspace, ...changed)).toEqual(['node .']);
  expect(performance.now() - startedAt).toBeLessThan(1500);
});

test('everything is all projects at any depth, by the same rules', async () => {
  const workspace = await workspaceWith(
    ['package.json', named],
    'deep/er/pyproject.toml',
    'deep/er/tests/test_a.py',
    'go/go.mod',
    'go/a_test.go',
    'plain/a.test.mjs',
    ['Cargo.toml', '[workspace]\nmembers = ["a"]\n'],
    'a/Cargo.toml',
    ['node_modules/x/package.json', tested],
  );
  const { projects, lookedAt } = await chooseProjects(workspace, 'everything');
  expect(projects.map(({ kind, directory }) => `${kind} ${directory}`)).toEqual([
    'node .',
    'rust .',
    'python deep/er',
    'go go',
  ]);
  expect(lookedAt).toBeUndefined();
});

test('the folders around a change are named, also when they are gone', async () => {
  const { lookedAt } = await chooseProjects(await workspaceWith('a.py'), [
    { path: 'web/gone/x.js', change: 'deleted' },
  ]);
  expect([...(lookedAt ?? [])].sort()).toEqual(['.', 'web', 'web/gone']);
});
