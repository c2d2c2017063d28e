import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from 'vitest';
import type { Conversation } from '../../src/rehearsal/messages.ts';
import { bash, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { configured, embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { processesMentioning, until } from '../support/processes.ts';
import { run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

/** Writes one file, then leaves a command running that ignores SIGTERM and a daemon; asked again, it finishes. */
const interruptible: Script = ({ prompts, turn }: Conversation) => {
  if (prompts.length > 1) return { kind: 'message', blocks: [say('Finished what was begun.')] };
  if (turn === 0) return { kind: 'message', blocks: [write('first.txt', 'one\n')] };
  return {
    kind: 'message',
    blocks: [bash(`trap '' TERM; setsid sleep 3001 & echo begun > begun.txt; sleep 3002`, 'Never ends')],
  };
};

describe.each([embedded, configured])('a kill -9 in the middle of a round, with $name', ({ stage, needed }) => {
  const test = needs(...needed);
  let on: Stage;
  afterEach(() => on?.close());

  /** Starts a task, waits until Claude Code runs its endless command, and kills our process. */
  async function killed(): Promise<string> {
    const running = start(on.person, ['Write two files', '-w', on.person.workspace, '--json']);
    const accepted = await running.event(({ type }) => type === 'task.accepted');
    await running.event((event) => event.type === 'progress' && event.text.startsWith('Running trap'));
    await until(
      () => existsSync(join(on.person.workspace, 'begun.txt')),
      (begun) => begun,
      60_000,
    );
    running.child.kill('SIGKILL');
    await running.ended();
    return accepted.taskId;
  }

  needs(...needed, 'bwrap')(
    'leaves no orphan after 5 s, and the task goes on in the same session without a second prompt',
    async () => {
      on = await stage(interruptible);
      const taskId = await killed();
      await until(
        () => processesMentioning(on.person.workspace),
        (left) => left.length === 0,
        5000,
      );

      const listed = await run(on.person, ['tasks']);
      expect(listed.stdout).toContain('interrupted');
      expect(listed.stdout).toContain(`spiral tasks continue ${taskId}`);

      const { exitCode, events } = await run(on.person, ['tasks', 'continue', taskId, '--json']);
      expect(exitCode).toBe(0);
      expect(events[0]).toMatchObject({ type: 'engine.started', resumed: true, round: 1 });
      expect(events.at(-1)).toMatchObject({
        outcome: {
          status: 'succeeded',
          promptsUsed: 1,
          filesCreated: expect.arrayContaining(['first.txt', 'begun.txt']),
          claim: 'Finished what was begun.',
        },
      });
      const everything = await run(on.person, ['events', '--task', taskId, '--json']);
      const sessions = everything.events.flatMap((event) => (event.type === 'engine.started' ? [event.sessionId] : []));
      expect(sessions).toHaveLength(2);
      expect(new Set(sessions).size).toBe(1);
      expect(everything.events.filter(({ type }) => type === 'prompt.spent')).toHaveLength(1);
      expect(everything.events.filter(({ type }) => type === 'task.finished')).toHaveLength(1);
    },
  );

  test('is taken up by a serving process by itself', async () => {
    on = await stage(interruptible);
    const taskId = await killed();
    const serving = start(on.person, ['serve']);
    const follower = start(on.person, ['events', '--follow', '--task', taskId, '--json']);
    const finished = await follower.event(({ type }) => type === 'task.finished');
    expect(finished).toMatchObject({ outcome: { status: 'succeeded', promptsUsed: 1 } });
    follower.child.kill('SIGINT');
    serving.child.kill('SIGTERM');
    expect((await follower.ended()).exitCode).toBe(0);
    expect((await serving.ended()).exitCode).toBe(0);
  });

  test('does not stand in the way of a new task in the same workspace', async () => {
    on = await stage(interruptible);
    await killed();
    const { exitCode, events } = await run(on.person, ['Write a note', '-w', on.person.workspace, '--json', '-t', '3']);
    expect(exitCode).toBe(124);
    expect(events.some(({ type }) => type === 'task.waiting')).toBe(false);
  });
});
