import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outcomeFileEnding, readOutcomes } from '../reading/outcome-lines.ts';
import type { Suite } from '../runner.ts';
import { type PythonTests, pythonEnvironment, shownInterpreter } from './python-tests.ts';
import { unittestProgram } from './unittest-program.ts';

/** unittest over the files that hold its tests, by a small program of ours. */
export function unittestSuite(tests: PythonTests): Suite {
  return {
    kind: 'suite',
    async command(results) {
      const program = join(results, 'run_unittest.py');
      const list = join(results, 'files.json');
      await writeFile(program, unittestProgram);
      await writeFile(list, JSON.stringify(tests.files.unittest));
      return {
        program: tests.interpreter,
        args: [program, join(results, `unittest${outcomeFileEnding}`), list],
        environment: pythonEnvironment,
        shown: `${shownInterpreter(tests)} -m unittest`,
      };
    },
    async read(results) {
      const { counts, failedTests, files } = await readOutcomes(results);
      return { ...counts, failedTests, evidence: files > 0 ? 'report' : 'none' };
    },
    gaps: tests.gaps,
  };
}
