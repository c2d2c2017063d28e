import { type NodePackage, readPackage, testScript } from '../manifests.ts';
import type { Detect, TestCommand } from '../runner.ts';
import { nodeCanary } from '../trust/node-canary.ts';
import { nodeSettingsDoubts } from '../trust/node-settings.ts';
import { excusingMissingPackages, installedProgram } from './installed.ts';
import { type NodeReporters, reportArguments, writeReporters } from './node-reporters.ts';
import { readNodeResults } from './node-results.ts';
import { endingOf, type ScriptEnding } from './script-ending.ts';

/** Keeps npm from asking the registry for news of itself and from writing logs into a home that is not ours. */
const quietNpm = { npm_config_update_notifier: 'false', npm_config_fund: 'false', npm_config_logs_max: '0' };

/** `npm test`, when the package has a test script of its own. The script is run as it stands, with every step in it. */
export const packageScript: Detect = async (project, _probe, touched) => {
  const description = await readPackage(project.path);
  if (description.kind === 'no-file')
    return { kind: 'unrunnable', reason: 'package.json is not a file that can be read' };
  const script = testScript(description);
  // A package.json that is broken is for npm to complain about: that is what the person would see.
  if (script === undefined && description.kind !== 'broken') return undefined;

  const ending = description.kind === 'package' ? reachedByArguments(script ?? '', description) : undefined;
  const program = ending ? await installedProgram(project, ending.tool) : undefined;
  const canary = program === undefined ? undefined : nodeCanary(program);
  let key = '';
  return excusingMissingPackages(project, {
    kind: 'suite',
    async command(results) {
      const reporters = await writeReporters(results);
      key = reporters.key;
      // node would complain about a broken package.json before npm can, and in its own words.
      const environment = description.kind === 'package' ? reporters.environment : {};
      return npmTest(results, { ...reporters, environment }, script ?? '', ending);
    },
    read: (results, result) => readNodeResults(results, result, { key, project: project.path }),
    doubts: await nodeSettingsDoubts(project, touched),
    ...(canary ? { canary } : {}),
  });
};

/** Where a script sets NODE_OPTIONS itself, ours are gone; arguments at its end may still get through. */
function reachedByArguments(
  script: string,
  { scripts }: Extract<NodePackage, { kind: 'package' }>,
): ScriptEnding | undefined {
  const replacesOptions = [script, ...scripts.values()].some((text) => text.includes('NODE_OPTIONS='));
  return replacesOptions ? endingOf(script, scripts) : undefined;
}

function npmTest(
  results: string,
  reporters: NodeReporters,
  script: string,
  ending: ScriptEnding | undefined,
): TestCommand {
  const plain = { program: 'npm', args: ['test'], shown: 'npm test' };
  const settings = /\breact-scripts\b/.test(script) ? { ...quietNpm, CI: 'true' } : quietNpm;
  if (!ending) return { ...plain, environment: { ...settings, ...reporters.environment } };
  const separators = Array.from({ length: ending.scripts }, () => '--');
  const args = ['test', ...separators, ...reportArguments(ending.tool, results, reporters.key)];
  return { ...plain, args, environment: settings };
}
