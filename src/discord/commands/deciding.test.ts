import { describe, expect, test } from 'vitest';
import type { Spiral } from '../../spiral.ts';
import {
  approver,
  asking,
  grant,
  now,
  openWords,
  owner,
  plan,
  taskId,
  toolRequest,
} from '../decisions/__fixtures__/questions.ts';
import { decideBy } from './deciding.ts';
import type { CommandContext } from './reply.ts';

function contextOf({ spiral }: Pick<ReturnType<typeof asking>, 'spiral'>, actor = approver): CommandContext {
  return { spiral: spiral as Spiral, actor, now, defaultAgent: 'developer', key: 'discord-1' };
}

describe('/decide', () => {
  test('without details opens the dialog, and with them decides', async () => {
    const asked = asking(toolRequest);
    const options = { question: 'tool', decision: 'reject' };
    expect(await decideBy('decide', options, contextOf(asked))).toMatchObject({ kind: 'dialog' });
    const reply = await decideBy('decide', { ...options, reason: 'too rare' }, contextOf(asked));
    expect(reply).toMatchObject({ kind: 'reply', isPrivate: true });
    expect(asked.given).toEqual([{ kind: 'reject', reason: 'too rare' }]);
  });

  test('takes every detail of an approval', async () => {
    const asked = asking(toolRequest);
    const details = { agents: 'dev', prompts: 9, deadline: '1w', adopt: true };
    await decideBy('decide', { question: 'tool0001', decision: 'approve', ...details }, contextOf(asked));
    expect(asked.given).toEqual([
      {
        kind: 'approve',
        agents: ['developer'],
        maxPrompts: 9,
        deadline: '2026-11-29T12:00:00.000Z',
        adoptWhenGreen: true,
      },
    ]);
  });

  test('is for approvers', async () => {
    const asked = asking(toolRequest);
    const options = { question: 'tool0001', decision: 'approve', prompts: 9 };
    expect(await decideBy('decide', options, contextOf(asked, owner))).toMatchObject({ kind: 'refused' });
    expect(asked.given).toEqual([]);
  });
});

test('/answer takes a choice in any case, or words where nothing is offered', async () => {
  const asked = asking(plan, openWords);
  const by = contextOf(asked, owner);
  expect(await decideBy('answer', { question: 'plan0001', choice: 'no' }, by)).toMatchObject({ kind: 'refused' });
  expect(await decideBy('answer', { question: 'plan0001', choice: 'CHANGE' }, by)).toMatchObject({ kind: 'dialog' });
  await decideBy('answer', { question: 'plan0001', choice: 'Change', words: 'smaller' }, by);
  await decideBy('answer', { question: 'words', words: '8080' }, by);
  expect(asked.given).toEqual([
    ['change', 'smaller'],
    ['answer', '8080'],
  ]);
});

test('/grant takes an amount or a refusal, and asks when it has neither', async () => {
  const asked = asking(grant);
  const by = contextOf(asked);
  expect(await decideBy('grant', { question: 'grant001' }, by)).toMatchObject({ kind: 'dialog' });
  expect(await decideBy('grant', { question: 'grant001', amount: 2, refuse: true }, by)).toMatchObject({
    kind: 'refused',
  });
  await decideBy('grant', { question: 'grant001', amount: 2.5 }, by);
  expect(asked.given).toEqual([{ amount: 2.5 }]);
  expect(await decideBy('grant', { question: 'grant001', amount: 2 }, by)).toMatchObject({ kind: 'refused' });
});

test('/stop ends a task that is named whole without looking anything up, and all of them for approvers', async () => {
  const asked = asking();
  expect(await decideBy('stop', { task: taskId }, contextOf(asked))).toMatchObject({ kind: 'reply' });
  expect(await decideBy('stop', { task: 'ALL' }, contextOf(asked))).toMatchObject({ kind: 'reply' });
  expect(await decideBy('stop', { task: 'all' }, contextOf(asked, owner))).toMatchObject({ kind: 'refused' });
  expect(await decideBy('stop', { task: '; rm -rf' }, contextOf(asked))).toMatchObject({ kind: 'refused' });
  expect(asked.given).toEqual([`stop ${taskId}`, 'stop all']);
});

test('the beginning of an id is enough when it is the only one, and nothing at all is not', async () => {
  const both = asking(plan, { ...plan, id: 'plan0002' });
  expect(await decideBy('answer', { question: 'plan', choice: 'confirm' }, contextOf(both))).toMatchObject({
    kind: 'refused',
    problem: expect.stringContaining('plan0001, plan0002'),
  });
  expect(await decideBy('answer', { question: ' ', choice: 'confirm' }, contextOf(asking(plan)))).toMatchObject({
    kind: 'refused',
  });
});
