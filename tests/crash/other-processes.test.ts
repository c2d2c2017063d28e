import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { SpiralEvent } from '../../src/domain/event.ts';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/processes.ts';
import { type Ended, run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';
import { redThenGreen, serveUntilFinished, task } from './two-rounds.ts';

let on: Stage;
afterEach(() => on?.close());

type Moment = { readonly name: string; readonly has: (event: SpiralEvent) => boolean };

/** Three named moments of a task. */
const moments: readonly Moment[] = [
  { name: 'when Claude Code has started', has: ({ type }) => type === 'engine.started' },
  { name: 'after a command', has: ({ type }) => type === 'command.ran' },
  {
    name: 'in the second round',
    has: (event) => event.type === 'prompt.spent' && event.round === 2,
  },
];

for (const { name, has } of moments) {
  needs('bwrap')(`Claude Code is killed ${name}: the task goes on by itself in the same session`, async () => {
    on = await embedded.stage(redThenGreen);
    const running = start(on.person, task(on.person.workspace));
    await running.event(has);
    await until(
      () => claudeCodeOf(on),
      (found) => found.length > 0,
      10_000,
    );
    for (const pid of claudeCodeOf(on)) process.kill(pid, 'SIGKILL');
    const ended = await running.ended();
    expect(ended.exitCode).toBe(0);
    expectWhole(ended.events);
    const starts = ended.events.filter((event) => event.type === 'engine.started');
    expect(new Set(starts.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(starts.length).toBeGreaterThan(2);
  });

  needs()(`PostgreSQL is killed ${name}: the task is left as it is, says so, and goes on by itself`, async () => {
    on = await embedded.stage(redThenGreen);
    const running = start(on.person, task(on.person.workspace));
    const accepted = await running.event(({ type }) => type === 'task.accepted');
    await running.event(has);
    process.kill(postmasterOf(on), 'SIGKILL');
    const ended = await running.ended();
    const taskId = accepted.type === 'task.accepted' ? accepted.taskId : '';
    if (ended.exitCode !== 0) expectExplained(ended);
    expectWhole(await serveUntilFinished(on, taskId));
  });

  needs(...configured.needed)(`Redis is killed ${name}: a serving process takes the task to its end`, async () => {
    on = await configured.stage(redThenGreen);
    const serving = start(on.person, ['serve']);
    // One that cannot reach its queue when it starts says so and ends; this is about one that loses it.
    await serving.told('serves this machine');
    const running = start(on.person, task(on.person.workspace));
    const accepted = await running.event(({ type }) => type === 'task.accepted');
    const taskId = accepted.type === 'task.accepted' ? accepted.taskId : '';
    await running.event(has);
    running.child.kill('SIGKILL');
    await on.redis?.killAndRestart();
    const follower = start(on.person, ['events', '--follow', '--task', taskId, '--json']);
    await follower.event(({ type }) => type === 'task.finished');
    for (const { child } of [follower, serving]) child.kill('SIGTERM');
    await Promise.all([follower.ended(), serving.ended()]);
    expectWhole((await run(on.person, ['events', '--task', taskId, '--json'])).events);
  });
}

function expectWhole(events: readonly SpiralEvent[]): void {
  const prompts = events.flatMap((event) => (event.type === 'prompt.spent' ? [event.round] : []));
  expect(prompts).toEqual([1, 2]);
  const ends = events.flatMap((event) => (event.type === 'task.finished' ? [event.outcome] : []));
  expect(ends).toHaveLength(1);
  expect(ends[0]).toMatchObject({ status: 'succeeded', verified: true });
}

function expectExplained({ exitCode, stderr }: Ended): void {
  expect(exitCode).toBe(1);
  expect(stderr).toContain('❌');
  expect(stderr).not.toContain('    at ');
}

/** The processes of Claude Code itself that work for this person, seen from outside of their namespace. */
function claudeCodeOf({ person }: Stage): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return program.endsWith('/claude') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(person.folder);
      } catch {
        return false; // It ended while we looked.
      }
    });
}

function postmasterOf({ person }: Stage): number {
  const file = join(person.environment['SPIRAL_HOME'] ?? '', 'postgres', 'data', 'postmaster.pid');
  return Number(readFileSync(file, 'utf8').split('\n')[0]);
}
