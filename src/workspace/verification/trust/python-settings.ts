import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Project } from '../project.ts';
import { textOf } from '../reading/bounded-file.ts';
import type { OutcomeLine } from '../reading/outcome-lines.ts';
import { foldersUpTo } from './node-settings.ts';
import type { Touched } from './touched.ts';
import { isWithin } from './within.ts';

const settingsLimitBytes = 1024 * 1024;

/** Options that choose what of the tests is run, or load code, in settings of pytest. */
const choosing =
  /^[ \t]*["']?addopts["']?[ \t]*=(?:[^\n]*\n(?:[ \t]+[^\n]*\n)*?)?[^\n]*?(?:^|[\s"'=[,])(-k|-m|-p|--deselect|--ignore(?:-glob)?|--co|--collect-only|--lf|--last-failed|--sw|--stepwise|-c|--confcutdir|--noconftest)\b/m;
const narrowing = /^[ \t]*["']?(testpaths|python_files|python_classes|python_functions|norecursedirs)["']?[ \t]*=/m;

/** Settings of pytest, made or changed by the task, that choose which tests are run. */
export async function pytestSettingsDoubts(project: Project, touched: Touched): Promise<string[]> {
  const doubts: string[] = [];
  for (const folder of foldersUpTo(project)) {
    for (const name of ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg']) {
      const path = join(folder, name);
      const text = (await textOf(path, settingsLimitBytes)) ?? '';
      const found = choosing.exec(text)?.[1] ?? (await narrowedAway(project, text));
      if (found !== undefined && (await touched(path)))
        doubts.push(`${relative(project.workspace, path)} keeps tests from running by ${found}`);
    }
    for (const name of (await namesIn(folder)).filter((name) => name === 'conftest.py')) {
      const path = join(folder, name);
      const found = /^[ \t]*(collect_ignore(?:_glob)?)\b/m.exec((await textOf(path, settingsLimitBytes)) ?? '')?.[1];
      if (found !== undefined && (await touched(path)))
        doubts.push(`${relative(project.workspace, path)} sets ${found}`);
    }
  }
  return doubts;
}

/** Naming the usual folder for tests takes nothing away when all of them lie in it. */
async function narrowedAway({ tests }: Project, text: string): Promise<string | undefined> {
  const found = narrowing.exec(text)?.[1];
  if (found === undefined) return undefined;
  const rest = text.slice(text.indexOf(found) + found.length).split(/\n(?=\S)/)[0] ?? '';
  const named = rest.match(/[\w./*-]+/g) ?? [];
  if (
    found === 'testpaths' &&
    tests.paths.every((path) => named.some((folder) => path.startsWith(`${folder.replace(/\/$/, '')}/`)))
  )
    return undefined;
  if (
    found === 'python_files' &&
    tests.paths.every((path) => named.some((pattern) => isMatch(basename(path), pattern)))
  )
    return undefined;
  const usual = { python_classes: 'Test*', python_functions: 'test', norecursedirs: undefined };
  if (
    found in usual &&
    named.some((word) => word.replace(/[_*]+$/, '') === usual[found as keyof typeof usual]?.replace(/\*$/, ''))
  )
    return undefined;
  return found;
}

function isMatch(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+^$(){}|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name);
}

/** Code of the workspace, made or changed by the task, that took part in running the tests. */
export async function pytestDoubts(
  { workspace }: Project,
  hooks: readonly OutcomeLine[],
  touched: Touched,
): Promise<string[]> {
  const doubts: string[] = [];
  for (const { name, message } of hooks) {
    if (!isWithin(workspace, name) || /\/(?:site|dist)-packages\//.test(name) || !(await touched(name))) continue;
    doubts.push(`${relative(workspace, name)} takes part in running the tests (${message})`);
  }
  return doubts;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return []; // Absent: then nothing is set there.
  }
}
