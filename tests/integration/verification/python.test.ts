import { readdirSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { failuresOf } from '../../../src/workspace/verification/failures.ts';
import { needs } from '../../support/needs.ts';
import { countsOf, patienceMs, verify, workspaceWith } from './projects-on-disk.ts';

const withPython = needs('python3');
const withPytest = needs('python3', 'pytest');

const calculator = 'def add(a, b):\n    return a + b\n';
const pytestTests = `import pytest
from calculator import add

def test_adds():
    assert add(1, 1) == 2

@pytest.mark.skip(reason="later")
def test_later():
    pass
`;
const unittestTests = `import unittest
from calculator import add

class Adding(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(add(1, 1), 2)

    @unittest.skip("later")
    def test_later(self):
        pass
`;

withPytest('functions named test run with pytest, without anything left in the workspace', async () => {
  const workspace = await workspaceWith({ 'calculator.py': calculator, 'tests/test_calculator.py': pytestTests });
  const report = await verify(workspace, { changed: ['calculator.py'] });
  expect(countsOf(report)).toEqual([
    { command: 'python3 -m pytest', directory: '.', passed: 1, failed: 0, skipped: 1, exitCode: 0, evidence: 'report' },
  ]);
  expect(judge(report)).toEqual({ kind: 'passed' });
  const left = readdirSync(workspace, { recursive: true, encoding: 'utf8' });
  expect(left.filter((name) => /__pycache__|\.pytest_cache|\.xml$/.test(name))).toEqual([]);
});

withPytest('a failing pytest is red and its message reaches the model', async () => {
  const workspace = await workspaceWith({
    'calculator.py': 'def add(a, b):\n    return a - b\n',
    'test_calculator.py': pytestTests,
    'broken/test_broken.py': 'import nowhere\n\ndef test_x():\n    pass\n',
  });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ failed: 1, evidence: 'report' }]);
  expect(judge(report).kind).toBe('failed');
  expect(failuresOf(report)).toMatch(/assert 0 == 2|No module named 'nowhere'/);
});

withPytest('only skipped tests are not red and prove nothing', async () => {
  const skipped = await verify(
    await workspaceWith({ 'test_a.py': 'import pytest\n\n@pytest.mark.skip\ndef test_a():\n    pass\n' }),
  );
  expect(countsOf(skipped)).toMatchObject([{ passed: 0, skipped: 1, exitCode: 0 }]);
  expect(judge(skipped)).toEqual({ kind: 'no-tests', reason: 'all 1 tests were skipped' });
});

withPytest('a project whose tests hold no test is not red and proves nothing', async () => {
  const none = await verify(await workspaceWith({ 'pytest.ini': '[pytest]\n', 'test_a.py': 'import pytest\n' }));
  expect(countsOf(none)).toMatchObject([{ passed: 0, exitCode: 0, evidence: 'report' }]);
  expect(judge(none).kind).toBe('no-tests');
});

withPytest('a pytest that prints a summary and hangs is stopped and red', async () => {
  const workspace = await workspaceWith({
    'test_a.py':
      'import time\n\ndef test_a():\n    print("==== 9 passed in 0.1s ====", flush=True)\n    time.sleep(600)\n',
  });
  const report = await verify(workspace, { timeoutMs: 2500 });
  expect(report.runs).toMatchObject([{ timedOut: true, exitCode: null, passed: 0 }]);
});

withPython('tests of unittest are counted, in a folder without __init__.py as well', async () => {
  const workspace = await workspaceWith({ 'calculator.py': calculator, 'tests/test_calculator.py': unittestTests });
  const report = await verify(workspace, { changed: ['calculator.py'] });
  expect(countsOf(report)).toEqual([
    {
      command: 'python3 -m unittest',
      directory: '.',
      passed: 1,
      failed: 0,
      skipped: 1,
      exitCode: 0,
      evidence: 'report',
    },
  ]);
});

withPython('every failure of unittest is counted once, and one that does not load is named', async () => {
  const workspace = await workspaceWith({
    'pkg/__init__.py': '',
    'pkg/tests/__init__.py': '',
    'pkg/tests/test_many.py': `import unittest
from pkg import tests

class Many(unittest.TestCase):
    def test_subtests(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertEqual(number, 0)

    def test_error(self):
        raise RuntimeError('boom')

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()

    @unittest.expectedFailure
    def test_unexpected(self):
        pass

    def test_loud(self):
        print('Ran 100 tests in 0.1s')
        print('OK')

class NoStart(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError('cannot start')

    def test_never(self):
        pass
`,
    'other/test_many.py': 'import unittest\nclass Other(unittest.TestCase):\n    def test_other(self):\n        pass\n',
    'test_import.py': 'import unittest\nimport nowhere\n',
    'test_main.py':
      'import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\nunittest.main()\n',
  });
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ passed: 3, failed: 6, skipped: 0, exitCode: 1, evidence: 'report' }]);
  const told = failuresOf(report);
  for (const sign of ['boom', 'cannot start', "No module named 'nowhere'", 'test_main.py'])
    expect(told).toContain(sign);
});

withPython('the python of a virtual environment in the project is used', async () => {
  const workspace = await workspaceWith({ 'test_calculator.py': unittestTests, 'calculator.py': calculator });
  await mkdir(join(workspace, '.venv', 'bin'), { recursive: true });
  const own = join(workspace, '.venv', 'bin', 'python');
  await writeFile(own, '#!/bin/sh\necho "own python"\nexec python3 "$@"\n');
  await chmod(own, 0o755);
  const report = await verify(workspace);
  expect(countsOf(report)).toMatchObject([{ command: '.venv/bin/python -m unittest', passed: 1 }]);
  expect(report.runs[0]?.output).toContain('own python');
});

withPython('tests that need pytest on a python without it are reported as not run', async () => {
  const workspace = await workspaceWith({ 'test_a.py': 'def test_a():\n    pass\n' });
  await mkdir(join(workspace, '.venv', 'bin'), { recursive: true });
  const own = join(workspace, '.venv', 'bin', 'python');
  await writeFile(own, '#!/bin/sh\nexec python3 -I -S "$@"\n');
  await chmod(own, 0o755);
  const report = await verify(workspace);
  expect(report).toMatchObject({
    runs: [],
    notRun: [{ directory: '.', reason: 'the tests need pytest, which is not installed for .venv/bin/python' }],
  });
});

withPython('a test that ends the whole process well leaves no proof', async () => {
  const workspace = await workspaceWith({
    'test_a.py': 'import os, unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        os._exit(0)\n',
  });
  expect(judge(await verify(workspace))).toEqual({
    kind: 'distrusted',
    reason: 'a test runner was ended before it had reported everything',
  });
});

withPython(
  'a machine without python says so',
  async () => {
    for (const text of [unittestTests, pytestTests]) {
      const workspace = await workspaceWith({ 'test_a.py': text });
      const report = await verify(workspace, { path: '/nonexistent' });
      expect(report.runs).toEqual([]);
      expect(report.notRun).toEqual([{ directory: '.', reason: expect.stringContaining('python3') }]);
    }
  },
  patienceMs,
);
