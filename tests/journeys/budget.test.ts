import { afterEach, expect, test } from 'vitest';
import { bash, say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { embedded } from '../support/installations.ts';
import { alwaysRed } from '../support/plays.ts';
import { type Ended, run } from '../support/program.ts';
import { configure } from '../support/settings.ts';
import type { Stage } from '../support/stage.ts';

let on: Stage;
afterEach(() => on?.close());

/** Every answer is dear; the second one ends the round. */
const dear: Script = ({ turn }) => ({
  kind: 'message',
  blocks: turn === 0 ? [bash('echo note > note.txt', 'Write a note')] : [say('Done.')],
  usage: { inputTokens: 20_000, outputTokens: 3_000 },
});

const task = (...options: readonly string[]) => ['Write a note', '-w', on.person.workspace, '--json', ...options];

function questionIn({ events }: Ended): string {
  const asked = events.find((event) => event.type === 'question.asked');
  if (asked?.type !== 'question.asked') throw new Error('nothing was asked');
  return asked.questionId;
}

test('at a limit the task waits for a human, and a grant goes on in the same session', async () => {
  on = await embedded.stage(dear);
  configure(on.person, '[budget.task]\nusd = 0.1\n');
  const first = await run(on.person, task());
  expect(first.exitCode).toBe(3);
  expect(first.events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['budget.exhausted', 'question.asked', 'task.waiting']),
  );
  expect(first.events.some(({ type }) => type === 'task.finished')).toBe(false);

  const pending = await run(on.person, ['pending']);
  expect(pending.stdout).toContain(`spiral grant ${questionIn(first)} --usd`);
  const granted = await run(on.person, ['grant', questionIn(first), '--usd', '1', '--json']);
  expect(granted.exitCode).toBe(0);
  const sessions = [...first.events, ...granted.events].flatMap((event) =>
    event.type === 'engine.started' ? [event.sessionId] : [],
  );
  expect(sessions).toHaveLength(2);
  expect(new Set(sessions).size).toBe(1);
  expect(granted.events.at(-1)).toMatchObject({ outcome: { status: 'succeeded', promptsUsed: 1 } });
  expect((await run(on.person, ['grant', questionIn(first), '--usd', '1'])).exitCode).toBe(2);
});

test('what is used never goes beyond a limit', async () => {
  on = await embedded.stage(dear);
  configure(on.person, '[budget]\nat_limit = "stop"\n[budget.task]\nusd = 0.1\n');
  const { exitCode, events } = await run(on.person, task());
  expect(exitCode).toBe(4);
  const end = events.at(-1);
  expect(end).toMatchObject({ outcome: { status: 'out-of-budget' } });
  const cost = end?.type === 'task.finished' ? end.outcome.costUsd : 0;
  expect(cost).toBeGreaterThan(0);
  expect(cost).toBeLessThanOrEqual(0.1);
});

test('a refused grant ends the task as out of budget', async () => {
  on = await embedded.stage(dear);
  configure(on.person, '[budget.task]\nusd = 0.1\n');
  const question = questionIn(await run(on.person, task()));
  const { exitCode } = await run(on.person, ['grant', question, '--refuse', '--json']);
  expect(exitCode).toBe(4);
  expect((await run(on.person, ['tasks'])).stdout).toContain('out-of-budget');
  expect((await run(on.person, ['pending'])).stdout).not.toContain(question);
});

test('prompts that are used up are asked for as well, and more of them go on', async () => {
  on = await embedded.stage(alwaysRed);
  const first = await run(on.person, task('-m', '1'));
  expect(first.exitCode).toBe(3);
  const granted = await run(on.person, ['grant', questionIn(first), '--prompts', '1', '--json']);
  expect(granted.events).toContainEqual(expect.objectContaining({ type: 'prompt.spent', round: 2, limit: 2 }));
});

test('a model without a known price is refused before anything is asked, and a price lets it work', async () => {
  on = await embedded.stage(dear);
  const { exitCode, events } = await run(on.person, task('--model', 'nobody-knows'));
  expect(exitCode).toBe(1);
  expect(on.requests).toHaveLength(0);
  expect(events.at(-1)).toMatchObject({
    outcome: { reason: expect.stringContaining('[budget.prices."nobody-knows"]') },
  });
  configure(on.person, '[budget.prices."nobody-knows"]\ninput = 1\noutput = 2\n');
  expect((await run(on.person, task('--model', 'nobody-knows'))).exitCode).toBe(0);
  const costs = await run(on.person, ['costs', '--by', 'agent']);
  expect(costs.stdout).toContain('developer');
});
