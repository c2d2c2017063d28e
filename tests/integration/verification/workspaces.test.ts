import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { failuresOf } from '../../../src/workspace/verification/failures.ts';
import { needs } from '../../support/needs.ts';
import { countsOf, patienceMs, verify, workspaceWith } from './projects-on-disk.ts';

const nodeTest = (name: string) => `import { test } from 'node:test';\ntest(${JSON.stringify(name)}, () => {});\n`;
const unittest = 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n';
const package_ = (name: string, script?: string) =>
  JSON.stringify({ name, type: 'module', ...(script ? { scripts: { test: script } } : {}) });

needs('npm', 'python3')(
  'in a workspace of several projects, only those that the change touches are tested',
  async () => {
    const workspace = await workspaceWith({
      'web/package.json': package_('web', 'node --test'),
      'web/a.test.js': nodeTest('web'),
      'scripts/tool.py': '',
      'scripts/test_tool.py': unittest,
      'crate/Cargo.toml': '[package]\nname = "never-built"\n',
      'other/package.json': package_('other', 'exit 1'),
    });
    const report = await verify(workspace, { changed: ['web/src/index.js', 'scripts/tool.py'] });
    expect(countsOf(report)).toMatchObject([
      { command: 'python3 -m unittest', directory: 'scripts', passed: 1 },
      { command: 'npm test', directory: 'web', passed: 1 },
    ]);
  },
);

needs('npm', 'python3')(
  'a folder of two languages is tested in both, and one red run makes the report red',
  async () => {
    const workspace = await workspaceWith({
      'package.json': package_('both', 'node --test'),
      'a.test.js': nodeTest('one'),
      'pyproject.toml': '[project]\nname = "both"\n',
      'tests/test_a.py': unittest.replace('pass', 'self.fail("broken")'),
    });
    const report = await verify(workspace, { changed: ['README.md'] });
    expect(countsOf(report)).toMatchObject([
      { command: 'npm test', passed: 1, failed: 0 },
      { command: 'python3 -m unittest', passed: 0, failed: 1 },
    ]);
    expect(judge(report).kind).toBe('failed');
    expect(failuresOf(report)).toContain('broken');
    expect(failuresOf(report)).not.toContain('npm test');
  },
);

needs('npm')('a nested project is tested with the one around it', async () => {
  const workspace = await workspaceWith({
    'package.json': package_('outer', 'node --test outer.test.js'),
    'outer.test.js': nodeTest('outer'),
    'client/package.json': package_('client', 'node --test'),
    'client/client.test.js': nodeTest('client'),
  });
  expect(countsOf(await verify(workspace, { changed: ['client/index.js'] }))).toMatchObject([
    { directory: '.', passed: 1 },
    { directory: 'client', passed: 1 },
  ]);
  expect(countsOf(await verify(workspace, { changed: ['index.js'] }))).toMatchObject([{ directory: '.', passed: 1 }]);
});

const junit =
  '<testsuite name="s"><testcase name="a"/><testcase name="b"><failure message="no">why</failure></testcase></testsuite>';
const configured = (command: string, report?: string) => ({
  configured: { command, ...(report === undefined ? {} : { junit: report }) },
});

test('a configured command replaces what would be found, and its exit code decides', async () => {
  const workspace = await workspaceWith({
    'a.test.mjs': nodeTest('never run'),
    'check.sh': 'echo checked; exit "$1"\n',
  });
  const green = await verify(workspace, configured('sh check.sh 0 && echo "it\'s $((1 + 1))"'));
  expect(countsOf(green)).toMatchObject([{ directory: '.', passed: 0, exitCode: 0, evidence: 'exit-code' }]);
  expect(green.runs[0]?.output).toBe("checked\nit's 2\n");
  expect(judge(green).kind).toBe('passed');

  const red = await verify(workspace, configured('sh check.sh 3'));
  expect(countsOf(red)).toMatchObject([{ command: 'sh check.sh 3', exitCode: 3, evidence: 'exit-code' }]);
  expect(judge(red).kind).toBe('failed');
});

