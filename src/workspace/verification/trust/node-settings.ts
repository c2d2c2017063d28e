import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Project } from '../project.ts';
import { textOf } from '../reading/bounded-file.ts';
import type { Touched } from './touched.ts';

const settingsLimitBytes = 512 * 1024;

/** Settings of npm that replace the shell, the node or the package that a test script runs in. */
const npmSettings = /^\s*(script-shell|node-options|shell|prefix|workspace|workspaces|ignore-scripts|if-present)\s*=/m;

/** Settings of vitest and jest that replace what runs tests, or what is made of their results. */
const runnerSettings =
  /\b(testRunner|runner|testResultsProcessor|dangerouslyIgnoreUnhandledErrors|onUnhandledError)['"]?\s*:/;
const runnerFiles =
  /^(?:vite|vitest|jest)\.(?:config|workspace)\.(?:[cm]?[jt]s|json)$|^\.mocharc\.(?:c?js|mjs|jsonc?|ya?ml)$/;

/** Programs that a test script is run by, which npm would take from the packages first. */
const basePrograms = ['node', 'npm', 'npx', 'sh', 'bash', 'env'];

/** Settings and programs in or around a package that keep what its runner reports from being believed. */
export async function nodeSettingsDoubts(project: Project, touched: Touched): Promise<string[]> {
  const doubts: string[] = [];
  const shown = (path: string) => relative(project.workspace, path);
  for (const folder of foldersUpTo(project)) {
    const settings = join(folder, '.npmrc');
    const found = npmSettings.exec((await textOf(settings, settingsLimitBytes)) ?? '')?.[1];
    if (found !== undefined && (await touched(settings))) doubts.push(`${shown(settings)} sets ${found}`);
    const programs = join(folder, 'node_modules', '.bin');
    const names = await namesIn(programs);
    for (const name of basePrograms.filter((name) => names.includes(name)))
      doubts.push(`${shown(join(programs, name))} stands in the place of ${name}`);
    for (const name of (await namesIn(folder)).filter((name) => runnerFiles.test(name))) {
      const path = join(folder, name);
      const setting = runnerSettings.exec((await textOf(path, settingsLimitBytes)) ?? '')?.[1];
      if (setting !== undefined && (await touched(path))) doubts.push(`${shown(path)} sets ${setting}`);
    }
  }
  return doubts;
}

/** The folder of a project and those around it, up to the workspace. */
export function foldersUpTo({ path, workspace }: Pick<Project, 'path' | 'workspace'>): string[] {
  const folders = [path];
  for (let folder = path; folder !== workspace && folder !== dirname(folder); ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return []; // Absent; a runner can find nothing there either.
  }
}
