import { constants } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../project.ts';
import { isRegularFile, textOf } from '../reading/bounded-file.ts';
import { type PythonStyle, pythonStyleOf } from '../test-files.ts';
import { findUpwards } from './installed.ts';

const testFileLimitBytes = 512 * 1024;
const settingsLimitBytes = 512 * 1024;
const maximalFiles = 2000;

/** Byte code beside the sources would show up as changes of the workspace. */
export const pythonEnvironment = { PYTHONDONTWRITEBYTECODE: '1' };

export type PythonTests = {
  /** The python of the project's own virtual environment, or the one of the system. */
  readonly interpreter: string;
  /** Files that really hold tests, by their style. */
  readonly files: Readonly<Record<PythonStyle, readonly string[]>>;
  readonly hasPytestSettings: boolean;
  readonly gaps: readonly string[];
};

/** Looks at the python tests of a project; undefined when there are none. */
export async function pythonTests(project: Project): Promise<PythonTests | undefined> {
  const files: Record<PythonStyle, string[]> = { pytest: [], unittest: [] };
  for (const path of project.tests.paths.slice(0, maximalFiles)) {
    const style = pythonStyleOf((await textOf(join(project.path, path), testFileLimitBytes)) ?? '');
    if (style) files[style].push(path);
  }
  const gaps = [
    ...(project.tests.gap ? [project.tests.gap] : []),
    ...(project.tests.paths.length > maximalFiles
      ? [`only the first ${maximalFiles} python test files were looked at`]
      : []),
  ];
  if (files.pytest.length + files.unittest.length + gaps.length === 0) return undefined;

  return {
    interpreter: await interpreterOf(project),
    files,
    hasPytestSettings: await hasPytestSettings(project.path),
    gaps,
  };
}

async function interpreterOf(project: Project): Promise<string> {
  for (const folder of ['.venv', 'venv']) {
    const own = await findUpwards(project, join(folder, 'bin', 'python'), constants.X_OK);
    if (own !== undefined) return own;
  }
  return 'python3';
}

async function hasPytestSettings(folder: string): Promise<boolean> {
  if (await isRegularFile(join(folder, 'pytest.ini'))) return true;
  for (const [name, section] of [
    ['pyproject.toml', /^[ \t]*\[tool\.pytest/m],
    ['tox.ini', /^\[pytest\]/m],
    ['setup.cfg', /^\[tool:pytest\]/m],
  ] as const) {
    if (section.test((await textOf(join(folder, name), settingsLimitBytes)) ?? '')) return true;
  }
  return (await textOf(join(folder, 'conftest.py'), testFileLimitBytes)) !== undefined;
}

/** How a person calls the interpreter; the whole path would be long and, in a report, somebody's own. */
export function shownInterpreter({ interpreter }: PythonTests): string {
  const parts = interpreter.split('/');
  return parts.length > 1 ? parts.slice(-3).join('/') : interpreter;
}
