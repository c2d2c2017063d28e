import type { Detect } from '../runner.ts';
import { pytestSuite } from './pytest.ts';
import { pythonEnvironment, pythonTests, shownInterpreter } from './python-tests.ts';
import { unittestSuite } from './unittest.ts';

/** Not from the folder of the tests, where anything may be called so. */
const findPytest = 'import sys; sys.path.pop(0); import pytest';

/** pytest, when the project is set up for it or its tests are written for it, otherwise unittest. */
export const python: Detect = async (project, probe, touched) => {
  const tests = await pythonTests(project);
  if (!tests) return undefined;
  const { pytest, unittest } = tests.files;
  if (pytest.length + unittest.length === 0) return { kind: 'unrunnable', reason: tests.gaps.join('; ') };

  if (tests.hasPytestSettings || pytest.length > 0) {
    const answer = await probe(tests.interpreter, ['-c', findPytest], pythonEnvironment);
    // Without an interpreter the suite cannot start either, and then says so with the right name.
    if (answer.exitCode === 0 || answer.notStarted !== undefined) return pytestSuite(project, tests, touched);
    if (pytest.length > 0) {
      return {
        kind: 'unrunnable',
        reason: `the tests need pytest, which is not installed for ${shownInterpreter(tests)}`,
      };
    }
  }
  return unittestSuite(project, tests);
};