test('a JUnit report that the configured command wrote is counted', async () => {
  const workspace = await workspaceWith({ 'made.xml': junit });
  const report = await verify(workspace, configured('mkdir -p out && cat made.xml > out/report.xml', 'out/report.xml'));
  expect(countsOf(report)).toMatchObject([{ passed: 1, failed: 1, exitCode: 0, evidence: 'report' }]);
  expect(judge(report).kind).toBe('failed');
  expect(failuresOf(report)).toContain('- b\n    why');
});

test('a JUnit report from an earlier run is not counted, also when it is moved into place', async () => {
  const workspace = await workspaceWith({ 'report.xml': junit.replace(/<failure.*failure>/, ''), 'old.xml': junit });
  for (const command of ['true', 'touch -d "2 hours ago" old.xml && mv old.xml report.xml']) {
    const report = await verify(workspace, configured(command, 'report.xml'));
    expect(countsOf(report), command).toMatchObject([{ passed: 0, failed: 0, evidence: 'exit-code' }]);
  }
});

test('a JUnit report outside the workspace is refused, directly and through a link', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'outside '));
  onTestFinished(() => rm(outside, { recursive: true, force: true }));
  await writeFile(join(outside, 'report.xml'), junit);
  const workspace = await workspaceWith({ 'a.txt': '' });
  await mkdir(join(workspace, 'reports'));
  await symlink(outside, join(workspace, 'reports/link'));
  await symlink(join(outside, 'later.xml'), join(workspace, 'reports/dangling.xml'));

  const command = `cp ${JSON.stringify(join(outside, 'report.xml'))} ${JSON.stringify(join(outside, 'later.xml'))}`;
  for (const path of ['../report.xml', '/etc/hostname', 'reports/link/report.xml', 'reports/dangling.xml', '.']) {
    const report = await verify(workspace, configured(command, path));
    expect(report.runs, path).toEqual([]);
    expect(report.notRun, path).toEqual([
      { directory: '.', reason: `the configured test report ${path} leaves the workspace` },
    ]);
  }

  const made = await verify(workspace, configured(`ln -s ${JSON.stringify(outside)} made`, 'made/report.xml'));
  expect(made.runs).toEqual([]);
  expect(judge(made).kind).toBe('not-run');
});

test('a report that is a bomb, a pipe or far too large counts nothing and holds nothing up', async () => {
  const entities = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index, all) => {
    const below = all[index - 1];
    return `<!ENTITY ${name} "${below ? `&${below};`.repeat(10) : 'ha'.repeat(10)}">`;
  });
  const bomb = `<!DOCTYPE t [${entities.join('')}]><testsuite><testcase name="&h;"/></testsuite>`;
  const workspace = await workspaceWith({ 'bomb.xml': bomb });
  const exploded = await verify(workspace, configured('cat bomb.xml > report.xml', 'report.xml'));
  expect(countsOf(exploded)).toMatchObject([{ passed: 1, failed: 0, evidence: 'report' }]);

  const large = await verify(workspace, configured('truncate -s 100M large.xml', 'large.xml'));
  expect(countsOf(large)).toMatchObject([{ passed: 0, evidence: 'exit-code' }]);

  const pipe = await verify(workspace, configured('mkfifo pipe.xml', 'pipe.xml'));
  expect(countsOf(pipe)).toMatchObject([{ passed: 0, evidence: 'exit-code' }]);
});

test(
  'output without end is bounded',
  async () => {
    const workspace = await workspaceWith({ 'a.txt': '' });
    const report = await verify(workspace, configured('head -c 20000000 /dev/zero | tr "\\0" x; exit 1'));
    expect(report.runs[0]?.output.length).toBeLessThan(1_100_000);
    expect(failuresOf(report).length).toBeLessThan(6200);
  },
  patienceMs,
);
