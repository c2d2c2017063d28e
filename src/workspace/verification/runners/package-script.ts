import type { CommandResult } from '../../../sandbox/sandbox.ts';
import { type NodePackage, readPackage, testScript } from '../manifests.ts';
import type { Detect, TestCommand } from '../runner.ts';
import { excusingMissingPackages } from './installed.ts';
import { reportArguments, writeReporters } from './node-reporters.ts';
import { readNodeResults } from './node-results.ts';
import { endingOf } from './script-ending.ts';

/** Keeps npm from asking the registry for news of itself and from writing logs into a home that is not ours. */
const quietNpm = { npm_config_update_notifier: 'false', npm_config_fund: 'false', npm_config_logs_max: '0' };

/** `npm test`, when the package has a test script of its own. The script is run as it stands, with every step in it. */
export const packageScript: Detect = async (project, probe) => {
  const description = await readPackage(project.path);
  if (description.kind === 'no-file')
    return { kind: 'unrunnable', reason: 'package.json is not a file that can be read' };
  const script = testScript(description);
  // A package.json that is broken is for npm to complain about: that is what the person would see.
  if (script === undefined && description.kind !== 'broken') return undefined;

  return excusingMissingPackages(project, {
    kind: 'suite',
    command: async (results) =>
      npmTest(results, description, script ?? '', (variables) => probe('node', ['-e', '0'], variables)),
    read: readNodeResults,
  });
};

async function npmTest(
  results: string,
  description: NodePackage,
  script: string,
  tryOut: (variables: Record<string, string>) => Promise<CommandResult>,
): Promise<TestCommand> {
  const plain = { program: 'npm', args: ['test'], shown: 'npm test' };
  const settings = /\breact-scripts\b/.test(script) ? { ...quietNpm, CI: 'true' } : quietNpm;

  const variables = await writeReporters(results);
  const scripts = description.kind === 'package' ? description.scripts : new Map<string, string>();
  const replacesOptions = [script, ...scripts.values()].some((text) => text.includes('NODE_OPTIONS='));
  const ending = replacesOptions ? endingOf(script, scripts) : undefined;
  if (ending) {
    const separators = Array.from({ length: ending.scripts }, () => '--');
    return { ...plain, args: ['test', ...separators, ...reportArguments(ending.tool, results)], environment: settings };
  }
  // An older node refuses to start with options that it does not know; its tests then run without a report.
  const accepted = (await tryOut(variables)).exitCode === 0;
  return { ...plain, environment: accepted ? { ...settings, ...variables } : settings };
}
