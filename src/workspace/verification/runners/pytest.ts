import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../project.ts';
import { nameIn } from '../reading/names.ts';
import { outcomeFileEnding, readOutcomes } from '../reading/outcome-lines.ts';
import type { Suite } from '../runner.ts';
import { pythonCanary } from '../trust/python-canary.ts';
import { pytestDoubts, pytestSettingsDoubts } from '../trust/python-settings.ts';
import type { Touched } from '../trust/touched.ts';
import { pytestProgram } from './pytest-program.ts';
import { type PythonTests, pythonEnvironment, shownInterpreter } from './python-tests.ts';

const noTestsCollected = 5;

/** `python3 -m pytest`, which finds its tests by itself. */
export async function pytestSuite(project: Project, tests: PythonTests, touched: Touched): Promise<Suite> {
  const ignored = project.nested.map((folder) => `--ignore=${folder}`);
  const suite = pytestRun(project.path, tests.interpreter, ignored);
  return {
    ...suite,
    kind: 'suite',
    command: async (results) => ({ ...(await suite.command(results)), shown: `${shownInterpreter(tests)} -m pytest` }),
    async read(results, result) {
      const reading = await suite.read(results, result);
      const doubts = await pytestDoubts(project, reading.hooks, touched);
      return { ...reading, doubts: [...reading.doubts, ...doubts] };
    },
    doubts: await pytestSettingsDoubts(project, touched),
    canary: pythonCanary(shownInterpreter(tests), 'test_canary.py', pytestCanary, (folder) =>
      pytestRun(folder, tests.interpreter, []),
    ),
  };
}

const pytestCanary = (passing: string, failing: string) =>
  `def test_${passing}():\n    assert True\n\ndef test_${failing}():\n    assert False\n`;

/** pytest in one folder, with its outcome lines. */
function pytestRun(folder: string, interpreter: string, given: readonly string[]) {
  const key = randomBytes(12).toString('hex');
  const suite = {
    async command(results: string) {
      const paths = { program: 'run_pytest.py', list: 'arguments.json', key: 'key' } as const;
      const [program, list, keyFile] = Object.values(paths).map((name) => join(results, name)) as [
        string,
        string,
        string,
      ];
      await writeFile(program, pytestProgram);
      await writeFile(list, JSON.stringify(['-p', 'no:cacheprovider', '--color=no', ...given]));
      await writeFile(keyFile, key);
      const args = [program, join(results, `pytest${outcomeFileEnding}`), list, keyFile];
      return { program: interpreter, args, environment: pythonEnvironment, shown: 'pytest' };
    },
    async read(results: string, result: { readonly exitCode: number | null }) {
      const { counts, failedTests, tests, files, notes, doubts } = await readOutcomes(results, key, ({ file, name }) =>
        nameIn(folder, file, name),
      );
      const isEmpty = counts.passed + counts.failed + counts.skipped === 0;
      return {
        ...counts,
        failedTests,
        ...(tests ? { tests } : {}),
        evidence: files > 0 ? ('report' as const) : ('none' as const),
        saidNone: isEmpty && result.exitCode === noTestsCollected,
        doubts,
        hooks: notes.filter(({ outcome }) => outcome === 'hook'),
      };
    },
  };
  return suite;
}
