import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { NewsType, SpiralEvent } from '../../src/domain/event.ts';
import { customers, toolPlay, toolTask } from '../../src/rehearsal/tool/tool-play.ts';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { processesMentioning, until } from '../support/processes.ts';
import { type Ended, run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

const walkMs = 8 * 60_000;
const waiting = 3;

/** What is told when a step of the work on a tool was saved. */
const steps: readonly NewsType[] = [
  'task.waiting',
  'tool-request.assessed',
  'question.answered',
  'prompt.spent',
  'tool-build.advanced',
  'tool-build.proved',
  'tool-request.closed',
  'task.finished',
];

describe.each([embedded, configured])('with $name', ({ stage, needed }) => {
  needs(...needed, 'bwrap')(
    'a tool whose work is killed at every step is built, adopted and used, with nothing lost, done or paid twice',
    async () => {
      const on = await stage(toolPlay());
      try {
        mkdirSync(on.person.workspace, { recursive: true });
        writeFileSync(join(on.person.workspace, 'customers.csv'), customers);
        const kills = await killedAtEveryStep(on);
        expect(kills.length).toBeGreaterThan(15);
        await expectWhole(on);
      } finally {
        await on.close();
      }
    },
    walkMs,
  );
});

/** Kills whoever goes on with it after each step, and begins again, until the task is over; what a person is asked they answer. */
async function killedAtEveryStep(on: Stage): Promise<NewsType[]> {
  const { person } = on;
  const kills: NewsType[] = [];
  let command = [toolTask, '-w', person.workspace, '--json'];
  let last = 0;
  for (;;) {
    const running = start(person, command);
    const isNext = (event: SpiralEvent) => steps.includes(event.type) && event.id > last;
    const step = await running.event(isNext).catch(() => undefined);
    if (step) {
      running.child.kill('SIGKILL');
      kills.push(step.type);
      last = step.id;
    }
    const ended = await running.ended();
    await until(
      () => processesMentioning(person.folder).filter((line) => !line.includes('postgres')),
      (left) => left.length === 0,
      5000,
    );
    const next = step ? await continued(on) : await answered(on, ended);
    if (!next) return kills;
    command = next;
  }
}

/** Goes on with the task that lacked the tool; undefined when it is over. */
async function continued({ person }: Stage): Promise<string[] | undefined> {
  const { stdout } = await run(person, ['tasks', '--json']);
  const tasks = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const task = tasks.find(({ text }) => text === toolTask);
  return task.state.kind === 'finished' ? undefined : ['tasks', 'continue', task.id, '--json'];
}

async function answered(on: Stage, { exitCode, stderr }: Ended): Promise<string[] | undefined> {
  if (exitCode !== waiting) {
    expect(exitCode, stderr).toBe(0);
    return continued(on);
  }
  const { stdout } = await run(on.person, ['pending', '--json']);
  const { id, kind } = JSON.parse(stdout.trim().split('\n')[0] ?? '{}');
  return kind === 'tool-request' ? ['decide', id, 'approve', '--json'] : ['answer', id, 'adopt', '--json'];
}

async function expectWhole({ person }: Stage): Promise<void> {
  const { events } = await run(person, ['events', '--json']);
  const of = <Type extends NewsType>(type: Type) =>
    events.filter((event): event is SpiralEvent & { readonly type: Type } => event.type === type);
  for (const once of [
    'tool-request.filed',
    'tool-request.assessed',
    'tool-request.decided',
    'tool-request.closed',
  ] as const) {
    expect(of(once), once).toHaveLength(1);
  }
  expect(of('tool.registered')).toHaveLength(1);
  expect(of('tool-build.proved').map(({ isGreen }) => isGreen)).toEqual([false, true]);
  // Of the request and the build: assessed, planned, researched, held out, written, mended, documented; and the task itself.
  expect(
    of('prompt.spent')
      .map(({ agent }) => agent)
      .toSorted(),
  ).toEqual([
    'developer',
    'developer',
    'developer',
    'project-manager',
    'project-manager',
    'project-manager',
    'project-manager',
    'quality-assurance',
  ]);
  const used = of('tool.used');
  expect(used.length).toBeGreaterThanOrEqual(1);
  expect(used.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
  expect(of('task.finished').at(-1)).toMatchObject({ outcome: { status: 'succeeded', verified: true } });
}
