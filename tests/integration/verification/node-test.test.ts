import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { failuresOf } from '../../../src/workspace/verification/failures.ts';
import { needs } from '../../support/needs.ts';
import { countsOf, verify, workspaceWith } from './projects-on-disk.ts';

const green = `import { test } from 'node:test';\ntest('one', () => {});\ntest('two', () => {});\n`;
const red = `import { test } from 'node:test';\nimport assert from 'node:assert';\ntest('adds', () => assert.equal(1 + 1, 3));\n`;

test('a lone test file without a manifest is run and counted', async () => {
  const workspace = await workspaceWith({ 'scraper.test.mjs': green });
  const report = await verify(workspace);
  expect(countsOf(report)).toEqual([
    { command: 'node --test', directory: '.', passed: 2, failed: 0, skipped: 0, exitCode: 0, evidence: 'report' },
  ]);
  expect(judge(report)).toEqual({ kind: 'passed' });
  expect(report.runs[0]?.output).toContain('two');
});

test('a failing test is red and its message reaches the model', async () => {
  const workspace = await workspaceWith({ 'tests/sum.test.mjs': red, 'sum.mjs': '' });
  const report = await verify(workspace, { changed: ['sum.mjs'] });
  expect(countsOf(report)).toMatchObject([{ directory: '.', passed: 0, failed: 1, exitCode: 1 }]);
  expect(judge(report)).toEqual({ kind: 'failed' });
  const told = failuresOf(report);
  expect(told).toContain('- adds');
  expect(told).toContain('2 == 3');
});

test('skipped and planned tests are counted as skipped and prove nothing', async () => {
  const workspace = await workspaceWith({
    'a.test.mjs': `import { describe, test } from 'node:test';
test.skip('later', () => {});
test('todo', { todo: true }, () => { throw new Error('not yet'); });
describe.skip('all of it', () => { test('x', () => {}); });\n`,
  });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 0, failed: 0, skipped: 2, exitCode: 0 }]);
  expect(judge(report).kind).toBe('no-tests');
});

test('a test file without a test in it counts as nothing', async () => {
  const workspace = await workspaceWith({ 'a.test.mjs': 'console.log("all good");\n' });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 0, failed: 0, skipped: 0, exitCode: 0, evidence: 'report' }]);
  expect(judge(report).kind).toBe('no-tests');
});

test('a test file that does not load is red and says why', async () => {
  const workspace = await workspaceWith({ 'a.test.mjs': green, 'b.test.mjs': `import './missing.mjs';\n` });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 2, failed: 1, exitCode: 1 }]);
  expect(failuresOf(report)).toContain('missing.mjs');
});

test('suites are not counted, a suite whose hook fails is named', async () => {
  const workspace = await workspaceWith({
    'a.test.mjs': `import { before, describe, it } from 'node:test';
describe('fine', () => { it('one', () => {}); });
describe('broken', () => { before(() => { throw new Error('hook broke'); }); it('two', () => {}); });\n`,
  });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 1, failed: 1 }]);
  expect(failuresOf(report)).toContain('hook broke');
});

test('what a test prints, and what it starts itself, raises no count', async () => {
  const workspace = await workspaceWith({
    'inner/fixture.mjs': red,
    'a.test.mjs': `import { test } from 'node:test';
import { spawnSync } from 'node:child_process';
const { NODE_TEST_CONTEXT, ...env } = process.env;
test('one', () => {
  console.log('# tests 100');
  console.log('# pass 100');
  console.log('{"outcome":"passed"}');
  spawnSync(process.execPath, ['--test', 'inner/fixture.mjs'], { env, stdio: 'inherit' });
});\n`,
  });
  const report = await verify(workspace);
  expect(report.runs[0]?.output).toContain('# pass 100');
  expect(countsOf(report)).toMatchObject([{ passed: 1, failed: 0, exitCode: 0 }]);
});

test('tests see the environment that they would see without us', async () => {
  const workspace = await workspaceWith({
    'a.test.mjs': `import { test } from 'node:test';
import assert from 'node:assert';
test('environment', () => {
  assert.equal(process.env.NODE_OPTIONS, '--no-warnings');
  assert.deepEqual(Object.keys(process.env).filter((name) => name.startsWith('SPIRAL')), []);
});\n`,
  });
  const report = await verify(workspace, {
    environment: { NODE_OPTIONS: '--no-warnings', NODE_TEST_CONTEXT: 'child' },
  });
  expect(countsOf(report)).toMatchObject([{ passed: 1, failed: 0, exitCode: 0 }]);
});

