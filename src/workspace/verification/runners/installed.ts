import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type NodePackage, readPackage } from '../manifests.ts';
import type { Project } from '../project.ts';
import type { Suite } from '../runner.ts';

/** A file by its path below a project or a folder around it, up to the workspace; links count, as installers make them. */
export async function findUpwards(project: Project, path: string, mode = constants.X_OK): Promise<string | undefined> {
  for (let folder = project.path; ; folder = dirname(folder)) {
    const candidate = join(folder, path);
    if (await isAccessible(candidate, mode)) return candidate;
    if (folder === project.workspace || folder === dirname(folder)) return undefined;
  }
}

/** The path of a program that the packages of a project brought. */
export function installedProgram(project: Project, name: string): Promise<string | undefined> {
  return findUpwards(project, join('node_modules', '.bin', name));
}

/**
 * The same suite, but a red run that misses what was declared and never installed is not held against the work: it is given
 * as not run. Without that sign it stays red.
 */
export async function excusingMissingPackages(project: Project, suite: Suite): Promise<Suite> {
  const description = await readPackage(project.path);
  if (description.kind !== 'package' || description.dependencies.size === 0) return suite;
  if ((await findUpwards(project, 'node_modules', constants.R_OK)) !== undefined) return suite;
  return {
    ...suite,
    async read(results, result) {
      const reading = await suite.read(results, result);
      const missing = result.exitCode === 0 ? undefined : missingIn(result.output, description);
      if (missing === undefined) return reading;
      return {
        ...reading,
        notRun: `\`npm install\` was not run: ${missing} is declared in package.json and not installed`,
      };
    },
  };
}

function missingIn(output: string, { dependencies }: Extract<NodePackage, { kind: 'package' }>): string | undefined {
  for (const match of output.matchAll(/Cannot find (?:package|module) '([^']+)'/g)) {
    const name = packageOf(match[1] ?? '');
    if (dependencies.has(name)) return name;
  }
  return /^(?:sh|\/bin\/sh|bash|zsh)?(?:: *(?:line )?\d+)?:? *([\w.-]+): (?:command )?not found$/m.exec(output)?.[1];
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

async function isAccessible(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
