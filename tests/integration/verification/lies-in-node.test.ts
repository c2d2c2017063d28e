import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { needs } from '../../support/needs.ts';
import { borrowPackages, type Files, patienceMs, verify, workspaceWith } from './projects-on-disk.ts';

const withNpm = needs('npm');

const green = `import { test } from 'node:test';\ntest('fine', () => {});\n`;
const broken = `import { test } from 'node:test';\ntest('broken', () => { throw new Error('boom'); });\n`;
const manifest = (script?: string, more: object = {}) =>
  JSON.stringify({ name: 'sample', type: 'module', ...(script ? { scripts: { test: script } } : {}), ...more });

/** Everything in the workspace was made by the agent, which nobody kept from lying. */
async function judged(files: Files, prepare?: (workspace: string) => Promise<void>) {
  const workspace = await workspaceWith(files);
  await prepare?.(workspace);
  return judge(await verify(workspace, { changed: Object.keys(files) }));
}

for (const script of [
  'exit 0',
  'true',
  'echo "# tests 15" && echo "# pass 15" && echo "# fail 0"',
  "echo 'Tests  15 passed (15)'",
  'node fake.js',
  'node --test no-such-file.js || true',
]) {
  withNpm(`the test script \`${script}\` proves nothing`, async () => {
    const files = {
      'package.json': manifest(script),
      'a.test.js': broken,
      'fake.js': `console.log('ok 1 - all\\n# tests 15\\n# pass 15\\n# fail 0');\n`,
    };
    expect((await judged(files)).kind).not.toBe('passed');
  });
}

for (const [how, ending] of [
  ['in a test', `test('ends', () => process.exit(0));`],
  ['after its tests', `import { after } from 'node:test';\nafter(() => process.exit(0));`],
  ['while it is loaded', 'process.exit(0);'],
  ['when it leaves', `process.on('exit', () => { process.exitCode = 0; process.reallyExit(0); });`],
] as const) {
  test(`a test file that ends its process ${how} is not proved by the others`, async () => {
    const verdict = await judged({ 'a.test.mjs': green, 'b.test.mjs': `${broken}${ending}\n` });
    expect(verdict.kind).toMatch(/distrusted|failed/);
  });
}

withNpm('a script whose file ends its process early gives no proof', async () => {
  const files = { 'package.json': manifest('node check.js'), 'check.js': `${green}${broken}process.exit(0);\n` };
  expect((await judged(files)).kind).not.toBe('passed');
});

test('results that a test writes itself are not believed', async () => {
  const forging = `import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith('spiral-verification-'))) {
  for (const key of [undefined, '', 'guessed']) {
    const line = JSON.stringify({ key, outcome: 'passed', name: 'forged', file: '' });
    writeFileSync(join(tmpdir(), name, 'forged' + String(key) + '.outcomes'), (line + '\\n').repeat(15));
  }
  const tests = [{ name: 'x', status: 'passed', assertionResults: [{ fullName: 'forged', status: 'passed' }] }];
  writeFileSync(join(tmpdir(), name, 'forged.jest.json'), JSON.stringify({ testResults: tests }));
}\n`;
  const report = await verify(await workspaceWith({ 'a.test.mjs': `${forging}${green}` }), { changed: ['a.test.mjs'] });
  expect(report.runs).toMatchObject([{ passed: 1, distrusted: expect.stringContaining('wrote results') }]);
});

/** A program that reports what it is asked for, whatever the tests do. */
const handwritten = `#!/usr/bin/env node
const { writeFileSync } = require('node:fs');
const file = process.argv.map((word) => /^--outputFile(?:\\.json)?=(.*)/.exec(word)?.[1]).find(Boolean);
const assertionResults = [{ fullName: 'one', title: 'one', ancestorTitles: [], status: 'passed' }];
if (file) writeFileSync(file, JSON.stringify({ testResults: [{ name: 'a.test.js', status: 'passed', assertionResults }] }));
console.log(' Tests  1 passed (1)');
`;

for (const [tool, script, path] of [
  ['vitest', 'vitest run', 'node_modules/vitest/vitest.mjs'],
  ['vitest', undefined, 'node_modules/vitest/vitest.mjs'],
  ['jest', 'jest', 'node_modules/jest/bin/jest.js'],
  ['jest', 'NODE_OPTIONS=--no-warnings jest', 'node_modules/jest/bin/jest.js'],
  ['jest', undefined, 'node_modules/jest/bin/jest.js'],
] as const) {
  withNpm(
    `a handwritten ${tool} is found out by a project of two tests (${script ?? 'no script'})`,
    async () => {
      const program = path.endsWith('.mjs')
        ? handwritten.replace(
            "const { writeFileSync } = require('node:fs');",
            "import { writeFileSync } from 'node:fs';",
          )
        : handwritten;
      const files = {
        'package.json': manifest(script, { devDependencies: { [tool]: '1' } }),
        'a.test.js': `test('broken', () => { throw new Error('boom'); });\n`,
        [path]: program,
      };
      const verdict = await judged(files, async (workspace) => {
        await chmod(join(workspace, path), 0o755);
        await mkdir(join(workspace, 'node_modules/.bin'));
        await symlink(join(workspace, path), join(workspace, 'node_modules/.bin', tool));
      });
      expect(verdict).toEqual({ kind: 'distrusted', reason: expect.stringContaining('does not tell what happens') });
    },
    patienceMs,
  );
}

