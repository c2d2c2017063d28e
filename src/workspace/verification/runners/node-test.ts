import type { Project } from '../project.ts';
import type { Detect, Probe } from '../runner.ts';
import { isForeignNodeTest, isInTestFolder, isNativeNodeTest, isTypedNodeTest } from '../test-files.ts';
import { nodeCanary } from '../trust/node-canary.ts';
import { excusingMissingPackages, installedProgram } from './installed.ts';
import { writeReporters } from './node-reporters.ts';
import { readNodeResults } from './node-results.ts';

/** More arguments than this may be more than the system takes. */
const maximalFiles = 2000;

type Program = {
  readonly path: string;
  readonly shown: string;
  readonly loadsTypes: boolean;
  readonly takesPatterns: boolean;
};

/**
 * `node --test` over the files that node itself would look for. They are named one by one, so that a pipe called `a.test.js`
 * and the tests of another project further down stay out.
 */
export const nodeTest: Detect = async (project, probe) => {
  const { paths, gap } = project.tests;
  const native = paths.filter((path) => isNativeNodeTest(path) || isInTestFolder(path));
  const typed = paths.filter((path) => isTypedNodeTest(path) && !native.includes(path));
  const foreign = paths.filter((path) => isForeignNodeTest(path) && !native.includes(path));

  const program = await programFor(project, typed.length > 0, probe);
  const runnable = program.loadsTypes ? [...native, ...typed] : native;
  const gaps = [
    ...(gap ? [gap] : []),
    ...(typed.length > 0 && !program.loadsTypes
      ? [`${some(typed)}: TypeScript, and there is neither a test script nor a test runner that loads it`]
      : []),
    ...(foreign.length > 0 ? [`${some(foreign)}: there is neither a test script nor jest or vitest to run it`] : []),
    ...(runnable.length > maximalFiles
      ? [`only the first ${maximalFiles} of ${runnable.length} test files were run`]
      : []),
  ];
  if (runnable.length === 0) return gaps.length === 0 ? undefined : { kind: 'unrunnable', reason: gaps.join('; ') };

  const files = runnable.slice(0, maximalFiles).map((path) => `./${program.takesPatterns ? asPattern(path) : path}`);
  const canary = nodeCanary(program.path);
  let key = '';
  return excusingMissingPackages(project, {
    kind: 'suite',
    async command(results) {
      const reporters = await writeReporters(results);
      key = reporters.key;
      return {
        program: program.path,
        args: ['--test', ...files],
        environment: reporters.environment,
        shown: program.shown,
      };
    },
    read: (results, result) => readNodeResults(results, result, { key, project: project.path }),
    gaps,
    ...(canary ? { canary } : {}),
  });
};

async function programFor(project: Project, needsTypes: boolean, probe: Probe): Promise<Program> {
  const question =
    'process.stdout.write(String(process.features.typescript) + " " + process.versions.node.split(".")[0])';
  const answer = /(\S+) (\d+)\s*$/.exec((await probe('node', ['-e', question])).output);
  const takesPatterns = Number(answer?.[2] ?? 0) > 20;
  const loader = needsTypes ? await installedProgram(project, 'tsx') : undefined;
  if (loader !== undefined) return { path: loader, shown: 'npx tsx --test', loadsTypes: true, takesPatterns };
  const loadsTypes = answer?.[1] === 'strip' || answer?.[1] === 'transform';
  return { path: 'node', shown: 'node --test', loadsTypes, takesPatterns };
}

/** Newer versions of node read these arguments as patterns. */
function asPattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

function some(paths: readonly string[]): string {
  const [first = ''] = paths;
  return paths.length === 1 ? first : `${first} and ${paths.length - 1} more`;
}
