import { expect, test } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { type Files, verify, workspaceWith } from './projects-on-disk.ts';

async function judged(command: string, files: Files, changed: readonly string[]) {
  return judge(await verify(await workspaceWith(files), { changed, configured: { command } }));
}

const touched = (command: string, path: string) => ({
  kind: 'distrusted',
  reason: `\`${command}\` runs ${path}, which was changed in this task`,
});

test('a configured command that runs what the task has changed is told', async () => {
  for (const [command, files, path] of [
    ['make check', { Makefile: 'check:\n\ttrue\n' }, 'Makefile'],
    ['cd sub && make', { 'sub/Makefile': 'all:\n\ttrue\n' }, 'sub/Makefile'],
    ['./check.sh', { 'check.sh': '' }, 'check.sh'],
    ['sh "scripts/my check.sh" --all', { 'scripts/my check.sh': 'exit 0\n' }, 'scripts/my check.sh'],
    ['echo start; sh check.sh || exit 1', { 'check.sh': 'exit 0\n' }, 'check.sh'],
    [
      'env CI=1 npm run --silent check',
      { 'package.json': '{"name":"a","scripts":{"check":"exit 0"}}' },
      'package.json',
    ],
    ['node tools/check.mjs', { 'tools/check.mjs': '' }, 'tools/check.mjs'],
  ] as const) {
    const quiet = command.startsWith('./') ? 'sh check.sh' : command;
    expect(await judged(quiet, files, Object.keys(files)), command).toEqual(touched(quiet, path));
    expect(await judged(quiet, files, ['other.js']), command).toEqual({ kind: 'passed' });
  }
});

test('what nobody keeps track of is not the person’s own', async () => {
  const files = { '.gitignore': 'check.sh\n', 'check.sh': 'exit 0\n' };
  expect(await judged('sh check.sh', files, ['a.js'])).toEqual(touched('sh check.sh', 'check.sh'));
});

test('a configured command that names tests is not told for them', async () => {
  const files = { 'a.test.mjs': `import { test } from 'node:test';\ntest('one', () => {});\n` };
  expect(await judged('node --test a.test.mjs', files, ['a.test.mjs'])).toEqual({ kind: 'passed' });
});

test('before the task nothing is known to be the person’s own', async () => {
  const workspace = await workspaceWith({ 'check.sh': 'exit 0\n' });
  const report = await verify(workspace, { changed: 'everything', configured: { command: 'sh check.sh' } });
  expect(report.runs).toMatchObject([{ exitCode: 0, distrusted: expect.stringContaining('check.sh') }]);
});
