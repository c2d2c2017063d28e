import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Canary } from '../runner.ts';
import { type NodeReporters, writeReporters } from '../runners/node-reporters.ts';
import { readNodeResults } from '../runners/node-results.ts';

type Runner = 'vitest' | 'jest' | 'mocha' | 'tsx';

const testFiles: Readonly<
  Record<Runner, { readonly name: string; readonly text: (pass: string, fail: string) => string }>
> = {
  vitest: {
    name: 'canary.test.js',
    text: (pass, fail) =>
      `import { expect, test } from 'vitest';\ntest('${pass}', () => expect(1).toBe(1));\ntest('${fail}', () => expect(1).toBe(2));\n`,
  },
  jest: {
    name: 'canary.test.js',
    text: (pass, fail) => `test('${pass}', () => expect(1).toBe(1));\ntest('${fail}', () => expect(1).toBe(2));\n`,
  },
  mocha: {
    name: 'canary.test.js',
    text: (pass, fail) => `it('${pass}', () => {});\nit('${fail}', () => { throw new Error('no'); });\n`,
  },
  tsx: {
    name: 'canary.test.ts',
    text: (pass, fail) =>
      `import { test } from 'node:test';\ntest('${pass}', () => { const one: number = 1; void one; });\ntest('${fail}', () => { throw new Error('no'); });\n`,
  },
};

const argumentsOf: Readonly<Record<Runner, readonly string[]>> = {
  vitest: ['run'],
  jest: ['--ci'],
  mocha: ['canary.test.js'],
  tsx: ['--test', './canary.test.ts'],
};

/**
 * The canary of a runner that packages brought; undefined for the test runner of node itself, which no package can change,
 * and for what has no canary.
 *
 * @param path absolute, as it was started
 * @param isProgram whether it is started as it stands, or by node
 */
export function nodeCanary(path: string, isProgram = path.includes('/.bin/')): Canary | undefined {
  const packages = path.slice(0, path.lastIndexOf('/node_modules/') + '/node_modules'.length);
  const tool = /\/_?(vitest|jest|mocha|tsx)(?:\.[cm]?js)?$/.exec(path)?.[1];
  const runner = (['vitest', 'jest', 'mocha', 'tsx'] as const).find((name) => name === tool);
  if (!runner || !path.includes('/node_modules/')) return undefined;
  return {
    runner: `${runner} in ${packages.split('/').slice(-2).join('/')}`,
    async prepare(folder, passing, failing) {
      let reporters: NodeReporters = { environment: {}, key: '' };
      const { name, text } = testFiles[runner];
      await mkdir(folder, { recursive: true });
      await symlink(packages, join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), '{"name":"canary","type":"commonjs"}\n');
      await writeFile(join(folder, name), text(passing, failing));
      return {
        async command(results) {
          reporters = await writeReporters(results);
          const args = isProgram ? argumentsOf[runner] : [path, ...argumentsOf[runner]];
          return { program: isProgram ? path : 'node', args, environment: reporters.environment, shown: runner };
        },
        read: (results, result) => readNodeResults(results, result, { key: reporters.key, project: folder }),
      };
    },
  };
}
