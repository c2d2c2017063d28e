import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { embedded } from '../support/installations.ts';
import { type Ended, run } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

const question = {
  question: 'Which database?',
  header: 'Database',
  multiSelect: false,
  options: [
    { label: 'PostgreSQL', description: 'rows and joins' },
    { label: 'MongoDB', description: 'documents' },
  ],
};

/** Asks, and writes down what it was told. */
const asking: Script = ({ prompts, turn, results }) => {
  const told = results.map(({ text }) => text).join(' ');
  const words = /PostgreSQL 18|MySQL/.exec(`${told} ${prompts.at(-1) ?? ''}`)?.[0];
  if (words && turn < 3) {
    const blocks = told.includes('created') ? [say('Written.')] : [write('choice.txt', `${words}\n`)];
    return { kind: 'message', blocks };
  }
  if (turn > 0) return { kind: 'message', blocks: [say('Done.')] };
  const call = { type: 'tool', name: 'AskUserQuestion', input: { questions: [question] } } as const;
  return { kind: 'message', blocks: [say('I need to know something.'), call] };
};

function questionIn({ events }: Ended): string {
  const asked = events.find((event) => event.type === 'question.asked');
  if (asked?.type !== 'question.asked') throw new Error('nobody was asked');
  return asked.questionId;
}

test('what Claude Code asks in the middle of its work waits for a person, and their words reach the same session', async () => {
  on = await embedded.stage(asking);
  const { person } = on;
  const first = await run(person, ['Store the words', '-w', person.workspace, '--json']);
  expect(first.exitCode).toBe(3);
  expect(first.events.at(-1)).toMatchObject({ type: 'task.waiting' });
  const id = questionIn(first);
  const pending = await run(person, ['pending']);
  expect(pending.stdout).toContain('Which database?');
  expect(pending.stdout).toContain('- PostgreSQL: rows and joins');
  expect(pending.stdout).toContain(`spiral answer ${id} "your words"`);

  const second = await run(person, ['answer', id, 'PostgreSQL 18', '--json']);
  expect(second.exitCode).toBe(0);
  expect(readFileSync(join(person.workspace, 'choice.txt'), 'utf8')).toBe('PostgreSQL 18\n');
  const all = [...first.events, ...second.events];
  const sessions = all.flatMap((event) => (event.type === 'engine.started' ? [event.sessionId] : []));
  expect(sessions).toHaveLength(2);
  expect(new Set(sessions).size).toBe(1);
  expect(all.filter(({ type }) => type === 'prompt.spent')).toHaveLength(1);
  const late = await run(person, ['answer', id, 'MySQL']);
  expect(late.exitCode).toBe(2);
});

test('at night nobody is asked: the agent has no way to', async () => {
  on = await embedded.stage(asking);
  const { person } = on;
  const ended = await run(person, ['Store the words', '-w', person.workspace, '--unattended', '--json']);
  expect(ended.events.filter(({ type }) => type === 'question.asked')).toHaveLength(0);
  const offered = on.requests.flatMap(({ body }) => (body.tools ?? []).map(({ name }) => name));
  expect(offered).not.toContain('AskUserQuestion');
  expect(ended.exitCode).toBe(0);
});
