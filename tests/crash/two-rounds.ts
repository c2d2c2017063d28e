import type { SpiralEvent } from '../../src/domain/event.ts';
import { bash, say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

/** Made by one command, so that doing it a second time changes nothing. */
const make = `printf '{ "type": "module" }\n' > package.json
printf 'export const sum = (a, b) => a - b;\n' > sum.js
printf "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { sum } from './sum.js';\ntest('adds', () => assert.equal(sum(1, 2), 3));\n" > sum.test.js`;
const mend = `printf 'export const sum = (a, b) => a + b;\n' > sum.js`;

/** What each answer is billed with. */
const usage = { inputTokens: 1000, outputTokens: 100 };

/** Red after the first round, green after the second, whatever was interrupted in between. */
export const redThenGreen: Script = ({ prompts, turn }) => {
  const isMend = (prompts.at(-1) ?? '').includes('<test-results>');
  const steps = isMend
    ? [[bash(mend, 'Mend it')], [say('Mended.')]]
    : [[say('Making it…'), bash(make, 'Make it')], [bash('node --test', 'Run the tests')], [say('Made.')]];
  return { kind: 'message', blocks: steps[turn] ?? [say('Nothing more.')], usage };
};

export const task = (workspace: string) => ['Write a sum module with tests', '-w', workspace, '--json'];

/** Lets a serving process find what was left, until the task is over; nobody asks it to. */
export async function serveUntilFinished({ person }: Stage, taskId: string): Promise<readonly SpiralEvent[]> {
  const serving = start(person, ['serve']);
  const follower = start(person, ['events', '--follow', '--task', taskId, '--json']);
  try {
    await follower.event((event) => event.type === 'task.finished' && event.taskId === taskId);
  } finally {
    follower.child.kill('SIGINT');
    serving.child.kill('SIGTERM');
    await Promise.all([follower.ended(), serving.ended()]);
  }
  return (await run(person, ['events', '--task', taskId, '--json'])).events;
}
