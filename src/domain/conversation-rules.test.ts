import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answered,
  begun,
  countsOf,
  drained,
  handled,
  said,
  sentByAgents,
  type Walk,
} from './__fixtures__/conversation-walk.ts';
import { type AgentRole, agentRoles } from './agent.ts';
import { afterEscalation, type DecidedMail, nextForMail, roomFor } from './conversation-rules.ts';

const conversation: DecidedMail['conversation'] = {
  state: { kind: 'open' },
  members: ['developer', 'quality-assurance'],
  allowance: { each: 3, all: 15 },
  silenced: [],
};
const message: DecidedMail['message'] = { author: 'developer', text: 'Is this enough?', mentions: [] };
const decided = (changes: Partial<DecidedMail> = {}) =>
  nextForMail({ conversation, counts: {}, agent: 'quality-assurance', message, ...changes });
const plan = { kind: 'plan' as const, title: 'Sign in', phases: [] };
const named = { ...message, mentions: ['quality-assurance' as const] };

describe('with a mail', () => {
  test('an agent answers from a relevance of 7 on, and is asked for it first', () => {
    expect(decided()).toEqual({ kind: 'rate' });
    expect(decided({ relevance: 7 })).toEqual({ kind: 'reply' });
    expect(decided({ relevance: 6.9 })).toMatchObject({ kind: 'decline', relevance: 6.9 });
  });

  test('an agent that is named answers, however relevant it is', () => {
    expect(decided({ message: named })).toEqual({ kind: 'reply' });
    expect(decided({ message: named, relevance: 0 })).toEqual({ kind: 'reply' });
  });

  test('an agent with a limit of its own is held to that, and after a person let it go on to no less than the others', () => {
    const own = { ...conversation, allowance: { each: 3, all: 15, own: { 'quality-assurance': 1 } } };
    const counts = { 'quality-assurance': 1, developer: 2 };
    expect(roomFor(own, {}, 'quality-assurance')).toBe(true);
    expect(roomFor(own, counts, 'quality-assurance')).toBe(false);
    expect(roomFor(own, counts, 'developer')).toBe(true);
    expect(decided({ conversation: own, counts, message: named })).toMatchObject({
      kind: 'escalate',
      silenced: 'quality-assurance',
    });
    expect(afterEscalation(own, counts, 'continue', '2')).toMatchObject({ allowance: { each: 4, all: 5 } });
  });

  test('a request is answered by whoever it names, even when it reads as a courtesy, and its answer by nobody', () => {
    const request = { kind: 'settle' as const, task: '', plan, challenges: [] };
    const result = { kind: 'challenges' as const, challenges: [] };
    expect(decided({ message: { ...named, text: 'Thank you!', request } })).toEqual({ kind: 'reply' });
    const toAnother = { ...message, mentions: ['developer' as const], request };
    expect(decided({ message: toAnother, relevance: 10 })).toEqual({
      kind: 'decline',
      reason: 'somebody else is asked',
    });
    expect(decided({ message: { ...message, result } }).kind).toBe('decline');
  });

  test('nobody answers a courtesy, not even who is named in it', () => {
    expect(decided({ message: { ...named, text: 'Thank you so much, @qa!' }, relevance: 10 }).kind).toBe('decline');
  });

  test('nobody answers itself, a closed conversation, or one that it is no member of', () => {
    expect(decided({ message: { ...message, author: 'quality-assurance' }, relevance: 10 }).kind).toBe('decline');
    const closed = { ...conversation, state: { kind: 'closed', reason: 'so' } } as const;
    expect(decided({ conversation: closed, relevance: 10 }).kind).toBe('decline');
    expect(decided({ agent: 'process-coach', relevance: 10 }).kind).toBe('decline');
  });

  test('everybody waits while a person is asked', () => {
    const escalated = { ...conversation, state: { kind: 'escalated', questionId: 'q' } } as const;
    expect(decided({ conversation: escalated, relevance: 10 })).toEqual({ kind: 'wait' });
    expect(decided({ conversation: escalated, message: { ...message, text: 'Thanks!' } })).toEqual({ kind: 'wait' });
  });

  test('an agent that has used its messages and wants to answer escalates once, and then declines', () => {
    const counts = { 'quality-assurance': 3 };
    expect(decided({ counts, relevance: 8 })).toMatchObject({ kind: 'escalate', silenced: 'quality-assurance' });
    expect(decided({ counts, message: named })).toMatchObject({ kind: 'escalate', silenced: 'quality-assurance' });
    expect(decided({ counts, relevance: 2 }).kind).toBe('decline');
    const silenced = { ...conversation, silenced: ['quality-assurance'] } as const;
    expect(decided({ counts, conversation: silenced, message: named }).kind).toBe('decline');
    // Without asking a model how relevant it is.
    expect(decided({ counts, conversation: silenced }).kind).toBe('decline');
  });

  test('when the messages of all are used, who wants to answer escalates', () => {
    const used = { ...conversation, allowance: { each: 3, all: 4 } };
    expect(decided({ conversation: used, counts: { developer: 2, 'quality-assurance': 2 }, relevance: 8 })).toEqual({
      kind: 'escalate',
      reason: 'the messages of all agents are used',
    });
    expect(decided({ conversation: used, counts: { human: 40, developer: 2 }, relevance: 8 })).toEqual({
      kind: 'reply',
    });
  });
});

