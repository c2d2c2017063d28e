import { execFileSync } from 'node:child_process';
import { describe, expect } from 'vitest';
import type { NewsType, SpiralEvent } from '../../src/domain/event.ts';
import type { TaskId } from '../../src/domain/identifiers.ts';
import { projectPlay, projectTask } from '../../src/rehearsal/team/project-play.ts';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { processesMentioning, until } from '../support/processes.ts';
import { run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';
import { serveUntilFinished } from './two-rounds.ts';

const walkMs = 8 * 60_000;

/** What is told when a step of a project was saved. */
const steps: readonly NewsType[] = [
  'prompt.spent',
  'project.planned',
  'plan.challenged',
  'plan.settled',
  'phase.started',
  'phase.reviewed',
  'phase.evaluated',
  'project.finished',
];

describe.each([embedded, configured])('with $name', ({ stage, needed }) => {
  needs(...needed, 'bwrap')(
    'a project whose process is killed at every step is built to its end, with nothing lost, done or paid twice',
    async () => {
      const on = await stage(projectPlay());
      try {
        const project = await killedAtEveryStep(on);
        await serveUntilFinished(on, project);
        await expectWhole(on, project);
      } finally {
        await on.close();
      }
    },
    walkMs,
  );
});

/** Kills whoever drives the project after each step, and begins again, until only its end is left. */
async function killedAtEveryStep(on: Stage): Promise<TaskId> {
  let id: TaskId | undefined;
  let last = 0;
  for (;;) {
    const running = start(on.person, id === undefined ? create(on) : ['tasks', 'continue', id, '--json']);
    const step = await running.event((event) => isStep(event, id) && event.id > last);
    running.child.kill('SIGKILL');
    await running.ended();
    id ??= step.taskId;
    last = step.id;
    // What Claude Code ran for it ends with it.
    await until(
      () => processesMentioning(on.person.workspace),
      (left) => left.length === 0,
      5000,
    );
    if (step.type === 'project.finished') return id;
  }
}

function create({ person }: Stage): string[] {
  return ['--agent', 'pm', projectTask, '-w', person.workspace, '--json'];
}

/** Of the project itself: the walk over the steps of a task is a test of its own. */
function isStep(event: SpiralEvent, project: TaskId | undefined): boolean {
  return steps.includes(event.type) && (project === undefined || event.taskId === project);
}

async function expectWhole({ person }: Stage, project: TaskId): Promise<void> {
  const { events } = await run(person, ['events', '--task', project, '--json']);
  const own = events.filter(({ taskId }) => taskId === project);
  const paid = own.flatMap((event) => (event.type === 'prompt.spent' ? [event.agent] : []));
  const phase = ['quality-assurance', 'project-manager'];
  expect(paid).toEqual([
    'project-manager',
    'creative-innovator',
    'decision-maker',
    'project-manager',
    ...phase,
    ...phase,
    ...phase,
    ...phase,
    'project-manager',
  ]);
  const builders = events.filter((event) => event.type === 'prompt.spent' && event.agent === 'developer');
  expect(builders).toHaveLength(4);
  const finished = own.flatMap((event) => (event.type === 'phase.finished' ? [event.phase] : []));
  expect(finished).toEqual(['Counting', 'Command line', 'Documentation']);
  expect(own.filter(({ type }) => type === 'phase.started')).toHaveLength(4);
  expect(own.filter(({ type }) => type === 'project.finished')).toHaveLength(1);
  expect(own.at(-1)).toMatchObject({ type: 'task.finished', outcome: { status: 'succeeded', verified: true } });
  const log = execFileSync('git', ['-C', person.workspace, 'log', '--format=%s'], { encoding: 'utf8' });
  expect(log.trim().split('\n')).toEqual(['Documentation', 'Command line', 'Counting']);
}
