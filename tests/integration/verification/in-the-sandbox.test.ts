import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { openView } from '../../../src/sandbox/confinement/open-view.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { nameOfWorkspace } from '../../../src/workspace/workspace-name.ts';
import { needs } from '../../support/needs.ts';
import { countsOf, type Files, patienceMs, verify, workspaceWith } from './projects-on-disk.ts';

/** The real sandbox with the toolchains of this machine, and a private home for the workspace. */
async function confined(files: Files) {
  const stateRoot = await realpath(await mkdtemp(join(tmpdir(), 'spiral-state-')));
  const runFile = openRunFile(stateRoot);
  const environment = { PATH: process.env['PATH'] ?? '', HOME: homedir() };
  const view = await openView({ home: homedir(), stateRoot, environment });
  const sandbox = openProcessSandbox('bubblewrap', runFile, { view });
  onTestFinished(async () => {
    sandbox.killAll();
    runFile.close();
    await rm(stateRoot, { recursive: true, force: true });
  });
  const workspace = await workspaceWith(files);
  const privateHome = join(stateRoot, 'homes', nameOfWorkspace(workspace));
  await mkdir(privateHome, { recursive: true });
  return {
    privateHome,
    workspace,
    verify: () => verify(workspace, { changed: Object.keys(files), run: sandbox.run, environment }),
  };
}

const projects: readonly (readonly ['npm' | 'pytest' | 'python3' | 'cargo' | 'go', Files])[] = [
  [
    'npm',
    {
      'package.json': '{"name":"a","type":"module","scripts":{"test":"node --test"}}',
      'a.test.js': `import { test } from 'node:test';\ntest('one', () => {});\n`,
    },
  ],
  ['pytest', { 'test_a.py': 'def test_a():\n    pass\n' }],
  ['python3', { 'test_a.py': 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n' }],
  ['cargo', { 'Cargo.toml': '[package]\nname = "one"\nversion = "0.1.0"\n', 'src/lib.rs': '#[test] fn a() {}\n' }],
  [
    'go',
    {
      'go.mod': 'module example.com/a\n\ngo 1.19\n',
      'a_test.go': 'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n',
    },
  ],
];

for (const [need, files] of projects) {
  needs('bwrap', need)(
    `tests that need ${need} run in the sandbox, and are believed`,
    async () => {
      const report = await (await confined(files)).verify();
      expect(report.runs[0]?.output ?? report.notRun).toBeDefined();
      expect(countsOf(report)).toMatchObject([{ passed: 1, failed: 0, exitCode: 0, evidence: 'report' }]);
      expect(judge(report)).toEqual({ kind: 'passed' });
    },
    patienceMs,
  );
}

needs('bwrap', 'cargo')(
  'settings that an agent left in the private home are told',
  async () => {
    const { privateHome, verify } = await confined(projects[3]?.[1] ?? {});
    await mkdir(join(privateHome, '.cargo'));
    await writeFile(join(privateHome, '.cargo/config.toml'), '[build]\nrustflags = ["--cap-lints", "allow"]\n');
    expect(judge(await verify())).toEqual({
      kind: 'distrusted',
      reason: '~/.cargo/config.toml may steer what runs the tests',
    });
  },
  patienceMs,
);

needs('bwrap')('a test reaches neither the home nor a server of this machine', async () => {
  const outside = join(homedir(), `spiral-was-here-${process.pid}`);
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { verify } = await confined({
    'a.test.mjs': `import { test } from 'node:test';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
writeFileSync(${JSON.stringify(outside)}, '');
test('network', (_, done) => connect(${port}, '127.0.0.1').on('error', done).on('connect', () => done()));\n`,
  });
  expect(countsOf(await verify())).toMatchObject([{ passed: 0, failed: 1 }]);
  expect(existsSync(outside)).toBe(false);
});
