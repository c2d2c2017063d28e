import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/postgres.ts';
import { type Ended, newPerson, type Person, run } from '../support/program.ts';
import { canaryKey } from '../support/stage.ts';

let person: Person;
beforeEach(() => {
  // Nothing listens there: a mistake that is not refused in time would fail in another way.
  person = newPerson({ ANTHROPIC_API_KEY: canaryKey, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' });
  mkdirSync(person.home, { recursive: true });
});
afterEach(() => person.leave());

/** One line of what is wrong, one of what to do, and nothing else. */
function expectMistake({ exitCode, stdout, stderr }: Ended, problem: RegExp): void {
  expect(stderr).toMatch(problem);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(stderr).not.toContain(canaryKey);
}

test.each([
  ['a file', () => join(person.folder, 'file.txt'), /is a file/],
  ['the root', () => '/', /root of the file system/],
  ['the home folder', () => person.home, /home folder/],
  ['a folder around the home folder', () => person.folder, /holds your home folder/],
  ['the state root', () => join(person.home, '.spiral'), /Spiral's own state/],
  ['a folder inside the state root', () => join(person.home, '.spiral', 'run'), /Spiral's own state/],
  ['a link to the home folder', () => join(person.folder, 'link'), /home folder/],
  ['a folder that cannot be made', () => '/proc/nowhere', /cannot be/],
  ['nothing', () => '', /no name/],
])('%s is refused as a workspace', async (_name, workspace, problem) => {
  writeFileSync(join(person.folder, 'file.txt'), '');
  symlinkSync(person.home, join(person.folder, 'link'));
  expectMistake(await run(person, ['Write a note', '-w', workspace()]), problem);
});

test.each([
  ['an empty task', ['  '], /task is empty/],
  ['no prompts', ['Write a note', '-m', '0'], /--max-prompts is “0”/],
  ['no time', ['Write a note', '-t', '0'], /--timeout is “0”/],
  ['less than no time', ['Write a note', '-t', '-1'], /--timeout is “-1”/],
  ['an unknown agent', ['Write a note', '--agent', 'wizard'], /no agent “wizard”/],
  ['a plan of an agent that plans nothing', ['Plan', '--agent', 'qa', '--plan-only'], /--plan-only/],
  ['a word that resembles a command', ['docter'], /looks like a command/],
  ['an unknown option', ['Write a note', '--fast'], /unknown option/],
  ['a task too many', ['Write', 'a note'], /too many arguments/],
  ['a task that is not there', ['tasks', 'show', 'zzzzzzzz'], /no task zzzzzzzz/],
])('%s is refused in one line', async (_name, args, problem) => {
  expectMistake(await run(person, args), problem);
});

test('a task of a megabyte is refused', async () => {
  const file = join(person.folder, 'task.txt');
  writeFileSync(file, 'word '.repeat(200_000));
  const { spawnSync } = await import('node:child_process');
  const { openSync } = await import('node:fs');
  const main = join(import.meta.dirname, '../../dist/main.js');
  const ended = spawnSync(process.execPath, [main, 'run', '-'], {
    cwd: person.folder,
    env: person.environment,
    stdio: [openSync(file, 'r'), 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(/100000 is the limit/);
});

test('without a key and without a login every way in is named, the demo included', async () => {
  const stranger = newPerson();
  const ended = await run(stranger, ['Write a note']);
  expectMistake(ended, /no way to sign in/);
  for (const way of ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'claude', 'spiral demo'])
    expect(ended.stderr).toContain(way);
  // A server that can ask no model would only fail the tasks that it takes up.
  expectMistake(await run(stranger, ['serve']), /no way to sign in/);
  await stranger.leave();
});

test.each([
  ['a file that is no TOML', '[system\n', /config\.toml:1/],
  ['an unknown key', '[system]\nmax_prompts = 3\n', /config\.toml:2.*max_prompts/],
  ['a wrong type', '[system]\ndefault_prompt_limit = "many"\n', /config\.toml:2.*whole number/],
])('%s is refused with its place', async (_name, content, problem) => {
  mkdirSync(join(person.home, '.spiral'), { recursive: true });
  writeFileSync(join(person.home, '.spiral', 'config.toml'), content, { mode: 0o600 });
  expectMistake(await run(person, ['Write a note']), problem);
});

test('a database that refuses connections is told in one line, with nothing recorded and exit 1', async () => {
  const exported = { ...person.environment, DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:9/spiral' };
  const { exitCode, stderr } = await run({ ...person, environment: exported }, [
    'Write a note',
    '-w',
    person.workspace,
  ]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('127.0.0.1:9');
  expect(stderr).not.toContain('hunter2');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a database that is full is told in one line', async () => {
  const database = await testDatabase();
  const exported = { ...person.environment, DATABASE_URL: database.url };
  const stranger = { ...person, environment: exported };
  await run(stranger, ['tasks']);
  const { Client } = await import('pg');
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`create function spiral.full() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
  await client.query('create trigger full_disk before insert on spiral.events execute function spiral.full()');
  await client.end();
  const { exitCode, stderr } = await run(stranger, ['Write a note', '-w', person.workspace]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/full/);
  expect(stderr).not.toMatch(/^\s+at /m);
  await database.drop();
});

test('a server that is not PostgreSQL is no reason to hang', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const exported = { ...person.environment, DATABASE_URL: `postgres://ada@127.0.0.1:${port}/spiral` };
  const { exitCode, stderr } = await run({ ...person, environment: exported }, ['tasks']);
  expect(exitCode).toBe(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  server.close();
});
