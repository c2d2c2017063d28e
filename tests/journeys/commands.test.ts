import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { alwaysRed, green } from '../support/plays.ts';
import { newPerson, run, start } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import { canaryKey, type Stage } from '../support/stage.ts';

let on: Stage | undefined;
afterEach(async () => {
  await on?.close();
  on = undefined;
});

test('doctor finds everything well on a machine that is ready, and never shows a key', async () => {
  on = await embedded.stage(green);
  const { exitCode, stdout } = await run(on.person, ['doctor']);
  expect(stdout).toMatch(/✅ Node/);
  expect(stdout).toMatch(/✅ Claude Code {2,}\d+\.\d+\.\d+/);
  expect(stdout).toMatch(/✅ Sign-in {2,}ANTHROPIC_API_KEY at http:\/\/127/);
  expect(stdout).toMatch(/✅ Database {2,}embedded PostgreSQL/);
  expect(stdout).toMatch(/✅ Queue {2,}PostgreSQL/);
  expect(stdout).toMatch(/✅ git/);
  expect(stdout).toMatch(/✅ Configuration/);
  expect(stdout).not.toContain(canaryKey);
  expect(exitCode).toBe(0);
});

needs(...configured.needed)('doctor names the servers that are configured', async () => {
  on = await configured.stage(green);
  const { exitCode, stdout } = await run(on.person, ['doctor']);
  expect(stdout).toMatch(/✅ Database {2,}DATABASE_URL/);
  expect(stdout).toMatch(/✅ Queue {2,}Redis/);
  expect(exitCode).toBe(0);
});

test('doctor gives each problem its cure and ends with 1', async () => {
  const person = newPerson({ PATH: '/nowhere', DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:9/spiral' });
  const { exitCode, stdout } = await run(person, ['doctor']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/❌ Sign-in .*\n.*→ .*spiral demo/);
  expect(stdout).toMatch(/❌ Database .*\n.*→ /);
  expect(stdout).toMatch(/❌ git .*\n.*→ Install git/);
  expect(stdout).toMatch(/⚠️ {2}Sandbox .*\n.*→ Install bubblewrap/);
  expect(stdout).not.toContain('hunter2');
  await person.leave();
});

test("doctor says which of the specification's placeholders count as unset", async () => {
  on = await embedded.stage(green);
  const folder = join(on.person.home, '.spiral');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config.toml');
  writeFileSync(file, '[discord]\nbot_token = "your_bot_token"\nwhitelist = ["user_id_1", "user_id_2"]\n');
  chmodSync(file, 0o600);
  const { exitCode, stdout } = await run(on.person, ['doctor']);
  expect(stdout).toMatch(/⚠️ {2}Configuration .*bot_token/);
  expect(stdout).toMatch(/⚠️ {2}Configuration .*whitelist/);
  expect(exitCode).toBe(0);
});

test('init writes commented examples that load, and never overwrites', async () => {
  on = await embedded.stage(green);
  const { person } = on;
  const first = await run(person, ['init']);
  expect(first.exitCode).toBe(0);
  const file = join(person.home, '.spiral', 'config.toml');
  expect(readFileSync(file, 'utf8')).toContain('default_prompt_limit = 50');
  expect(readFileSync(join(person.home, '.spiral', '.env.example'), 'utf8')).toContain('ANTHROPIC_API_KEY=');
  expect((await run(person, ['doctor'])).stdout).toMatch(/✅ Configuration {2,}.*config\.toml/);
  writeFileSync(file, '# mine\n');
  expect((await run(person, ['init'])).stdout).toContain('Kept');
  expect(readFileSync(file, 'utf8')).toBe('# mine\n');
});

test('tasks and events tell what ran, what it cost and what happened; the whole output is kept', async () => {
  on = await embedded.stage(alwaysRed);
  const { person } = on;
  configure(person, '[budget]\nat_limit = "stop"\n');
  const failed = await run(person, ['Write a function that adds', '-w', person.workspace, '-m', '2']);
  expect(failed.exitCode).toBe(4);
  const [, id] = /spiral tasks show (\w+) --output/.exec(failed.stdout) ?? [];
  expect(id).toBeDefined();

  const listed = await run(person, ['tasks']);
  expect(listed.stdout).toMatch(new RegExp(`${id} {2}out-of-budget .* 2/2 prompts`));
  const shown = await run(person, ['tasks', 'show', String(id).slice(0, 6)]);
  expect(shown.stdout).toContain('Write a function that adds');
  expect(shown.stdout).toContain('created sum.js');
  expect(shown.stdout).toContain('“Now they really pass.” (not checked)');
  const output = await run(person, ['tasks', 'show', String(id), '--output']);
  expect(output.stdout).toContain('AssertionError');
  expect(output.stdout).toContain('round 2');

  const log = await run(person, ['events']);
  expect(log.stdout).toMatch(/task\.accepted .*Write a function that adds/);
  expect(log.stdout).toMatch(/task\.finished .*out-of-budget/);
  const all = await run(person, ['events', '--json', '--after', '3']);
  expect(all.events[0]?.id).toBe(4);
});

test('events --follow tells of a task while it runs, each event once', async () => {
  on = await embedded.stage(green);
  const follower = start(on.person, ['events', '--follow', '--json']);
  const { events } = await run(on.person, ['Write a sum module with tests', '-w', on.person.workspace, '--json']);
  await follower.event(({ type }) => type === 'task.finished');
  follower.child.kill('SIGINT');
  expect((await follower.ended()).events).toEqual(events);
});

test('a reader that closes its end early, as head does, breaks nothing', async () => {
  on = await embedded.stage(green);
  const running = start(on.person, ['Write a sum module with tests', '-w', on.person.workspace, '--json']);
  await running.event(({ type }) => type === 'task.accepted');
  running.child.stdout?.destroy();
  expect((await running.ended()).exitCode).toBe(0);
});

test('help and version are told on stdout', async () => {
  const person = newPerson();
  const help = await run(person, ['--help']);
  expect(help.exitCode).toBe(0);
  for (const command of ['run', 'demo', 'doctor', 'init', 'tasks', 'events', 'serve']) {
    expect(help.stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  }
  expect((await run(person, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await run(person, [])).exitCode).toBe(2);
  await person.leave();
});
