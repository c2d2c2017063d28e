import { describe, expect, test } from 'vitest';
import { SpiralError } from '../../spiral.ts';
import {
  allocation,
  approver,
  asking,
  grant,
  now,
  openWords,
  owner,
  permission,
  plan,
  suggested,
  taskId,
  toolRequest,
} from './__fixtures__/questions.ts';
import { customIdOf } from './custom-id.ts';
import { carryOut } from './decide.ts';
import type { Intention } from './intention.ts';

const approve: Intention = { kind: 'decide', questionId: 'tool0001', decision: 'approve' };
const refused = { kind: 'refused' };

describe('a decision about a tool', () => {
  test('opens its dialog first, with good answers, and is taken when that is confirmed', async () => {
    const { spiral, given } = asking(toolRequest);
    const asked = await carryOut(approve, undefined, { spiral, actor: approver, now });
    expect(asked).toMatchObject({ kind: 'needs-dialog', dialog: { custom_id: customIdOf(approve) } });
    expect(given).toEqual([]);

    const fields = { agents: 'dev, qa', prompts: '12', deadline: '2d', adopt: 'yes' };
    expect(await carryOut(approve, fields, { spiral, actor: approver, now })).toMatchObject({ kind: 'done' });
    expect(given).toEqual([
      {
        kind: 'approve',
        agents: ['developer', 'quality-assurance'],
        maxPrompts: 12,
        deadline: '2026-11-24T12:00:00.000Z',
        adoptWhenGreen: true,
      },
    ]);
  });

  test('is the first one, whoever else decides', async () => {
    const { spiral, given } = asking(toolRequest);
    const reject: Intention = { kind: 'decide', questionId: 'tool0001', decision: 'reject' };
    const both = await Promise.all([
      carryOut(approve, {}, { spiral, actor: approver, now }),
      carryOut(reject, { reason: 'too rare' }, { spiral, actor: approver, now }),
    ]);
    expect(both.map(({ kind }) => kind)).toEqual(['done', 'too-late']);
    expect(given).toHaveLength(1);
  });

  test.each([
    [{ agents: 'qa' }, 'name dev among the agents'],
    [{ agents: 'dev,nobody' }, 'There is no agent “nobody”'],
    [{ prompts: '0' }, 'is no count of prompts'],
    [{ deadline: 'yesterday' }, 'is no moment to come'],
    [{ deadline: '2026-11-01' }, 'is over'],
    [{ adopt: 'perhaps' }, 'neither yes nor no'],
  ])('with %j is refused in one line', async (fields, problem) => {
    const { spiral, given } = asking(toolRequest);
    const decided = await carryOut(approve, fields, { spiral, actor: approver, now });
    expect(decided).toEqual({ kind: 'refused', problem: expect.stringContaining(problem) });
    expect(decided.kind === 'refused' && decided.problem).not.toContain('\n');
    expect(given).toEqual([]);
  });

  test('with a reason that is too long is refused, not cut', async () => {
    const { spiral, given } = asking(toolRequest);
    const reject: Intention = { kind: 'decide', questionId: 'tool0001', decision: 'reject' };
    const decided = await carryOut(reject, { reason: 'a'.repeat(2_001) }, { spiral, actor: approver, now });
    expect(decided).toMatchObject(refused);
    expect(given).toEqual([]);
  });
});

describe('only an approver', () => {
  test.each<[string, Intention, typeof plan]>([
    ['decides about tools', approve, toolRequest],
    ['gives more', { kind: 'grant', questionId: 'grant001', amount: 2 }, grant],
    ['gives prompts', { kind: 'grant', questionId: 'alloc001', amount: 10 }, allocation],
    ['allows a command', { kind: 'answer', questionId: 'perm0001', choice: 0 }, permission],
    ['adopts', { kind: 'answer', questionId: 'plan0001', choice: 0 }, { ...plan, kind: 'adoption' }],
    ['stops everything', { kind: 'stop', taskId: 'all' }, plan],
  ])('%s', async (_name, intention, question) => {
    const { spiral, given } = asking(question);
    expect(await carryOut(intention, {}, { spiral, actor: owner, now })).toMatchObject(refused);
    expect(await carryOut(intention, undefined, { spiral, actor: owner, now })).toMatchObject(refused);
    expect(given).toEqual([]);
    expect(await carryOut(intention, {}, { spiral, actor: approver, now })).toMatchObject({ kind: 'done' });
    expect(given).toHaveLength(1);
  });
});

test('whoever asked for a task stops it, and nobody else but an approver', async () => {
  const { spiral, given } = asking();
  const stop: Intention = { kind: 'stop', taskId };
  const stranger = { ...owner, isOwner: async () => false };
  expect(await carryOut(stop, undefined, { spiral, actor: stranger, now })).toMatchObject(refused);
  expect(given).toEqual([]);
  expect(await carryOut(stop, undefined, { spiral, actor: owner, now })).toEqual({
    kind: 'done',
    words: 'Stopped 1 task; 2 processes ended.',
  });
});

