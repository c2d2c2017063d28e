import { existsSync, realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Launcher } from '../launcher.ts';
import { isWithin } from './within.ts';

/**
 * The environment of a test run. The configuration decides what stands in it and nothing that lies where an agent can write:
 * no program is looked for in the workspace, nor in a folder that this machine does not have (which could exist in the
 * private home of the workspace), and settings are read neither by npm nor by go from a home.
 */
export function testEnvironment(
  given: Readonly<Record<string, string>>,
  workspace: string,
): Readonly<Record<string, string>> {
  // A test runner around us must not be taken for the one that we start.
  const { NODE_TEST_CONTEXT: _ours, ...environment } = given;
  return {
    ...environment,
    PATH: (given['PATH'] ?? '')
      .split(delimiter)
      .filter((folder) => isTrusted(folder, workspace))
      .join(delimiter),
    npm_config_userconfig: '/dev/null',
    GOENV: 'off',
    GOTOOLCHAIN: 'local',
  };
}

function isTrusted(folder: string, workspace: string): boolean {
  if (!isAbsolute(folder) || !existsSync(folder)) return false;
  const real = realpathSync(folder);
  return ![folder, real].some((path) => path === workspace || isWithin(workspace, path));
}

const longestLookMs = 10_000;

/** Settings in a home that could replace what compiles or runs tests, and that no variable keeps from being read. */
const homeSettings = [
  '.cargo/config.toml',
  '.cargo/config',
  '.local/lib/python*/site-packages/usercustomize.py',
  '.local/lib/python*/site-packages/sitecustomize.py',
];

/** Those of them that are there, in the words of a reason. */
export async function plantedSettings(launch: Launcher, workspace: string): Promise<string[]> {
  const program = `cd && pwd && for f in ${homeSettings.join(' ')}; do [ -e "$f" ] && ls -iL "$f"; done; true`;
  const command = { program: 'sh', args: ['-c', program], shown: 'sh' };
  const { output } = await launch({ directory: '.', path: workspace }, command, longestLookMs);
  const [home = '', ...lines] = output.trim().split('\n');
  const doubts: string[] = [];
  for (const [, file, path = ''] of lines.map((line) => /^\s*(\d+) (\..*)$/.exec(line) ?? [])) {
    // Where nothing confines, the home is the person's own, and so is what stands in it.
    if (path !== '' && String(await fileNumberOf(join(home, path))) !== file)
      doubts.push(`~/${path} may steer what runs the tests`);
  }
  return doubts;
}

async function fileNumberOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch {
    return undefined; // Not there for us: it was made in the private home.
  }
}
