import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { SpiralEvent } from '../../src/domain/event.ts';
import { projectPlay, projectTask } from '../../src/rehearsal/team/project-play.ts';
import { embedded } from '../support/installations.ts';
import { type Person, run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

function create(person: Person, ...more: readonly string[]): string[] {
  return ['--agent', 'pm', projectTask, '-w', person.workspace, '--json', ...more];
}

function phases(events: readonly SpiralEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'phase.finished' ? [`${event.phase}: ${event.status} after ${event.attempts}`] : [],
  );
}

function questionIn(events: readonly SpiralEvent[]): string {
  const asked = events.findLast((event) => event.type === 'question.asked');
  if (asked?.type !== 'question.asked') throw new Error('nobody was asked');
  return asked.questionId;
}

function ids(events: readonly SpiralEvent[]) {
  const taskId = events[0]?.taskId;
  if (taskId === undefined) throw new Error('there is no event of a task');
  return taskId;
}

test('a phase that is rejected twice is mended in its session, and every phase is a commit', async () => {
  on = await embedded.stage(projectPlay({ 'Command line': 2 }));
  const { exitCode, events } = await run(on.person, create(on.person));
  expect(exitCode).toBe(0);
  expect(phases(events)).toEqual([
    'Counting: done after 1',
    'Command line: done after 3',
    'Documentation: done after 1',
  ]);
  const commits = events.flatMap((event) => (event.type === 'phase.finished' ? [event.commit] : []));
  const verdicts = events.flatMap((event) => (event.type === 'phase.reviewed' ? [event.verdict] : []));
  expect(verdicts).toEqual(['passed', 'rejected', 'rejected', 'passed', 'passed']);
  const sessions = events.flatMap((event) => (event.type === 'engine.started' ? [event.sessionId] : []));
  expect(new Set(sessions).size).toBe(3);
  expect(new Set(sessions.slice(1, 4)).size).toBe(1);
  expect(events.at(-1)).toMatchObject({
    type: 'task.finished',
    outcome: { status: 'succeeded', verified: true, summary: '3 of 3 phases done' },
  });
  const log = execFileSync('git', ['-C', on.person.workspace, 'log', '--format=%s'], { encoding: 'utf8' });
  expect(log.trim().split('\n')).toEqual(['Documentation', 'Command line', 'Counting']);
  const names = execFileSync('git', ['-C', on.person.workspace, 'log', '--reverse', '--format=%H'], {
    encoding: 'utf8',
  });
  expect(names.trim().split('\n')).toEqual(commits);
  expect(execFileSync('git', ['-C', on.person.workspace, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');

  const listed = await run(on.person, ['projects']);
  expect(listed.stdout).toContain('Word counter');
  const report = await run(on.person, ['projects', 'report', ids(events)]);
  expect(report.stdout).toContain('Command line');
  expect(report.stdout).toMatch(/opinion/i);
});

test('after enough attempts a person is asked, and with their answer the project goes on to its end', async () => {
  on = await embedded.stage(projectPlay({ 'Command line': 3 }));
  const first = await run(on.person, create(on.person));
  expect(first.exitCode).toBe(3);
  expect(phases(first.events)).toEqual(['Counting: done after 1']);
  const question = questionIn(first.events);
  const pending = await run(on.person, ['pending']);
  expect(pending.stdout).toContain(`spiral answer ${question} continue`);

  const wrong = await run(on.person, ['answer', question, 'perhaps']);
  expect(wrong.exitCode).toBe(2);
  const second = await run(on.person, ['answer', question, 'change', 'tell of it in one line', '--json']);
  expect(second.exitCode).toBe(0);
  expect(phases(second.events)).toEqual(['Command line: done after 4', 'Documentation: done after 1']);
  const told = second.events.find((event) => event.type === 'task.accepted');
  expect(told).toMatchObject({ text: expect.stringContaining('A person says: tell of it in one line') });
  const again = await run(on.person, ['answer', question, 'stop']);
  expect(again.exitCode).toBe(2);
});

test('a plan is confirmed at one revision, can be changed in words, and a project can be stopped', async () => {
  on = await embedded.stage(projectPlay());
  const planned = await run(on.person, create(on.person, '--approve-plan'));
  expect(planned.exitCode).toBe(3);
  expect(planned.events.filter(({ type }) => type === 'phase.started')).toHaveLength(0);
  const first = questionIn(planned.events);
  const revised = await run(on.person, ['answer', first, 'revise', 'Documentation comes last', '--json']);
  expect(revised.exitCode).toBe(3);
  const second = questionIn(revised.events);
  expect(second).not.toBe(first);
  expect(revised.events.findLast(({ type }) => type === 'project.planned')).toMatchObject({ revision: 3 });
  // The plan that was shown before cannot be confirmed any more.
  expect((await run(on.person, ['answer', first, 'approve'])).exitCode).toBe(2);
  const stopped = await run(on.person, ['answer', second, 'stop', '--json']);
  expect(stopped.exitCode).toBe(130);
  expect(stopped.events.at(-1)).toMatchObject({ type: 'task.finished', outcome: { status: 'cancelled' } });
});

test('two projects are built side by side, one is held and goes on in the same session, and more is built on it', async () => {
  on = await embedded.stage(projectPlay({}));
  const elsewhere = join(on.person.folder, 'elsewhere');
  const running = start(on.person, create(on.person));
  const other = run(on.person, ['--agent', 'pm', projectTask, '-w', elsewhere, '--json']);
  await running.event((event) => event.type === 'engine.started');
  const id = ids([await running.event(({ type }) => type === 'task.accepted')]);
  const held = await run(on.person, ['projects', 'hold', id]);
  expect(held.exitCode).toBe(0);
  await running.ended();
  const shown = await run(on.person, ['projects', 'show', id]);
  expect(shown.stdout).toMatch(/held/i);
  const { exitCode } = await run(on.person, ['projects', 'continue', id, '--json']);
  expect(exitCode).toBe(0);
  const { events } = await run(on.person, ['events', '--task', id, '--json']);
  expect(phases(events)).toHaveLength(3);
  const spent = events.filter((event) => event.type === 'prompt.spent' && event.agent === 'developer');
  expect(spent).toHaveLength(3);
  const beside = await other;
  expect(beside.exitCode).toBe(0);
  expect(beside.events.at(-1)).toMatchObject({ outcome: { status: 'succeeded' } });
  expect(phases(beside.events)).toHaveLength(3);

  const follow = start(on.person, ['--project', id, 'also add 2FA', '--json']);
  expect(await follow.event(({ type }) => type === 'task.accepted')).toMatchObject({
    workspace: on.person.workspace,
    continues: id,
  });
  await follow.event(({ type }) => type === 'phase.finished');
  await run(on.person, ['stop', '--all']);
  await follow.ended();
});
