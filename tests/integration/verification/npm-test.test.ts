import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { failuresOf } from '../../../src/workspace/verification/failures.ts';
import { needs } from '../../support/needs.ts';
import { borrowPackages, countsOf, verify, workspaceWith } from './projects-on-disk.ts';

const withNpm = needs('npm');
const green = `import { test } from 'node:test';\ntest('one', () => {});\n`;
const red = `import { test } from 'node:test';\ntest('broken', () => { throw new Error('boom'); });\n`;
const manifest = (script: string, more: object = {}) =>
  JSON.stringify({ name: 'sample', type: 'module', scripts: { test: script }, ...more });

withNpm('a test script with a build step is run as it stands and its tests are counted', async () => {
  const workspace = await workspaceWith({
    'package.json': JSON.stringify({
      name: 'sample',
      type: 'module',
      scripts: {
        build: 'node build.js',
        test: 'npm run build && node --test built/a.test.js && node --test built/b.test.js',
      },
    }),
    'build.js': `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('built', { recursive: true });
for (const name of ['a', 'b']) writeFileSync('built/' + name + '.test.js', ${JSON.stringify(green)});\n`,
  });
  const report = await verify(workspace, { changed: ['build.js'] });
  expect(countsOf(report)).toEqual([
    { command: 'npm test', directory: '.', passed: 2, failed: 0, skipped: 0, exitCode: 0, evidence: 'report' },
  ]);
});

withNpm('a script that runs a file with node:test in it is counted', async () => {
  const workspace = await workspaceWith({ 'package.json': manifest('node check.js'), 'check.js': green });
  expect(countsOf(await verify(workspace))).toMatchObject([{ passed: 1, failed: 0, evidence: 'report' }]);
});

withNpm('a script that chooses its own reporter keeps it and is counted', async () => {
  const file = `import { test } from 'node:test';\ntest('one', () => {});\ntest('two', () => {});\n`;
  for (const [script, printed] of [
    ['node --test --test-reporter=tap', '# pass 2'],
    ['node --test --test-reporter dot a.test.js && node --test a.test.js', '..'],
    ['node --test --test-reporter=tap --test-reporter-destination=out.tap && cat out.tap', '# pass 2'],
    ['node --test-reporter=tap a.test.js', '# pass 2'],
  ] as const) {
    const workspace = await workspaceWith({ 'package.json': manifest(script), 'a.test.js': file });
    const report = await verify(workspace);
    const runs = script.includes('dot') ? 2 : 1;
    expect(countsOf(report), script).toMatchObject([{ passed: 2 * runs, failed: 0, exitCode: 0, evidence: 'report' }]);
    expect(report.runs[0]?.output).toContain(printed);
  }
  const red = await workspaceWith({
    'package.json': manifest('node --test --test-reporter=tap'),
    'a.test.js': `import { test } from 'node:test';\ntest('broken', () => { throw new Error('boom'); });\n`,
  });
  expect(countsOf(await verify(red))).toMatchObject([{ passed: 0, failed: 1, exitCode: 1 }]);
});

withNpm('a red script is red', async () => {
  const workspace = await workspaceWith({ 'package.json': manifest('node --test'), 'a.test.js': red });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 0, failed: 1, exitCode: 1, evidence: 'report' }]);
  expect(failuresOf(report)).toContain('boom');
});

withNpm('a script that only ends well proves nothing', async () => {
  const workspace = await workspaceWith({ 'package.json': manifest('exit 0'), 'a.test.js': red });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ command: 'npm test', passed: 0, exitCode: 0, evidence: 'none' }]);
  expect(judge(report)).toEqual({ kind: 'no-tests', reason: '`npm test` gave no count of its tests' });
});

withNpm('a script that prints the summary of a runner proves nothing either', async () => {
  const workspace = await workspaceWith({
    'package.json': manifest("echo '# pass 12'; echo ' Tests  12 passed (12)'"),
  });
  expect(countsOf(await verify(workspace))).toMatchObject([{ passed: 0, evidence: 'none' }]);
});

withNpm('the script that npm init writes is no test script', async () => {
  const script = 'echo "Error: no test specified" && exit 1';
  const workspace = await workspaceWith({ 'package.json': manifest(script), 'a.test.js': green });
  expect(countsOf(await verify(workspace))).toMatchObject([{ command: 'node --test', passed: 1 }]);
});