describe('a question', () => {
  test('of an agent is answered by anybody who may talk, with a dialog where words are needed', async () => {
    const { spiral, given } = asking(plan, openWords);
    const by = { spiral, actor: owner, now };
    const change: Intention = { kind: 'answer', questionId: 'plan0001', choice: 1 };
    const say: Intention = { kind: 'say', questionId: 'words001' };
    expect(await carryOut(change, undefined, by)).toMatchObject({ kind: 'needs-dialog' });
    expect(await carryOut(change, { text: ' ' }, by)).toMatchObject(refused);
    expect(await carryOut(change, { text: 'smaller' }, by)).toMatchObject({ kind: 'done' });
    expect(await carryOut(say, undefined, by)).toMatchObject({ kind: 'needs-dialog' });
    expect(await carryOut(say, { text: '8080' }, by)).toMatchObject({ kind: 'done' });
    expect(given).toEqual([
      ['change', 'smaller'],
      ['answer', '8080'],
    ]);
  });

  test('with words at hand is answered by one of them at once, and by any others with a dialog', async () => {
    const { spiral, given } = asking(suggested, { ...suggested, id: 'sugge002' });
    const by = { spiral, actor: owner, now };
    const press = (choice: number): Intention => ({ kind: 'answer', questionId: suggested.id, choice });
    expect(await carryOut(press(2), undefined, by)).toMatchObject(refused);
    expect(await carryOut(press(1), undefined, by)).toMatchObject({ kind: 'done' });
    const say: Intention = { kind: 'say', questionId: 'sugge002' };
    expect(await carryOut(say, undefined, by)).toMatchObject({ kind: 'needs-dialog' });
    expect(await carryOut(say, { text: 'SQLite' }, by)).toMatchObject({ kind: 'done' });
    expect(given).toEqual([
      ['answer', 'MongoDB'],
      ['answer', 'SQLite'],
    ]);
  });

  test('that is not open any more is too late, before any dialog', async () => {
    const { spiral } = asking();
    expect(await carryOut(approve, undefined, { spiral, actor: approver, now })).toMatchObject({ kind: 'too-late' });
  });

  test.each<Intention>([
    { kind: 'decide', questionId: 'plan0001', decision: 'approve' },
    { kind: 'say', questionId: 'plan0001' },
    { kind: 'answer', questionId: 'plan0001', choice: 7 },
    { kind: 'grant', questionId: 'plan0001', amount: 10 },
    { kind: 'grant', questionId: 'plan0001', amount: 'custom' },
    { kind: 'refuse-grant', questionId: 'plan0001' },
    { kind: 'move', questionId: 'plan0001', from: 'developer' },
  ])('does not take what a forged button wants of it: %j', async (intention) => {
    const { spiral, given } = asking(plan);
    expect(await carryOut(intention, undefined, { spiral, actor: approver, now })).toMatchObject(refused);
    expect(await carryOut(intention, { text: 'x', amount: '1' }, { spiral, actor: approver, now })).toMatchObject(
      refused,
    );
    expect(given).toEqual([]);
  });

  test('for more prompts takes an amount, a custom one, prompts of another agent, or none', async () => {
    const by = (...answers: readonly [Intention, Record<string, string>?][]) =>
      Promise.all(
        answers.map(async ([intention, fields]) => {
          const { spiral, given } = asking(allocation);
          const { kind } = await carryOut(intention, fields, { spiral, actor: approver, now });
          return [kind, ...given];
        }),
      );
    const questionId = 'alloc001';
    expect(
      await by(
        [{ kind: 'grant', questionId, amount: 25 }],
        [{ kind: 'grant', questionId, amount: 'custom' }],
        [{ kind: 'grant', questionId, amount: 'custom' }, { amount: '7' }],
        [{ kind: 'grant', questionId, amount: 'custom' }, { amount: 'many' }],
        [{ kind: 'move', questionId, from: 'quality-assurance' }],
        [{ kind: 'move', questionId, from: 'quality-assurance' }, { amount: '5' }],
        [{ kind: 'refuse-grant', questionId }],
      ),
    ).toEqual([
      ['done', ['grant', '25']],
      ['needs-dialog'],
      ['done', ['grant', '7']],
      ['refused'],
      ['needs-dialog'],
      ['done', ['move', 'quality-assurance 5']],
      ['done', ['cancel']],
    ]);
  });

  test('at a limit is granted or refused', async () => {
    const { spiral, given } = asking(grant, { ...grant, id: 'grant002' });
    const by = { spiral, actor: approver, now };
    const custom: Intention = { kind: 'grant', questionId: 'grant001', amount: 'custom' };
    expect(await carryOut(custom, undefined, by)).toMatchObject({ kind: 'needs-dialog' });
    expect(await carryOut(custom, { amount: '$2' }, by)).toMatchObject(refused);
    expect(await carryOut(custom, { amount: '2.50' }, by)).toEqual({ kind: 'done', words: 'Granted: $2.50 more.' });
    expect(await carryOut({ kind: 'refuse-grant', questionId: 'grant002' }, undefined, by)).toMatchObject({
      kind: 'done',
    });
    expect(given).toEqual([{ amount: 2.5 }, 'refuse']);
  });

  test('that the system does not take so is refused with its cure; what nobody expected is thrown', async () => {
    const { spiral } = asking(plan);
    const confirm: Intention = { kind: 'answer', questionId: 'plan0001', choice: 0 };
    const fails = (error: Error) => ({ ...spiral, answer: () => Promise.reject(error) });
    const wrong = new SpiralError('usage', 'That is no answer.', 'Say another.');
    expect(await carryOut(confirm, undefined, { spiral: fails(wrong), actor: owner, now })).toEqual({
      kind: 'refused',
      problem: 'That is no answer. Say another.',
    });
    const broken = carryOut(confirm, undefined, { spiral: fails(new Error('broken')), actor: owner, now });
    await expect(broken).rejects.toThrow('broken');
  });
});

test('what is told of it fits into a message, however much a person said', async () => {
  const { spiral } = asking(openWords);
  const say: Intention = { kind: 'say', questionId: 'words001' };
  const decided = await carryOut(say, { text: '😀'.repeat(4_000) }, { spiral, actor: approver, now });
  expect(decided.kind === 'done' && decided.words.length).toBeLessThan(2_000);
});
