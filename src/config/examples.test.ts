import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { settingVariables } from './environment.ts';
import { exampleConfig, exampleEnvironment, writeExamples } from './examples.ts';
import { knownKeys } from './schema.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spiral-examples-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = () => loadConfig({ environment: { HOME: folder, SPIRAL_HOME: folder } });
const writeConfig = (text: string) => writeFile(join(folder, 'config.toml'), text, { mode: 0o600 });

test('the example says what holds anyway', async () => {
  const without = await load();
  await writeConfig(exampleConfig());
  await writeFile(join(folder, '.env'), exampleEnvironment(), { mode: 0o600 });
  const { file, ...withExample } = await load();
  expect(file).toBe(join(folder, 'config.toml'));
  expect({ ...withExample, file: undefined }).toEqual(without);
  expect(withExample.notices).toEqual([]);
});

test('everything in the example that is commented out is right when it is not', async () => {
  await writeConfig(exampleConfig().replaceAll(/^# (\w+ = )/gm, '$1'));
  const config = await load();
  const without = await loadConfig({ environment: { HOME: folder, SPIRAL_HOME: join(folder, 'none') } });
  expect(config.system).toEqual({ ...without.system, notify: 'mail -s Spiral me@example.com' });
  expect(config.budget.limits.task).toEqual({ prompts: 50, tokens: 5_000_000, usd: 5 });
  expect(config.sandbox.hosts).toEqual(['registry.npmjs.org', 'pypi.org']);
  expect(config.repository.setup).toBe('npm ci');
  for (const agent of Object.values(config.agents)) {
    expect({ ...agent, maxClaudeRequestsPerCycle: undefined }).toEqual(without.agents.developer);
  }
  expect(config.verification).toEqual({ command: 'make test', junit: 'reports/junit.xml', timeoutSeconds: 600 });
  expect(config.database.url?.reveal()).toMatch(/^postgresql:/);
  expect(config.discord.notificationChannel).toBe('agent-system');
});

test('the example has every key, each once, and no other', () => {
  let section = '';
  const keys = exampleConfig()
    .split('\n')
    .flatMap((line) => {
      section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
      const key = /^(?:# )?(\w+) = /.exec(line)?.[1];
      return key === undefined ? [] : `${section}.${key}`;
    });
  expect(keys.sort()).toEqual([...knownKeys].sort());
});

test('the example of .env has every setting, and sets none', () => {
  const names = exampleEnvironment().match(/^\w+=$/gm);
  expect(names?.map((name) => name.slice(0, -1)).sort()).toEqual([...settingVariables].sort());
});

test('examples are written once, for their owner alone, and never over anything', async () => {
  const place = join(folder, 'new', 'folder');
  const paths = [join(place, 'config.toml'), join(place, '.env.example')];
  expect(await writeExamples(place)).toEqual({ written: paths, kept: [] });
  for (const path of paths) expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(paths[0] ?? '', 'mine');
  expect(await writeExamples(place)).toEqual({ written: [], kept: paths });
  expect(await readFile(paths[0] ?? '', 'utf8')).toBe('mine');
  await rm(paths[1] ?? '');
  await symlink(join(folder, 'elsewhere'), paths[1] ?? '');
  expect(await writeExamples(place)).toEqual({ written: [], kept: paths });
});
