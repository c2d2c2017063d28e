import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { green } from '../support/plays.ts';
import { newPerson, type Person, run, start } from '../support/program.ts';

let person: Person | undefined;
afterEach(async () => {
  await person?.leave();
  person = undefined;
});

test('the demo needs no key, shows a failing round and its mending, and ends verified by our own test run', async () => {
  person = newPerson();
  const { exitCode, events } = await run(person, ['demo', '--json']);
  expect(exitCode).toBe(0);
  expect(events[0]).toMatchObject({ type: 'task.accepted', origin: 'demo' });
  const ours = events.filter((event) => event.type === 'tests.ran').filter(({ by }) => by === 'spiral');
  expect(ours.map(({ passed, failed }) => [passed, failed])).toEqual([
    [7, 1],
    [8, 0],
  ]);
  expect(events.at(-1)).toMatchObject({
    type: 'task.finished',
    outcome: { status: 'succeeded', verified: true, promptsUsed: 2, costUsd: 0, tests: { passed: 8, failed: 0 } },
  });
});

test('an interrupted demo is gone on with by no other model', async () => {
  const stage = await embedded.stage(green);
  person = stage.person;
  const demo = start(person, ['demo', '--json']);
  const { taskId } = await demo.event(({ type }) => type === 'engine.started');
  demo.child.kill('SIGKILL');
  await demo.ended();

  const continued = await run(person, ['tasks', 'continue', taskId]);
  expect(continued.exitCode).toBe(2);
  expect(continued.stderr).toMatch(/is a demo that was interrupted.*\n.*spiral demo/);
  const serving = start(person, ['serve']);
  const work = await run(person, ['Write a sum', '-w', person.workspace]);
  expect(work.exitCode).toBe(0);
  expect(work.stderr).not.toContain(taskId);
  // A serving process takes up what is left within seconds: it has ended the demo, which it was asked to, and nothing else.
  expect((await run(person, ['stop', taskId])).exitCode).toBe(0);
  serving.child.kill('SIGTERM');
  await serving.ended();
  const { events } = await run(person, ['events', '--task', taskId, '--json']);
  expect(events.filter(({ type }) => type === 'engine.started')).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'task.finished', outcome: { status: 'cancelled', costUsd: 0 } });
  expect(JSON.stringify(stage.requests)).not.toContain('scraper');

  const more = await run(person, ['tasks', 'continue', taskId, 'add pages']);
  expect(more.exitCode).toBe(2);
  expect(more.stderr).toContain('its model was rehearsed');
  await stage.close();
  person = undefined;
});

test('the demo of a project shows a plan that is challenged, a phase that is sent back, and a report', async () => {
  person = newPerson();
  const { exitCode, stdout, stderr } = await run(person, ['demo', 'project']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('the model behind every agent is a script');
  expect(stderr).toContain('QA: ❌ rejected');
  expect(stdout).toContain('📊 PROJECT STATUS: Word counter, 3 of 3 phases done');
  expect(stdout).toMatch(/Phase 2: Command line - .*2 attempts; commit [0-9a-f]{10}$/m);
  expect(stdout).toContain('✨ Project completed!');
  const folder = join(person.folder, 'agent-workspace', 'demo');
  const tested = execFileSync(process.execPath, ['--test'], { cwd: folder, encoding: 'utf8' });
  expect(tested).toMatch(/fail 0/);
});

test('the demo of a review reads real code, and what is invented is dropped and counted', async () => {
  person = newPerson();
  const { exitCode, stdout, stderr } = await run(person, ['demo', 'qa']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Reading src/sign-in.js');
  expect(stdout).toContain('Passwords are hashed with MD5 (CRITICAL) src/sign-in.js:6');
  expect(stdout).not.toContain('src/session.js');
  expect(stdout).toMatch(/Dropped: 1 finding about a place that does not exist/);
});

needs(...configured.needed)('the demo runs on configured servers as well', async () => {
  const stage = await configured.stage(green);
  const { exitCode, events } = await run(stage.person, ['demo', '--json']);
  expect(exitCode).toBe(0);
  expect(events.at(-1)).toMatchObject({ outcome: { status: 'succeeded', verified: true, promptsUsed: 2 } });
  expect(stage.requests).toHaveLength(0);
  await stage.close();
});

test('the demo leaves a scraper that works, says that its model is rehearsed, and can be run again', async () => {
  person = newPerson();
  const first = await run(person, ['demo']);
  expect(first.stderr).toContain('the model behind it is a script');
  expect(first.stdout).toContain('✨ Task completed successfully via Claude Code!');
  const scraper = join(person.folder, 'agent-workspace', 'demo');
  const tested = execFileSync(process.execPath, ['--test'], { cwd: scraper, encoding: 'utf8' });
  expect(tested).toMatch(/pass 8/);
  const second = await run(person, ['demo']);
  expect(second.exitCode).toBe(0);
  expect(existsSync(join(person.folder, 'agent-workspace', 'demo-2', 'package.json'))).toBe(true);
});
