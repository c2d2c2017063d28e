import { expect, test } from 'vitest';
import type { ConversationReport } from '../../spiral/conversations.ts';
import type { CommandContext } from './reply.ts';
import { talkOf } from './talking.ts';

const open = { id: 'talk0001' } as ConversationReport;
const over = { id: 'over0001' } as ConversationReport;
const said: unknown[] = [];

const context = {
  spiral: {
    findConversations: async (beginning: string) => [open, over].filter(({ id }) => id.startsWith(beginning)),
    say: async (...words: unknown[]) => {
      said.push(words);
      return words[0] === open.id ? {} : undefined;
    },
  },
  key: 'discord-7',
} as unknown as CommandContext;

test('a talk begins with whom it names, or with whoever hears its topic', async () => {
  const order = { kind: 'submit', agent: 'project-manager', text: 'Backups?' };
  expect(await talkOf({ text: 'Backups?', to: '@qa,dm qa' }, context)).toEqual({
    ...order,
    talk: { to: ['quality-assurance', 'decision-maker'] },
  });
  expect(await talkOf({ text: 'Backups?', topic: 'incidents' }, context)).toEqual({
    ...order,
    talk: { topic: 'incidents' },
  });
  expect(await talkOf({ text: 'Backups?' }, context)).toEqual({ ...order, talk: {} });
});

test('what is said in one that is open is said in it, once; one that is over goes on', async () => {
  expect(await talkOf({ text: 'And tapes?', conversation: 'talk' }, context)).toMatchObject({ kind: 'reply' });
  expect(said).toEqual([['talk0001', 'And tapes?', 'discord-7']]);
  expect(await talkOf({ text: 'And tapes?', conversation: 'over0001' }, context)).toMatchObject({
    kind: 'submit',
    talk: { conversation: 'over0001' },
  });
});

test('what cannot be meant is told with what is wrong', async () => {
  const problems = await Promise.all(
    [
      { text: ' ' },
      { text: 'Hello', to: 'qa boss' },
      { text: 'Hello', to: ',' },
      { text: 'Hello', conversation: 'talk', to: 'qa' },
      { text: 'Hello', conversation: '../x' },
    ].map((options) => talkOf(options, context)),
  );
  expect(problems.map((one) => one.kind === 'refused' && one.problem)).toEqual([
    'Say something.',
    'There is no agent “boss”; see /agents.',
    'Name at least one agent, for example pm,qa.',
    'A conversation that goes on has its members: leave out “to” and “topic”.',
    'There is no such conversation; see /messages.',
  ]);
});