withNpm('declared packages that were never installed make a run that misses them not run', async () => {
  const files = {
    'package.json': manifest('node --test', { dependencies: { 'left-pad': '1.3.0' } }),
    'a.test.js': `import 'left-pad';\n${green}`,
  };
  const missing = await verify(await workspaceWith(files));
  expect(missing.runs).toEqual([]);
  expect(missing.notRun[0]?.reason).toContain('`npm install` was not run: left-pad');

  const runner = await verify(
    await workspaceWith({ 'package.json': manifest('jest', { devDependencies: { jest: '29' } }) }),
  );
  expect(runner.runs).toEqual([]);
  expect(runner.notRun[0]?.reason).toContain('jest');

  const unneeded = await verify(await workspaceWith({ ...files, 'a.test.js': green }));
  expect(countsOf(unneeded)).toMatchObject([{ passed: 1, exitCode: 0 }]);

  const wrong = await verify(await workspaceWith({ ...files, 'a.test.js': red }));
  expect(judge(wrong).kind).toBe('failed');
});

withNpm('a package.json that is no JSON is red in the words of npm', async () => {
  const workspace = await workspaceWith({ 'package.json': '{ "scripts": ', 'a.test.mjs': green });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ command: 'npm test', evidence: 'none' }]);
  expect(failuresOf(report)).toContain('EJSONPARSE');
});

withNpm('a machine without npm says so', async () => {
  const workspace = await workspaceWith({ 'package.json': manifest('node --test'), 'a.test.js': green });
  const report = await verify(workspace, { path: '/nonexistent' });
  expect(report.notRun).toEqual([{ directory: '.', reason: expect.stringContaining('npm') }]);
});

const vitestSum = `import { expect, test } from 'vitest';
test('adds', () => expect(1 + 1).toBe(2));
test('adds wrongly', () => expect(1 + 1).toBe(3));
test.skip('later', () => {});
test('loud', () => console.log(' Tests  99 passed (99)'));\n`;
const vitestGreen = `import { expect, test } from 'vitest';\ntest('adds', () => expect(1 + 1).toBe(2));\n`;

for (const script of [
  'vitest',
  'echo build && vitest run && echo done',
  'NODE_OPTIONS=--no-warnings vitest run',
  'npm run unit',
]) {
  withNpm(`vitest is counted from its own report in the test script: ${script}`, async () => {
    const scripts = { test: script, unit: 'NODE_OPTIONS= npx vitest run' };
    const workspace = await workspaceWith({ 'package.json': manifest(script, { scripts }), 'sum.test.ts': vitestSum });
    await borrowPackages(workspace);
    const report = await verify(workspace, { changed: ['sum.test.ts'] });
    expect(countsOf(report)).toEqual([
      { command: 'npm test', directory: '.', passed: 2, failed: 1, skipped: 1, exitCode: 1, evidence: 'report' },
    ]);
    expect(failuresOf(report)).toContain('expected 2 to be 3');
  });
}

withNpm('vitest without a test script is run by itself', async () => {
  const workspace = await workspaceWith({
    'package.json': JSON.stringify({ name: 'sample', devDependencies: { vitest: '4' } }),
    'a.test.ts': vitestGreen,
  });
  await borrowPackages(workspace);
  expect(countsOf(await verify(workspace))).toMatchObject([
    { command: 'npx vitest run', passed: 1, failed: 0, exitCode: 0, evidence: 'report' },
  ]);
});

withNpm('vitest that finds no tests is not red', async () => {
  const workspace = await workspaceWith({ 'package.json': manifest('vitest run') });
  await borrowPackages(workspace);
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 0, failed: 0, exitCode: 0 }]);
  expect(judge(report).kind).toBe('no-tests');
});

withNpm('a test file that vitest cannot load is red and named', async () => {
  const workspace = await workspaceWith({
    'package.json': manifest('vitest run'),
    'a.test.ts': vitestGreen,
    'b.test.ts': `import './missing.js';\nconsole.log('No test files found, exiting with code 1');\n`,
  });
  await borrowPackages(workspace);
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 1, failed: 0, exitCode: 1 }]);
  expect(judge(report).kind).toBe('failed');
  expect(failuresOf(report)).toContain("Cannot find module './missing.js'");
});

