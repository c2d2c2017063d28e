import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../project.ts';
import { nameIn } from '../reading/names.ts';
import { outcomeFileEnding, readOutcomes } from '../reading/outcome-lines.ts';
import type { Suite } from '../runner.ts';
import { pythonCanary } from '../trust/python-canary.ts';
import { type PythonTests, pythonEnvironment, shownInterpreter } from './python-tests.ts';
import { unittestProgram } from './unittest-program.ts';

/** unittest over the files that hold its tests, by a small program of ours. */
export function unittestSuite(project: Project, tests: PythonTests): Suite {
  const shown = shownInterpreter(tests);
  const suite = unittestRun(project.path, tests.interpreter, tests.files.unittest);
  return {
    ...suite,
    kind: 'suite',
    command: async (results) => ({ ...(await suite.command(results)), shown: `${shown} -m unittest` }),
    gaps: tests.gaps,
    canary: pythonCanary(shown, 'test_canary.py', unittestCanary, (folder) =>
      unittestRun(folder, tests.interpreter, ['test_canary.py']),
    ),
  };
}

const unittestCanary = (passing: string, failing: string) =>
  `import unittest\n\nclass Canary(unittest.TestCase):\n    def test_${passing}(self):\n        pass\n\n    def test_${failing}(self):\n        self.fail('no')\n`;

function unittestRun(folder: string, interpreter: string, files: readonly string[]): Pick<Suite, 'command' | 'read'> {
  const key = randomBytes(12).toString('hex');
  return {
    async command(results) {
      const program = join(results, 'run_unittest.py');
      const list = join(results, 'files.json');
      const keyFile = join(results, 'key');
      await writeFile(program, unittestProgram);
      await writeFile(list, JSON.stringify(files));
      await writeFile(keyFile, key);
      return {
        program: interpreter,
        args: [program, join(results, `unittest${outcomeFileEnding}`), list, keyFile],
        environment: pythonEnvironment,
        shown: 'unittest',
      };
    },
    async read(results) {
      const outcomes = await readOutcomes(results, key, ({ file, name }) => nameIn(folder, file, name));
      const { counts, failedTests, tests, files, doubts } = outcomes;
      return { ...counts, failedTests, ...(tests ? { tests } : {}), evidence: files > 0 ? 'report' : 'none', doubts };
    },
  };
}
