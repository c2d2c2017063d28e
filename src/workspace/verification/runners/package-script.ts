import { type NodePackage, readPackage, testScript } from '../manifests.ts';
import type { Detect, TestCommand } from '../runner.ts';
import { excusingMissingPackages } from './installed.ts';
import { reportArguments, writeReporters } from './node-reporters.ts';
import { readNodeResults } from './node-results.ts';
import { endingOf } from './script-ending.ts';

/** Keeps npm from asking the registry for news of itself and from writing logs into a home that is not ours. */
const quietNpm = { npm_config_update_notifier: 'false', npm_config_fund: 'false', npm_config_logs_max: '0' };

/** `npm test`, when the package has a test script of its own. The script is run as it stands, with every step in it. */
export const packageScript: Detect = async (project) => {
  const description = await readPackage(project.path);
  if (description.kind === 'no-file')
    return { kind: 'unrunnable', reason: 'package.json is not a file that can be read' };
  const script = testScript(description);
  // A package.json that is broken is for npm to complain about: that is what the person would see.
  if (script === undefined && description.kind !== 'broken') return undefined;

  return excusingMissingPackages(project, {
    kind: 'suite',
    command: (results) => npmTest(results, description, script ?? ''),
    read: readNodeResults,
  });
};

async function npmTest(results: string, description: NodePackage, script: string): Promise<TestCommand> {
  const plain = { program: 'npm', args: ['test'], shown: 'npm test' };
  const settings = /\breact-scripts\b/.test(script) ? { ...quietNpm, CI: 'true' } : quietNpm;

  if (description.kind !== 'package') return { ...plain, environment: settings };

  const variables = await writeReporters(results);
  const { scripts } = description;
  // Where a script sets NODE_OPTIONS itself, ours are gone; arguments at its end may still get through.
  const replacesOptions = [script, ...scripts.values()].some((text) => text.includes('NODE_OPTIONS='));
  const ending = replacesOptions ? endingOf(script, scripts) : undefined;
  if (!ending) return { ...plain, environment: { ...settings, ...variables } };
  const separators = Array.from({ length: ending.scripts }, () => '--');
  return { ...plain, args: ['test', ...separators, ...reportArguments(ending.tool, results)], environment: settings };
}
