import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFilesOfPage } from '../support/files-of-page.ts';
import { newPerson, type Person, run } from '../support/program.ts';

let person: Person;
beforeEach(() => {
  person = newPerson();
  writeFilesOfPage('tools.md', person.folder);
});
afterEach(() => person.leave());

/** What is printed where. */
async function spiral(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await run(person, args);
  return { exitCode, stdout, stderr };
}

const adopt = ['tools', 'adopt', 'days-between', '--cases', 'days-between-cases.json'] as const;
const week = '{"from": "2026-01-01", "to": "2026-01-08"}';

function change(path: string, [from, to]: readonly [string, string]): void {
  const text = readFileSync(join(person.folder, path), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(person.folder, path), text.replace(from, to));
}

test('both tools of the page pass the gate, and are there for everybody', async () => {
  const [one, other] = [
    await spiral(...adopt),
    await spiral(...adopt.map((word) => word.replace('days-between', 'word-count'))),
  ];
  expect([one.exitCode, one.stdout]).toEqual([0, expect.stringContaining('days-between 1.0.0 is adopted')]);
  expect([other.exitCode, other.stdout]).toEqual([0, expect.stringContaining('word-count 1.0.0 is adopted')]);
  expect(other.stdout.match(/✅ [a-z-]+ {2}/g)).toHaveLength(9);
  const called = await spiral('tools', 'call', 'word-count', '{"text": "one two\\nthree"}');
  expect(called).toEqual({ exitCode: 0, stdout: '{"words":3,"lines":2,"characters":13}\n', stderr: '' });
  const listed = await spiral('tools', '--json');
  const names = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).manifest.name);
  expect(names).toEqual(['days-between', 'word-count']);
});

test('a tool is adopted, called, changed with one more right, rolled back, retired and restored', async () => {
  expect((await spiral(...adopt)).exitCode).toBe(0);
  expect((await spiral('tools', 'call', 'days-between', week)).stdout).toBe('{"days":7}\n');
  const refused = await spiral('tools', 'call', 'days-between', '{"from": "2026-02-30", "to": "2026-03-01"}');
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('day is out of range')]);
  expect((await spiral(...adopt)).stdout).toBe('✅ These very files are served already, as days-between 1.0.0.\n');

  change('days-between/tool.json', ['"language"', '"permissions": { "read": ["/etc/hosts"] },\n  "language"']);
  const asks = await spiral(...adopt);
  expect([asks.exitCode, asks.stderr]).toEqual([2, expect.stringContaining("--allow 'read:/etc/hosts'")]);
  expect(asks.stdout).toContain('New:    read:/etc/hosts');
  expect((await spiral(...adopt, '--allow', 'read:/etc/passwd')).exitCode).toBe(2);
  expect((await spiral('tools', 'history', 'days-between')).stdout).not.toContain('1.1.0');
  const allowed = await spiral(...adopt, '--allow', 'read:/etc/hosts');
  expect([allowed.exitCode, allowed.stdout]).toEqual([0, expect.stringContaining('days-between 1.1.0 is adopted')]);

  expect((await spiral('tools', 'rollback', 'days-between')).stdout).toContain(
    'days-between 1.0.0 is used from now on',
  );
  expect((await spiral('tools', 'history', 'days-between')).stdout).toMatch(
    /^▶ 1\.0\.0 .*\n {2}1\.1\.0 .*read:\/etc\/hosts\n$/,
  );
  expect((await spiral('tools', 'call', 'days-between', week)).exitCode).toBe(0);

  expect((await spiral('tools', 'retire', 'days-between', '--reason', 'nobody counts days')).exitCode).toBe(0);
  const gone = await spiral('tools', 'call', 'days-between', week);
  expect([gone.exitCode, gone.stderr]).toEqual([2, expect.stringContaining('spiral tools restore days-between')]);
  expect((await spiral('tools')).stdout).toContain('1 tool retired:');
  expect((await spiral('tools', 'restore', 'days-between')).exitCode).toBe(0);
  expect((await spiral('tools', 'call', 'days-between', week)).exitCode).toBe(0);

  const { events } = await run(person, ['events', '--json']);
  const used = events.flatMap((event) =>
    event.type === 'tool.used' ? [`${event.version} ${event.agent} ${event.outcome}`] : [],
  );
  expect(used).toEqual([
    '1.0.0 human succeeded',
    '1.0.0 human failed',
    '1.0.0 human succeeded',
    '1.0.0 human succeeded',
  ]);
});

test('what the gate refuses is not adopted, and the table says why', async () => {
  const withoutCases = await spiral('tools', 'adopt', 'days-between');
  expect(withoutCases.exitCode).toBe(1);
  expect(withoutCases.stdout).toMatch(/❌ held-out .*\n.*\n(.*\n)*.*--cases FILE/);
  change('days-between/days.py', ['.days}', '.days + 1}']);
  const red = await spiral(...adopt);
  expect([red.exitCode, red.stderr]).toEqual([1, '❌ It is not adopted: the gate is red.\n']);
  for (const row of ['examples', 'own-tests', 'held-out']) expect(red.stdout).toMatch(new RegExp(`❌ ${row} `));
  expect((await spiral('tools', 'test', 'days-between', '--cases', 'days-between-cases.json')).exitCode).toBe(1);
  expect((await spiral('tools')).stdout).toContain('There are no tools yet.');
});

test('a client of the protocol has the tools over standard input and output, also those that come and go meanwhile', async () => {
  const client = new Client({ name: 'test', version: '1' });
  const told: string[][] = [];
  let hear: () => void = () => undefined;
  client.setNotificationHandler(ToolListChangedNotificationSchema, async () => {
    told.push((await client.listTools()).tools.map(({ name }) => name));
    hear();
  });
  const toldOf = (names: readonly string[]) =>
    new Promise<void>((done) => {
      hear = () => JSON.stringify(told.at(-1)) === JSON.stringify(names) && done();
      hear();
    });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [resolve('dist/main.js'), 'mcp'],
    env: { ...person.environment },
    cwd: person.folder,
    stderr: 'pipe',
  });
  let errors = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  await client.connect(transport);
  expect((await client.listTools()).tools).toEqual([]);
  await spiral(...adopt);
  await toldOf(['days-between']);
  const called = CallToolResultSchema.parse(
    await client.callTool({ name: 'days-between', arguments: JSON.parse(week) }),
  );
  expect(called.content).toEqual([{ type: 'text', text: '{"days":7}' }]);
  const wrong = CallToolResultSchema.parse(await client.callTool({ name: 'days-between', arguments: { from: 'now' } }));
  expect(wrong.isError).toBe(true);
  await spiral('tools', 'retire', 'days-between', '--reason', 'a test');
  await toldOf([]);
  await client.close();
  expect(errors).toBe('');
  const { events } = await run(person, ['events', '--json']);
  const used = events.flatMap((event) => (event.type === 'tool.used' ? [`${event.agent} ${event.outcome}`] : []));
  expect(used).toEqual(['human succeeded', 'human refused-input']);
});
