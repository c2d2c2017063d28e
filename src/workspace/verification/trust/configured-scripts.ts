import { relative, resolve } from 'node:path';
import { isRegularFile } from '../reading/bounded-file.ts';
import { isGoTest, isNodeTest, isPythonTest } from '../test-files.ts';
import type { Touched } from './touched.ts';
import { isWithin } from './within.ts';

/** Files that say what a program does when it is only told a name. */
const recipes: Readonly<Record<string, readonly string[]>> = {
  make: ['Makefile', 'makefile', 'GNUmakefile'],
  gmake: ['Makefile', 'makefile', 'GNUmakefile'],
  npm: ['package.json', '.npmrc'],
  pnpm: ['package.json', '.npmrc'],
  yarn: ['package.json', '.yarnrc.yml', '.yarnrc'],
  bun: ['package.json', 'bunfig.toml'],
  deno: ['deno.json', 'deno.jsonc'],
  just: ['justfile', 'Justfile', '.justfile'],
  task: ['Taskfile.yml', 'Taskfile.yaml'],
  tox: ['tox.ini', 'setup.cfg', 'pyproject.toml'],
  nox: ['noxfile.py'],
  invoke: ['tasks.py'],
  pytest: ['conftest.py', 'pytest.ini', 'tox.ini', 'setup.cfg', 'pyproject.toml'],
  cargo: ['.cargo/config.toml', '.cargo/config', 'Cargo.toml'],
  rake: ['Rakefile'],
  gradle: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
  mvn: ['pom.xml'],
  cmake: ['CMakeLists.txt'],
  ctest: ['CMakeLists.txt'],
  composer: ['composer.json'],
  mix: ['mix.exs'],
};

/**
 * The files of a workspace that a configured command runs, or that say what it runs, and that the task may have changed. Its
 * exit code is then the agent's word. Test files that it names are no such files, and neither are folders.
 *
 * @param workspace absolute, without symlinks
 */
export async function touchedScripts(workspace: string, command: string, touched: Touched): Promise<string[]> {
  const found = new Set<string>();
  let folder = workspace;
  for (const segment of command.split(/&&|\|\||[;|&\n()]/)) {
    const words = segment.match(/"[^"]*"|'[^']*'|[^\s"']+/g)?.map((word) => word.replace(/^["']|["']$/g, '')) ?? [];
    if (words[0] === 'cd' && words[1] !== undefined) folder = resolve(folder, words[1]);
    const named = words.flatMap((word) => recipes[word.split('/').at(-1) ?? ''] ?? []);
    const given = words.map((word) => word.replace(/^-[^=]*=/, '')).filter((word) => !isTest(word));
    for (const name of [...named, ...given]) {
      const path = resolve(folder, name);
      if (!isWithin(workspace, path) || !(await isRegularFile(path)) || !(await touched(path))) continue;
      found.add(relative(workspace, path));
    }
  }
  return [...found];
}

function isTest(path: string): boolean {
  return isNodeTest(path) || isPythonTest(path) || isGoTest(path);
}
