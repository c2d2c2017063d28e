import { join } from 'node:path';
import { type NodePackage, readPackage } from '../manifests.ts';
import type { Project } from '../project.ts';
import { isRegularFile, textOf } from '../reading/bounded-file.ts';
import type { Detect } from '../runner.ts';
import { isNativeNodeTest } from '../test-files.ts';
import { nodeCanary } from '../trust/node-canary.ts';
import { nodeSettingsDoubts } from '../trust/node-settings.ts';
import { excusingMissingPackages, installedProgram } from './installed.ts';
import { type NodeTool, writeReporters } from './node-reporters.ts';
import { readNodeResults } from './node-results.ts';

const tools: readonly NodeTool[] = ['vitest', 'jest', 'mocha'];

const settingsFiles: Readonly<Record<NodeTool, RegExp>> = {
  vitest: /^vite(?:st)?\.config\.[cm]?[jt]s$/,
  jest: /^jest\.config\.(?:[cm]?[jt]s|json)$/,
  mocha: /^\.mocharc\.(?:c?js|mjs|json|jsonc|ya?ml)$/,
};

const peekedFiles = 50;
const peekedBytes = 256 * 1024;

/** vitest, jest or mocha of a package that has no test script and depends on one of them. */
export const nodeTool: Detect = async (project, _probe, touched) => {
  const description = await readPackage(project.path);
  if (description.kind !== 'package' || (await areAllForNode(project))) return undefined;
  for (const tool of tools) {
    if (!(await uses(project, description, tool))) continue;
    const program = await installedProgram(project, tool);
    if (program === undefined) {
      if (!description.dependencies.has(tool)) continue;
      return {
        kind: 'unrunnable',
        reason: `\`npm install\` was not run: ${tool} is declared in package.json and not installed`,
      };
    }
    const canary = nodeCanary(program);
    let key = '';
    return excusingMissingPackages(project, {
      kind: 'suite',
      async command(results) {
        const reporters = await writeReporters(results);
        key = reporters.key;
        const start = tool === 'vitest' ? ['run'] : [];
        const shown = ['npx', tool, ...start].join(' ');
        return { program, args: start, environment: reporters.environment, shown };
      },
      read: (results, result) => readNodeResults(results, result, { key, project: project.path }),
      doubts: await nodeSettingsDoubts(project, touched),
      ...(canary ? { canary } : {}),
    });
  }
  return undefined;
};

async function uses(project: Project, description: NodePackage, tool: NodeTool): Promise<boolean> {
  if (description.kind !== 'package') return false;
  if (description.dependencies.has(tool) || (tool === 'jest' && description.hasJestSettings)) return true;
  const endings = ['js', 'cjs', 'mjs', 'ts', 'mts', 'cts', 'json', 'jsonc', 'yml', 'yaml'];
  const names = [`${tool}.config`, '.mocharc', 'vite.config'].flatMap((name) =>
    endings.map((ending) => `${name}.${ending}`),
  );
  for (const name of names.filter((name) => settingsFiles[tool].test(name))) {
    if (await isRegularFile(join(project.path, name))) return true;
  }
  return false;
}

/** A package may depend on a test runner and still have tests that are written for node itself. */
async function areAllForNode({ path, tests }: Project): Promise<boolean> {
  if (tests.paths.length === 0 || !tests.paths.every(isNativeNodeTest)) return false;
  for (const name of tests.paths.slice(0, peekedFiles)) {
    if (!((await textOf(join(path, name), peekedBytes)) ?? '').includes('node:test')) return false;
  }
  return true;
}