describe('the answer to an escalation', () => {
  const counts = { developer: 3, 'quality-assurance': 2, human: 9 };

  test.each([
    ['', { each: 8, all: 10 }],
    ['4', { each: 7, all: 9 }],
    ['+1', { each: 4, all: 6 }],
    ['let them have 100 more, please', { each: 103, all: 105 }],
  ])('continue %j allows so many more than were sent', (text, allowance) => {
    expect(afterEscalation(conversation, counts, 'continue', text)).toEqual({
      kind: 'changed',
      state: { kind: 'open' },
      allowance,
    });
  });

  test.each(['0', '101', '-3', 'many', '2.5', '1e3', '3 or 4', '99999999999'])('continue %j is a problem', (text) => {
    expect(afterEscalation(conversation, counts, 'continue', text)).toMatchObject({
      kind: 'problem',
      problem: expect.stringContaining('1 to 100'),
    });
  });

  test('decide says the words of the person, and ends it', () => {
    expect(afterEscalation(conversation, counts, 'decide', ' We use B. ')).toMatchObject({
      state: { kind: 'closed' },
      message: 'We use B.',
    });
    expect(afterEscalation(conversation, counts, 'decide', ' ').kind).toBe('problem');
  });

  test('close ends it without a word, and anything else is a problem', () => {
    const closed = afterEscalation(conversation, counts, 'close', 'enough');
    expect(closed).toMatchObject({ state: { kind: 'closed' } });
    expect(closed).not.toHaveProperty('message');
    expect(afterEscalation(conversation, counts, 'perhaps').kind).toBe('problem');
  });
});

