import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bash, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { type Ended, run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on.close());

/** Wants to write a protected file, does as it is told, and writes down what that was. */
const wanting: Script = ({ prompts, turn, results }) => {
  const told = prompts.at(-1) ?? '';
  const isRefused = /refused/.test(told);
  if (turn === 0) {
    const call = isRefused ? write('told.txt', told) : write('.mcp.json', 'mine\n');
    return { kind: 'message', blocks: [say('I set the tools up.'), call] };
  }
  return { kind: 'message', blocks: [say(results.map(({ text }) => text).join(' '))] };
};

function questionIn({ events }: Pick<Ended, 'events'>): string {
  const asked = events.find((event) => event.type === 'question.asked');
  if (asked?.type !== 'question.asked') throw new Error('nobody was asked');
  expect(asked.kind).toBe('permission');
  return asked.questionId;
}

const fileOf = (name: string) => join(on.person.workspace, name);

test('what needs permission waits for a person, and is done in the same session once they allow it', async () => {
  on = await embedded.stage(wanting);
  const { person } = on;
  const first = await run(person, ['Set the tools up', '-w', person.workspace, '--json']);
  expect(first.exitCode).toBe(3);
  expect(first.events.at(-1)).toMatchObject({ type: 'task.waiting' });
  expect(existsSync(fileOf('.mcp.json'))).toBe(false);
  const id = questionIn(first);
  const pending = await run(person, ['pending']);
  expect(pending.stdout).toContain('permission for this call of Write');
  expect(pending.stdout).toContain('mine');
  expect(pending.stdout).toContain(`spiral answer ${id} allow`);
  expect(pending.stdout).toContain(`spiral answer ${id} refuse ["your words"]`);
  // Everything is started anew, the database too.
  await run(person, ['doctor', '--stop-database']);

  const second = await run(person, ['answer', id, 'allow', '--json']);
  expect(second.exitCode).toBe(0);
  expect(readFileSync(fileOf('.mcp.json'), 'utf8')).toBe('mine\n');
  const all = [...first.events, ...second.events];
  expect(all.find(({ type }) => type === 'question.answered')).toMatchObject({ answer: 'allow', by: 'human' });
  expect(all.filter(({ type }) => type === 'prompt.spent')).toHaveLength(1);
  const sessions = all.flatMap((event) => (event.type === 'engine.started' ? [event.sessionId] : []));
  expect(sessions).toHaveLength(2);
  expect(new Set(sessions).size).toBe(1);
});

test('what is refused is not done, and the agent goes on with the words of the person', async () => {
  on = await embedded.stage(wanting);
  const { person } = on;
  const first = await run(person, ['Set the tools up', '-w', person.workspace, '--json']);
  const second = await run(person, ['answer', questionIn(first), 'refuse', 'write a README instead', '--json']);
  expect(second.exitCode).toBe(0);
  expect(existsSync(fileOf('.mcp.json'))).toBe(false);
  expect(readFileSync(fileOf('told.txt'), 'utf8')).toContain('write a README instead');
});

test('a kill between the wish and the answer loses neither: it is asked, and what was allowed still holds', async () => {
  on = await embedded.stage(wanting);
  const { person } = on;
  const killed = start(person, ['Set the tools up', '-w', person.workspace, '--json']);
  const asked = await killed.event(({ type }) => type === 'question.asked');
  killed.child.kill('SIGKILL');
  await killed.ended();
  const going = start(person, ['answer', questionIn({ events: [asked] }), 'allow', '--json']);
  // The session was told already; whoever goes on has to know of the permission all the same.
  await going.event(({ type }) => type === 'engine.started');
  going.child.kill('SIGKILL');
  await going.ended();
  const { taskId } = asked;
  const last = await run(person, ['tasks', 'continue', taskId, '--json']);
  expect(last.exitCode).toBe(0);
  expect(readFileSync(fileOf('.mcp.json'), 'utf8')).toBe('mine\n');
  expect(last.events.filter(({ type }) => type === 'question.asked')).toHaveLength(0);
});

test('at night nobody is asked for permission: what would need it is refused, and the work goes on', async () => {
  on = await embedded.stage(wanting);
  const { person } = on;
  const ended = await run(person, ['Set the tools up', '-w', person.workspace, '--unattended', '--json']);
  expect(ended.exitCode).toBe(0);
  expect(ended.events.filter(({ type }) => type === 'question.asked')).toHaveLength(0);
  expect(existsSync(fileOf('.mcp.json'))).toBe(false);
});

needs('bwrap')('a host that is not allowed is asked for, and allowed it holds for the rest of the task', async () => {
  const reach = bash('curl -sS -m 5 http://registry.example/ 2>&1; echo', 'Look');
  on = await embedded.stage(({ prompts, turn }) => {
    if (turn === 0) return { kind: 'message', blocks: [reach] };
    if (turn === 1 && prompts.length > 1) return { kind: 'message', blocks: [reach] };
    return { kind: 'message', blocks: [say('Done.')] };
  });
  const { person } = on;
  const first = await run(person, ['Look at the registry', '-w', person.workspace, '--json']);
  expect(first.exitCode).toBe(3);
  const pending = await run(person, ['pending']);
  expect(pending.stdout).toContain('registry.example');
  const second = await run(person, ['answer', questionIn(first), 'allow', '--json']);
  expect(second.exitCode).toBe(0);
  expect(second.events.filter(({ type }) => type === 'question.asked')).toHaveLength(0);
  const ran = second.events.filter((event) => event.type === 'command.ran');
  expect(ran).toHaveLength(2);
  expect(JSON.stringify(second.events)).not.toContain('denied');
});
