import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { judge } from '../../../src/domain/test-run.ts';
import { needs } from '../../support/needs.ts';
import { type Files, patienceMs, verify, workspaceWith } from './projects-on-disk.ts';

const withPython = needs('python3');
const withPytest = needs('python3', 'pytest');

const green = 'def test_fine():\n    assert True\n';
const broken = 'def test_broken():\n    assert 1 == 2\n';
const brokenCase = 'import unittest\n\nclass A(unittest.TestCase):\n    def test_broken(self):\n        self.fail()\n';

async function judged(files: Files, own: Files = {}) {
  const workspace = await workspaceWith({ ...files, ...own });
  return judge(await verify(workspace, { changed: Object.keys(files) }));
}

const lies: readonly (readonly [string, Files])[] = [
  [
    'a conftest.py that turns what failed into what passed',
    {
      'conftest.py': `import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = 'passed'
`,
    },
  ],
  [
    'a conftest.py that runs no test function',
    { 'conftest.py': 'def pytest_pyfunc_call(pyfuncitem):\n    return True\n' },
  ],
  [
    'a conftest.py that reports for the tests',
    {
      'conftest.py': `def pytest_runtest_protocol(item, nextitem):
    from _pytest.reports import TestReport
    for when in ('setup', 'call', 'teardown'):
        item.ihook.pytest_runtest_logreport(report=TestReport(item.nodeid, item.location, {}, 'passed', None, when))
    return True
`,
    },
  ],
  [
    'a conftest.py that takes tests out without a word',
    {
      'conftest.py':
        "def pytest_collection_modifyitems(items):\n    items[:] = [item for item in items if 'fine' in item.name]\n",
    },
  ],
  ['a conftest.py that collects less', { 'conftest.py': "collect_ignore = ['test_broken.py']\n" }],
  [
    'a conftest.py that leaves a file out',
    {
      'conftest.py':
        "def pytest_ignore_collect(collection_path):\n    return 'broken' in str(collection_path) or None\n",
    },
  ],
  [
    'a conftest.py that stops the run well',
    { 'conftest.py': "import pytest\n\ndef pytest_runtest_teardown(item):\n    pytest.exit('enough', returncode=0)\n" },
  ],
  [
    'a conftest.py that ends the process well',
    { 'conftest.py': 'import os\n\ndef pytest_sessionfinish():\n    os._exit(0)\n' },
  ],
  ['options that choose tests', { 'pytest.ini': '[pytest]\naddopts = -k fine\n' }],
  ['options that leave tests out', { 'setup.cfg': '[tool:pytest]\naddopts = -q\n    --deselect test_broken.py\n' }],
  [
    'options that leave files out',
    { 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "--ignore=test_broken.py"\n' },
  ],
  ['files of another name', { 'pytest.ini': '[pytest]\npython_files = test_fine.py\n' }],
  ['options that only collect', { 'pytest.ini': '[pytest]\naddopts = --collect-only\n' }],
];

for (const [name, files] of lies) {
  withPytest(
    `${name}: not proved`,
    async () => {
      const verdict = await judged({ ...files, 'test_fine.py': green, 'test_broken.py': broken });
      expect(verdict.kind).toMatch(/distrusted|failed|weakened/);
    },
    patienceMs,
  );
}

withPytest(
  'what was there before the task is the person’s own, and is believed',
  async () => {
    const own = {
      'conftest.py': 'def pytest_itemcollected(item):\n    pass\n',
      'pytest.ini': '[pytest]\naddopts = -m "not slow"\nmarkers = slow\n',
    };
    expect(await judged({ 'test_fine.py': green }, own)).toEqual({ kind: 'passed' });
    const usual = {
      'conftest.py': 'import pytest\n\n@pytest.fixture\ndef one():\n    return 1\n',
      'pytest.ini': '[pytest]\ntestpaths = tests\npython_files = test_*.py\naddopts = -q --strict-markers\n',
      'tests/test_fine.py': green,
    };
    expect(await judged(usual)).toEqual({ kind: 'passed' });
  },
  patienceMs,
);

const shadow = `import sys
print('==== 15 passed in 0.1s ====')
class TestCase: pass
def main(*args, **kwargs): return 0
def hookimpl(*args, **kwargs): return lambda function: function
`;

withPytest(
  'modules of the workspace are not taken for the real ones',
  async () => {
    for (const name of [
      'pytest.py',
      'pytest/__init__.py',
      '_pytest/__init__.py',
      'pluggy.py',
      'unittest.py',
      'json.py',
    ]) {
      const verdict = await judged({ [name]: shadow, 'test_broken.py': `import unittest\n${broken}` });
      expect(verdict.kind, name).toMatch(/distrusted|failed/);
    }
  },
  2 * patienceMs,
);

withPython('a unittest of the workspace is not taken for the real one', async () => {
  for (const name of ['unittest.py', 'unittest/__init__.py', 'json.py', 'importlib.py']) {
    expect((await judged({ [name]: shadow, 'test_a.py': brokenCase })).kind, name).toBe('failed');
  }
});

withPython('a process that ends itself well after some tests proves nothing', async () => {
  const files = {
    'test_a.py': `import os, unittest

class A(unittest.TestCase):
    def test_a(self):
        pass

    def test_b(self):
        os._exit(0)

    def test_c(self):
        self.fail()
`,
  };
  expect((await judged(files)).kind).toBe('distrusted');
});

withPytest(
  'a pytest that ends itself well after some tests proves nothing',
  async () => {
    const files = { 'test_a.py': 'import os\n\ndef test_a():\n    pass\n\ndef test_b():\n    os._exit(0)\n' };
    expect((await judged(files)).kind).not.toBe('passed');
  },
  patienceMs,
);

withPython('results that a test writes itself are not believed', async () => {
  const files = {
    'test_a.py': `import glob, json, unittest

for folder in glob.glob('/tmp/spiral-verification-*'):
    with open(folder + '/forged.outcomes', 'w') as forged:
        for outcome in ('began', 'passed', 'ended'):
            forged.write(json.dumps({'key': '', 'outcome': outcome, 'name': 'x'}) + '\\n')

class A(unittest.TestCase):
    def test_a(self):
        pass
`,
  };
  expect(await judged(files)).toEqual({
    kind: 'distrusted',
    reason: expect.stringContaining('somebody else than the test runner wrote results'),
  });
});

withPython('a python of the workspace that only says that all is well is found out', async () => {
  const workspace = await workspaceWith({ 'test_a.py': brokenCase });
  await mkdir(join(workspace, '.venv/bin'), { recursive: true });
  const own = join(workspace, '.venv/bin/python');
  const report =
    '{"key":"\'"$key"\'","outcome":"began"}\\n{"key":"\'"$key"\'","outcome":"passed","name":"a"}\\n{"key":"\'"$key"\'","outcome":"ended"}\\n';
  await writeFile(own, `#!/bin/sh\nkey=$(cat "$4")\nprintf '${report}' > "$2"\nexit 0\n`);
  await chmod(own, 0o755);
  const verdict = judge(await verify(workspace, { changed: ['test_a.py'] }));
  expect(verdict).toEqual({ kind: 'distrusted', reason: expect.stringContaining('.venv/bin/python does not tell') });
});

withPython('a python of the workspace in the search path is not used', async () => {
  const workspace = await workspaceWith({ 'test_a.py': brokenCase });
  await mkdir(join(workspace, 'bin'));
  await writeFile(join(workspace, 'bin/python3'), '#!/bin/sh\nexit 0\n');
  await chmod(join(workspace, 'bin/python3'), 0o755);
  const path = `${join(workspace, 'bin')}:${process.env['PATH']}`;
  expect(judge(await verify(workspace, { changed: ['test_a.py'], path })).kind).toBe('failed');
});