withNpm('a TypeScript test for node runs with the tsx of the project', async () => {
  const workspace = await workspaceWith({
    'package.json': JSON.stringify({ name: 'sample', type: 'module' }),
    'a.test.ts': `import { test } from 'node:test';\ntest('typed', () => { const one: number = 1; void one; });\n`,
  });
  await borrowPackages(workspace);
  expect(countsOf(await verify(workspace))).toMatchObject([{ command: 'npx tsx --test', passed: 1, exitCode: 0 }]);
});

const standInForJest = `
const { readdirSync, writeFileSync } = require('node:fs');
const { resolve } = require('node:path');
const file = process.argv.find((argument) => argument.startsWith('--outputFile='));
console.log('arguments', process.argv.slice(2).filter((argument) => !argument.startsWith('--outputFile=')).join(' '));
const assertionResults = [];
globalThis.expect = (seen) => ({ toBe(wanted) { if (seen !== wanted) throw new Error('expected ' + wanted); } });
globalThis.test = (fullName, body) => {
  try { body(); assertionResults.push({ fullName, status: 'passed' }); }
  catch (error) { process.exitCode = 1; assertionResults.push({ fullName, status: 'failed', failureMessages: [error.stack] }); }
};
for (const name of readdirSync('.').filter((name) => name.endsWith('.test.js'))) require(resolve(name));
if (file) writeFileSync(file.slice(13), JSON.stringify({ testResults: [{ name: resolve('a.test.js'), status: 'x', assertionResults }] }));
`;

withNpm('jest is asked for its report wherever it stands in a script, and once only', async () => {
  for (const script of [
    'jest --ci',
    'node node_modules/jest/bin/jest.js --ci -- a && echo done',
    'NODE_OPTIONS= npx jest --ci',
  ]) {
    const workspace = await workspaceWith({
      'package.json': JSON.stringify({ name: 'sample', scripts: { test: script }, devDependencies: { jest: '29' } }),
      'a.test.js': `test('one', () => expect(1).toBe(1));\n`,
      'node_modules/jest/package.json': JSON.stringify({ name: 'jest', bin: 'bin/jest.js' }),
      'node_modules/jest/bin/jest.js': `#!/usr/bin/env node\n${standInForJest}`,
    });
    await mkdir(join(workspace, 'node_modules/.bin'));
    await symlink('../jest/bin/jest.js', join(workspace, 'node_modules/.bin/jest'));
    await chmod(join(workspace, 'node_modules/jest/bin/jest.js'), 0o755);
    const report = await verify(workspace);
    expect(countsOf(report), script).toMatchObject([{ passed: 1, failed: 0, exitCode: 0, evidence: 'report' }]);
    expect(report.runs[0]?.output).toMatch(/^arguments --ci --json( -- a)?$/m);
    expect(report.runs[0]?.tests).toEqual([{ name: 'a.test.js > one', outcome: 'passed' }]);
    expect(report.runs[0]?.distrusted).toBeUndefined();
  }
});

const standInForMocha = `
const { EventEmitter } = require('node:events');
const Reporter = require(process.argv[process.argv.lastIndexOf('--reporter') + 1]);
const runner = new EventEmitter();
new Reporter(runner);
const called = (name) => ({ file: process.cwd() + '/a.test.js', fullTitle: () => name });
runner.emit('pass', called('one'));
runner.emit('pending', called('two'));
runner.emit('fail', called('three'), new Error('boom'));
runner.emit('end');
process.exitCode = 1;
`;

withNpm('mocha reports through our reporter, whichever it was told to use', async () => {
  const workspace = await workspaceWith({
    'package.json': JSON.stringify({
      name: 'sample',
      scripts: { test: 'node node_modules/mocha/bin/mocha.js --reporter dot' },
    }),
    'node_modules/mocha/bin/mocha.js': standInForMocha,
  });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 1, failed: 1, skipped: 1, exitCode: 1, evidence: 'report' }]);
  expect(failuresOf(report)).toContain('- three\n    Error: boom');
});
