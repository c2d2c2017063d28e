import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Script } from '../../src/rehearsal/server.ts';
import { embedded } from '../support/installations.ts';
import { run, start, story } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

/** Holds every answer back until `open` is called. */
function gate(): { readonly script: Script; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    open: () => open(),
    async script() {
      await opened;
      return { kind: 'message', blocks: [{ type: 'text', text: 'Nothing to do.' }] };
    },
  };
}

test('two tasks in different workspaces run side by side on a home that was empty', async () => {
  const { script, open } = gate();
  on = await embedded.stage(script);
  const tasks = ['one', 'two'].map((name) =>
    start(on.person, ['Look around', '-w', join(on.person.folder, name), '--json']),
  );
  await Promise.all(tasks.map((task) => task.event(({ type }) => type === 'engine.started')));
  open();
  const ended = await Promise.all(tasks.map((task) => task.ended()));
  expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
});

test('a second task in one workspace says whom it waits for, and goes on when that one is done', async () => {
  const { script, open } = gate();
  on = await embedded.stage(script);
  const first = start(on.person, ['Look around', '-w', on.person.workspace, '--json']);
  await first.event(({ type }) => type === 'engine.started');
  const second = start(on.person, ['Look around', '-w', join(on.person.workspace, 'inside'), '--json']);
  const waiting = await second.event(({ type }) => type === 'task.waiting');
  open();
  const [one, two] = await Promise.all([first.ended(), second.ended()]);
  const taskId = one.events[0]?.taskId;
  expect(waiting).toMatchObject({ reason: expect.stringContaining(`task ${taskId} is working in`) });
  expect([one.exitCode, two.exitCode]).toEqual([0, 0]);
  expect(story(two.events).slice(0, 4)).toEqual(['task.accepted', 'task.waiting', 'task.resumed', 'task.analysed']);
  const finished = one.events.at(-1)?.id ?? Number.POSITIVE_INFINITY;
  const began = two.events.find(({ type }) => type === 'engine.started')?.id ?? 0;
  expect(began).toBeGreaterThan(finished);
});

test('a task that waits can be cancelled', async () => {
  const { script, open } = gate();
  on = await embedded.stage(script);
  const first = start(on.person, ['Look around', '-w', on.person.workspace, '--json']);
  await first.event(({ type }) => type === 'engine.started');
  const second = start(on.person, ['Look around', '-w', on.person.workspace, '--json']);
  await second.event(({ type }) => type === 'task.waiting');
  second.child.kill('SIGINT');
  const cancelled = await second.ended();
  expect(cancelled.exitCode).toBe(130);
  expect(cancelled.events.at(-1)).toMatchObject({ outcome: { status: 'cancelled', promptsUsed: 0 } });
  open();
  expect((await first.ended()).exitCode).toBe(0);
});

test('the last process to leave stops the embedded database, and the next one starts it again', async () => {
  on = await embedded.stage(() => ({ kind: 'message', blocks: [{ type: 'text', text: 'Nothing to do.' }] }));
  expect((await run(on.person, ['Look around', '-w', on.person.workspace, '--json'])).exitCode).toBe(0);
  const stopped = await run(on.person, ['doctor', '--stop-database']);
  expect(stopped.stdout).toContain('No embedded database is running');
  expect((await run(on.person, ['tasks'])).stdout).toContain('succeeded');
});