test('a test that hangs is stopped when its time is up, and is red', async () => {
  const workspace = await workspaceWith({
    'a.test.mjs': `import { test } from 'node:test';\ntest('hangs', () => new Promise(() => setInterval(() => {}, 1000)));\n`,
  });
  const report = await verify(workspace, { timeoutMs: 1500 });
  expect(report.runs).toMatchObject([{ timedOut: true, exitCode: null }]);
  expect(judge(report).kind).toBe('failed');
  expect(failuresOf(report)).toContain('time was up');
});

test('nothing is left in the temporary folder, not even after an abort', async () => {
  const temporary = await workspaceWith({});
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  await verify(await workspaceWith({ 'a.test.mjs': green }));
  expect(readdirSync(temporary)).toEqual([expect.stringContaining('work')]);

  const hanging = await workspaceWith({
    'a.test.mjs': `import { test } from 'node:test';
import { writeFileSync } from 'node:fs';
writeFileSync('started', '');
test('hangs', () => new Promise(() => setInterval(() => {}, 1000)));\n`,
  });
  const abort = new AbortController();
  const running = verify(hanging, { signal: abort.signal });
  await expect.poll(() => readdirSync(hanging), { timeout: 30_000 }).toContain('started');
  expect(readdirSync(temporary).filter((name) => name.startsWith('spiral-verification-'))).toHaveLength(1);
  abort.abort('enough');
  expect(await running).toMatchObject({
    runs: [],
    notRun: [{ directory: '.', reason: 'the tests were stopped before their end' }],
  });
  expect(readdirSync(temporary).filter((name) => name.startsWith('spiral-verification-'))).toEqual([]);
});

test('a verification that is stopped before it begins runs nothing', async () => {
  const workspace = await workspaceWith({
    'a.test.mjs': green,
    'package.json': '{"name":"a","scripts":{"test":"touch ran"}}',
  });
  for (const wish of [{}, { configured: { command: 'touch ran' } }]) {
    const report = await verify(workspace, { ...wish, signal: AbortSignal.abort() });
    expect(report.runs).toEqual([]);
    expect(judge(report)).toEqual({ kind: 'not-run', reason: 'the tests were stopped before their end' });
  }
  expect(readdirSync(workspace)).not.toContain('ran');
});

test('TypeScript tests that nothing can run are reported as not run', async () => {
  const workspace = await workspaceWith({ 'a.test.ts': green, 'b.spec.js': 'describe("x", () => {});\n' });
  const report = await verify(workspace);
  const loadsTypes = ['strip', 'transform'].includes(String(Reflect.get(process.features, 'typescript')));
  expect(report.notRun.map(({ reason }) => reason).join()).toContain('b.spec.js');
  if (!loadsTypes) expect(report.notRun.map(({ reason }) => reason).join()).toContain('a.test.ts');
  expect(judge(report).kind).toBe('not-run');
});

test('a workspace without tests gives an empty report', async () => {
  const workspace = await workspaceWith({ 'readme.md': '# hello\n', 'index.js': '' });
  expect(await verify(workspace, { changed: ['index.js'] })).toMatchObject({ runs: [], notRun: [] });
});

needs('mkfifo')('a pipe that is named like a test holds nothing up', async () => {
  const workspace = await workspaceWith({ 'a.test.mjs': green });
  execFileSync('sh', ['-c', 'mkfifo test.js test_x.py'], { cwd: workspace });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ command: 'node --test', passed: 2, exitCode: 0 }]);
});

needs('mkfifo')('a pipe that is named like a manifest is not waited for', async () => {
  const workspace = await workspaceWith({ 'a.test.mjs': green });
  execFileSync('sh', ['-c', 'mkfifo package.json Cargo.toml setup.cfg'], { cwd: workspace });
  expect(await verify(workspace)).toMatchObject({
    runs: [],
    notRun: [{ directory: '.', reason: 'package.json is not a file that can be read' }],
  });
});

test('a machine without node says so', async () => {
  const workspace = await workspaceWith({ 'a.test.mjs': green });
  const report = await verify(workspace, { path: '/nonexistent' });
  expect(report.runs).toEqual([]);
  expect(report.notRun).toEqual([{ directory: '.', reason: expect.stringContaining('node') }]);
});
