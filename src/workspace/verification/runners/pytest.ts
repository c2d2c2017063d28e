import { join } from 'node:path';
import type { Project } from '../project.ts';
import { textOf } from '../reading/bounded-file.ts';
import { junitLimitBytes, readJunit } from '../reading/junit.ts';
import { nothingRead, type Suite } from '../runner.ts';
import { type PythonTests, pythonEnvironment, shownInterpreter } from './python-tests.ts';

const noTestsCollected = 5;
const reportName = 'pytest.xml';

/** `python3 -m pytest`, which finds its tests by itself. */
export function pytestSuite(project: Project, tests: PythonTests): Suite {
  const ignored = project.nested.map((folder) => `--ignore=${folder}`);
  return {
    kind: 'suite',
    command: async (results) => ({
      program: tests.interpreter,
      args: [
        '-m',
        'pytest',
        `--junitxml=${join(results, reportName)}`,
        '-p',
        'no:cacheprovider',
        '--color=no',
        ...ignored,
      ],
      environment: pythonEnvironment,
      shown: `${shownInterpreter(tests)} -m pytest`,
    }),
    async read(results, result) {
      const report = readJunit((await textOf(join(results, reportName), junitLimitBytes)) ?? '');
      if (!report) return nothingRead;
      const { counts, failedTests } = report;
      const isEmpty = counts.passed + counts.failed + counts.skipped === 0;
      return { ...counts, failedTests, evidence: 'report', saidNone: isEmpty && result.exitCode === noTestsCollected };
    },
  };
}
