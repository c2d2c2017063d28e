import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bash, play } from '../../src/rehearsal/play.ts';
import { writeFilesOfPage } from '../support/files-of-page.ts';
import { embedded } from '../support/installations.ts';
import { without } from '../support/path-without.ts';
import { green } from '../support/plays.ts';
import { processesMentioning, until } from '../support/processes.ts';
import { newPerson, run, start } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage | undefined;
afterEach(async () => {
  await on?.close();
  on = undefined;
});

test('where nothing ends children with us, the next start does, and says so', async () => {
  on = await embedded.stage(play([[[bash('sleep 3003', 'Never ends')]]]));
  const person = without(on.person, ['bwrap', 'setpriv']);
  const running = start(person, ['Wait', '-w', person.workspace, '--json']);
  await running.event((event) => event.type === 'progress' && event.text.startsWith('Running sleep 3003'));
  await until(
    () => processesMentioning('sleep 3003').length,
    (count) => count > 0,
    10_000,
  );
  running.child.kill('SIGKILL');
  const killed = await running.ended();
  expect(killed.stderr).toContain('bubblewrap does not work here');
  expect(processesMentioning(person.workspace).length).toBeGreaterThan(0);

  const next = await run(person, ['tasks']);
  expect(next.stderr).toMatch(/Ended what a killed run had left behind: \d+ process(es)? of task \w{8}/);
  await until(
    () => processesMentioning(person.workspace),
    (left) => left.length === 0,
    2000,
  );
});

test('the demo runs without a sandbox and says what that means', async () => {
  const stranger = newPerson();
  const { exitCode, stdout, stderr } = await run(without(stranger, ['bwrap']), ['demo']);
  expect(stderr).toContain('No sandbox works here: commands of agents can do what you can');
  expect(stderr).toContain('bubblewrap does not work here');
  expect(stdout).toContain('✨ Task completed successfully via Claude Code!');
  expect(exitCode).toBe(0);
  await stranger.leave();
});

test('where the configuration requires a sandbox and none works, a task is refused before anything is begun', async () => {
  on = await embedded.stage(green);
  const person = without(on.person, ['bwrap']);
  configure(person, '[sandbox]\nmode = "required"\n');
  const refused = await run(person, ['Write a sum', '-w', person.workspace]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(/Commands of agents cannot be confined here.*required/);
  expect(refused.stderr.trim().split('\n')).toHaveLength(2);
  expect(on.requests).toHaveLength(0);
  expect(existsSync(join(person.home, '.spiral', 'claude-code'))).toBe(false);
  expect((await run(person, ['tasks'])).stdout).toContain('No tasks yet');
});

test('a tool that cannot be isolated is refused with the cure; where a person accepts it, the gate and doctor say so', async () => {
  const stranger = newPerson();
  writeFilesOfPage('tools.md', stranger.folder);
  const person = without(stranger, ['bwrap', 'unshare', 'setpriv']);
  const adopt = ['tools', 'adopt', 'days-between', '--cases', 'days-between-cases.json'];
  const refused = await run(person, adopt);
  expect(refused).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/Nothing was tried: .* or accept it by name: \[tools\] without_sandbox = true/),
  });

  configure(person, '[tools]\nwithout_sandbox = true\n');
  const adopted = await run(person, adopt);
  expect([adopted.exitCode, adopted.stdout]).toEqual([0, expect.stringContaining('days-between 1.0.0 is adopted')]);
  expect(adopted.stdout).toContain('NOT isolated, no sandbox works here: 17 calls');
  const called = await run(person, ['tools', 'call', 'days-between', '{"from": "2026-01-01", "to": "2026-01-08"}']);
  expect([called.exitCode, called.stdout]).toEqual([0, '{"days":7}\n']);
  const doctor = await run(person, ['doctor']);
  expect(doctor.stdout).toMatch(
    /⚠️ +Tools +nothing isolates built tools here, and \[tools\] without_sandbox accepts that/,
  );
  await stranger.leave();
});