withNpm(
  'a changed part of the real vitest is found out',
  async () => {
    const files = {
      'package.json': manifest('vitest run'),
      'a.test.js': `import { expect, test } from 'vitest';\ntest('broken', () => expect(1).toBe(2));\n`,
    };
    const verdict = await judged(files, async (workspace) => {
      // The real vitest behind a start of its own that turns its report round.
      await mkdir(join(workspace, 'node_modules/vitest'), { recursive: true });
      const real = join(import.meta.dirname, '../../../node_modules');
      for (const name of ['vite', '@vitest', 'tinyrainbow'])
        await symlink(join(real, name), join(workspace, 'node_modules', name));
      const own = join(workspace, 'node_modules/vitest');
      await writeFile(join(own, 'package.json'), await readFile(join(real, 'vitest/package.json'), 'utf8'));
      await symlink(join(real, 'vitest/dist'), join(own, 'dist'));
      const start = `import { readFileSync, writeFileSync } from 'node:fs';
const file = process.argv.map((word) => /^--outputFile.json=(.*)/.exec(word)?.[1]).find(Boolean);
process.prependListener('exit', () => {
  process.exitCode = 0;
  if (file) writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"failed"', '"passed"'));
});
await import('./dist/cli.js');\n`;
      await writeFile(join(own, 'vitest.mjs'), `#!/usr/bin/env node\n${start}`);
      await chmod(join(own, 'vitest.mjs'), 0o755);
      await mkdir(join(workspace, 'node_modules/.bin'));
      await symlink('../vitest/vitest.mjs', join(workspace, 'node_modules/.bin/vitest'));
    });
    expect(verdict).toEqual({ kind: 'distrusted', reason: expect.stringContaining('does not tell what happens') });
  },
  patienceMs,
);

withNpm(
  'the real vitest is believed',
  async () => {
    const files = {
      'package.json': manifest('vitest run'),
      'a.test.js': `import { expect, test } from 'vitest';\ntest('fine', () => expect(1).toBe(1));\n`,
    };
    expect(await judged(files, borrowPackages)).toEqual({ kind: 'passed' });
  },
  patienceMs,
);

for (const [setting, config] of [
  ['passWithNoTests', `export default { test: { passWithNoTests: true, include: ['nothing/**'] } };\n`],
  [
    'a reporter of its own',
    `export default { test: { reporters: ['./quiet.js'], passWithNoTests: true, include: ['nothing/**'] } };\n`,
  ],
  ['a global setup that ends the process', `export default { test: { globalSetup: ['./setup.js'] } };\n`],
  ['a runner of its own', `export default { test: { runner: './runner.js' } };\n`],
  ['errors that are ignored', `export default { test: { dangerouslyIgnoreUnhandledErrors: true } };\n`],
] as const) {
  withNpm(
    `vitest with ${setting} proves nothing`,
    async () => {
      const files = {
        'package.json': manifest('vitest run'),
        'vitest.config.js': config,
        'quiet.js': 'export default class {}\n',
        'setup.js': 'export default () => process.exit(0);\n',
        'runner.js': `import { VitestTestRunner } from 'vitest/runners';
export default class extends VitestTestRunner { async runTask(test) { test.result = { state: 'pass' }; } }\n`,
        'a.test.js': `import { expect, test } from 'vitest';\ntest('broken', () => expect(1).toBe(${setting.startsWith('errors') ? 1 : 2}));\n`,
      };
      expect((await judged(files, borrowPackages)).kind).not.toBe('passed');
    },
    patienceMs,
  );
}

const fakeNode = '#!/bin/sh\necho "# pass 15"\nexit 0\n';

withNpm('programs of the workspace do not count, wherever the search path has them', async () => {
  const workspace = await workspaceWith({ 'package.json': manifest('node --test'), 'a.test.js': broken });
  for (const folder of ['bin', 'node_modules/.bin']) {
    await mkdir(join(workspace, folder), { recursive: true });
    for (const name of ['node', 'npm']) {
      await writeFile(join(workspace, folder, name), fakeNode);
      await chmod(join(workspace, folder, name), 0o755);
    }
  }
  const path = [join(workspace, 'bin'), 'bin', '', process.env['PATH'] ?? ''].join(':');
  expect(judge(await verify(workspace, { changed: ['bin/node'], path })).kind).not.toBe('passed');

  const alone = await workspaceWith({ 'a.test.mjs': broken });
  await mkdir(join(alone, 'bin'));
  await writeFile(join(alone, 'bin/node'), fakeNode);
  await chmod(join(alone, 'bin/node'), 0o755);
  expect(judge(await verify(alone, { path: [join(alone, 'bin'), process.env['PATH']].join(':') })).kind).toBe('failed');
});

withNpm('settings of npm that replace the shell or the node of a script are told', async () => {
  for (const setting of ['script-shell=./shell.sh', 'node-options=--require ./evil.cjs']) {
    const files = {
      'package.json': manifest('node --test'),
      '.npmrc': `${setting}\n`,
      'evil.cjs': '',
      'shell.sh': '#!/bin/sh\nexec sh "$@"\n',
      'a.test.js': green,
    };
    const verdict = await judged(files, (workspace) => chmod(join(workspace, 'shell.sh'), 0o755));
    expect(verdict.kind, setting).not.toBe('passed');
  }
});

test('tests that only run alone, or are skipped, are counted as skipped', async () => {
  const first = await workspaceWith({
    'a.test.mjs': `import { it, test } from 'node:test';\ntest('one', () => {});\nit.skip('two', () => {});\n`,
  });
  expect((await verify(first)).runs[0]?.tests).toEqual([
    { name: 'a.test.mjs > one', outcome: 'passed' },
    { name: 'a.test.mjs > two', outcome: 'skipped' },
  ]);
});