describe('agents that always want to answer', () => {
  type Deed =
    | { readonly kind: 'handle'; readonly at: number }
    | { readonly kind: 'again'; readonly at: number }
    | { readonly kind: 'say'; readonly text: string }
    | { readonly kind: 'answer'; readonly choice: string; readonly text: string };

  const deed: fc.Arbitrary<Deed> = fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant('handle' as const), at: fc.nat(30) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('again' as const), at: fc.nat(30) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('say' as const), text: fc.constantFrom('What now?', 'Thanks!') }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        choice: fc.constantFrom('continue', 'continue', 'continue', 'decide', 'close'),
        text: fc.constantFrom('', '1', '3', 'many', 'We use B.'),
      }),
    },
  );
  const members = fc.uniqueArray(fc.constantFrom(...agentRoles), { minLength: 2, maxLength: 4 });
  const allowance = fc.record({ each: fc.integer({ min: 0, max: 4 }), all: fc.integer({ min: 0, max: 9 }) });

  function after(walk: Walk, deed: Deed): Walk {
    switch (deed.kind) {
      case 'handle':
      case 'again': {
        const mails = deed.kind === 'handle' ? walk.inbox : walk.handled;
        const mail = mails[deed.at % Math.max(1, mails.length)];
        return mail ? handled(walk, mail) : walk;
      }
      case 'say':
        return said(walk, 'human', deed.text);
      case 'answer':
        return answered(walk, deed.choice, deed.text);
    }
  }

  const walks = (check: (walk: Walk, before: Walk, deed: Deed) => void) =>
    fc.assert(
      fc.property(members, allowance, fc.array(deed, { maxLength: 120 }), (members, allowance, deeds) => {
        let walk = said(begun(members, allowance), 'human', 'How do we do it?');
        for (const deed of deeds) {
          const before = walk;
          walk = after(before, deed);
          check(walk, before, deed);
        }
      }),
    );

  test('never send more than is allowed, in any order and however often mail is handled', () => {
    walks((walk) => {
      const { allowance } = walk.conversation;
      const counts = countsOf(walk);
      for (const role of agentRoles) expect(counts[role] ?? 0).toBeLessThanOrEqual(allowance.each);
      expect(sentByAgents(walk)).toBeLessThanOrEqual(allowance.all);
    });
  });

  test('are quiet while it is escalated and when it is closed, and nobody is asked twice', () => {
    walks((walk, before) => {
      if (before.conversation.state.kind === 'open') return;
      expect(sentByAgents(walk)).toBe(sentByAgents(before));
      expect(walk.escalations).toEqual(before.escalations);
    });
  });

  test('escalate for the sake of each at most once', () => {
    walks(({ escalations, conversation }) => {
      const silenced = escalations.filter((who) => who !== 'all');
      expect(new Set(silenced).size).toBe(silenced.length);
      expect(conversation.silenced).toEqual(silenced);
    });
  });

  test('come to an end by themselves, and when asked to go on send at most so many more', () => {
    const mores = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 });
    fc.assert(
      fc.property(members, allowance, mores, (members, allowance, mores) => {
        let walk = drained(said(begun(members, allowance), 'human', 'How do we do it?'));
        for (const more of mores) {
          if (walk.conversation.state.kind !== 'escalated') break;
          const sent = sentByAgents(walk);
          walk = drained(answered(walk, 'continue', String(more)));
          expect(sentByAgents(walk) - sent).toBeLessThanOrEqual(more);
          expect(sentByAgents(walk) - sent).toBeGreaterThan(0);
        }
        const { kind } = walk.conversation.state;
        expect(kind === 'escalated' || walk.inbox.length === 0).toBe(true);
      }),
    );
  });

  test('go on after every state that is not closed, or have nothing left to say', () => {
    walks((walk) => {
      const { state } = walk.conversation;
      if (state.kind === 'closed') expect(drained(walk).inbox).toEqual([]);
      if (state.kind === 'escalated') {
        expect(answered(walk, 'continue', '2').conversation.state.kind).toBe('open');
        expect(answered(walk, 'decide', 'We use B.').conversation.state.kind).toBe('closed');
        expect(answered(walk, 'close', '').conversation.state.kind).toBe('closed');
      }
      if (state.kind === 'open') {
        const end = drained(walk);
        expect(end.conversation.state.kind === 'escalated' || end.inbox.length === 0).toBe(true);
      }
    });
  });

  test('two of them set on each other fall silent after their messages', () => {
    const pair: readonly AgentRole[] = ['developer', 'quality-assurance'];
    const walk = drained(said(begun(pair, { each: 3, all: 15 }), 'human', 'Talk to each other.'));
    expect(sentByAgents(walk)).toBeLessThanOrEqual(6);
    expect(walk.conversation.state.kind).toBe('escalated');
    expect(walk.escalations).toHaveLength(1);
    expect(drained(walk)).toBe(walk);
  });

  test('have room exactly while it is open and nothing is used up', () => {
    expect(roomFor(conversation, { developer: 2 }, 'developer')).toBe(true);
    expect(roomFor(conversation, { developer: 3 }, 'developer')).toBe(false);
    expect(roomFor({ ...conversation, allowance: { each: 3, all: 2 } }, { developer: 2 }, 'quality-assurance')).toBe(
      false,
    );
    expect(roomFor({ ...conversation, state: { kind: 'closed', reason: 'so' } }, {}, 'developer')).toBe(false);
    expect(roomFor(conversation, { human: 99 }, 'developer')).toBe(true);
  });
});
