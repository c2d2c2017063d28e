import { afterEach, expect } from 'vitest';
import { bash, say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { cast } from '../../src/rehearsal/team/cast.ts';
import { embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { silent } from '../support/plays.ts';
import { processesMentioning, until } from '../support/processes.ts';
import { run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on?.close());

/** A command that ignores SIGTERM, and beside it a daemon; asked again, it is done. */
const stubborn: Script = ({ prompts }) => ({
  kind: 'message',
  blocks:
    prompts.length > 1
      ? [say('Done.')]
      : [bash(`trap '' TERM; setsid sleep 5001 & echo begun > begun.txt; sleep 5002`, 'Never ends')],
});

const task = () => ['Write a note', '-w', on.person.workspace, '--json'];

/** Starts the task and resolves with its id when its endless command runs. */
async function running() {
  const program = start(on.person, task());
  const accepted = await program.event(({ type }) => type === 'task.accepted');
  await until(
    () => processesMentioning('sleep 5002').length,
    (count) => count > 0,
    60_000,
  );
  return { program, id: accepted.type === 'task.accepted' ? accepted.taskId : '' };
}

needs('setsid')('a stop ends every process of the task, and continuing goes on in its session', async () => {
  on = await embedded.stage(stubborn);
  const { program, id } = await running();
  const stopped = await run(on.person, ['stop', id]);
  expect(stopped.exitCode).toBe(0);
  expect(processesMentioning('sleep 500')).toEqual([]);
  const ended = await program.ended();
  expect(ended.exitCode).toBe(130);
  expect(ended.events.at(-1)).toMatchObject({ outcome: { status: 'cancelled' } });

  const continued = await run(on.person, ['tasks', 'continue', id, '--json']);
  expect(continued.exitCode).toBe(0);
  expect(continued.events[0]).toMatchObject({ type: 'task.accepted', continues: id });
  const sessions = [...ended.events, ...continued.events].flatMap((event) =>
    event.type === 'engine.started' ? [event.sessionId] : [],
  );
  expect(new Set(sessions).size).toBe(1);
});

needs('setsid')('a stop works while the database cannot be reached, and the task does not begin again', async () => {
  on = await embedded.stage(stubborn);
  const { program, id } = await running();
  const away = {
    ...on.person,
    environment: { ...on.person.environment, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/x' },
  };
  const stopped = await run(away, ['stop', '--all']);
  expect(processesMentioning('sleep 500')).toEqual([]);
  expect(`${stopped.stdout}${stopped.stderr}`).toContain('database');
  const ended = await program.ended();
  expect(ended.events.at(-1)).toMatchObject({ type: 'task.finished', taskId: id, outcome: { status: 'cancelled' } });
});

needs()('a model that hangs is stopped as well', async () => {
  on = await embedded.stage(silent);
  const program = start(on.person, task());
  const begun = await program.event(({ type }) => type === 'engine.started');
  const id = begun.type === 'engine.started' ? begun.taskId : '';
  expect((await run(on.person, ['stop', id])).exitCode).toBe(0);
  expect((await program.ended()).exitCode).toBe(130);
});

needs()('a task that nobody knows is a mistake, told in one line', async () => {
  on = await embedded.stage(silent);
  const { exitCode, stderr } = await run(on.person, ['stop', 'zzzzzzzz']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('zzzzzzzz');
});

needs('setsid')('a stop of a project ends every process of its tasks at once', async () => {
  const plan = {
    kind: 'plan',
    title: 'A note',
    phases: [
      {
        name: 'Note',
        goal: 'a note',
        task: 'write it',
        criteria: [{ criterion: 'it is there', checkedBy: 'file', subject: 'note.txt' }],
        dependsOn: [],
      },
    ],
  };
  const nothing = { kind: 'challenges', challenges: [] };
  on = await embedded.stage(cast({ 'project-manager': [plan], 'creative-innovator': [nothing], developer: stubborn }));
  const program = start(on.person, ['--agent', 'pm', ...task()]);
  const accepted = await program.event(({ type }) => type === 'task.accepted');
  await until(
    () => processesMentioning('sleep 5002').length,
    (count) => count > 0,
    60_000,
  );
  const stopped = await run(on.person, ['stop', accepted.taskId]);
  expect(stopped.exitCode).toBe(0);
  expect(processesMentioning('sleep 500')).toEqual([]);
  const ended = await program.ended();
  expect(ended.exitCode).toBe(130);
  const ends = ended.events.flatMap((event) => (event.type === 'task.finished' ? [event.outcome.status] : []));
  expect(ends).toEqual(['cancelled', 'cancelled']);
});
