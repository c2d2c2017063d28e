import { expect, test } from 'vitest';
import type { Message, Speaker } from '../../domain/message.ts';
import type { ConversationReport } from '../../spiral/conversations.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import { grant, now, taskId } from '../decisions/__fixtures__/questions.ts';
import type { Lists } from './reply.ts';
import { shownBy } from './showing.ts';

const conversation = {
  id: 'talk0001',
  taskId,
  topic: 'general',
  state: { kind: 'open' },
  counts: { human: 2, developer: 600 },
  lastAt: new Date(now.getTime() - 60_000),
  unread: 0,
  dead: 1,
} as unknown as ConversationReport;

function message(number: number, author: Speaker, text: string): Message {
  return { conversationId: conversation.id, number, author, text, at: now } as unknown as Message;
}

function task(id: string, more: object): TaskReport {
  return {
    id,
    text: `Task *${id}*`,
    agent: 'developer',
    state: { kind: 'finished', status: 'succeeded' },
    ...more,
  } as TaskReport;
}

const asked: unknown[] = [];

const spiral = {
  pending: async () => [grant],
  resources: async () => [],
  tasks: async () => [],
  projects: async () => [],
  conversations: async () => [conversation],
  findConversations: async (beginning) => (conversation.id.startsWith(beginning) ? [conversation] : []),
  messages: async (_id, after, limit) => {
    asked.push({ after, limit });
    return [message(601, 'developer', 'It is done.'), message(602, 'human', 'Thank *you*')];
  },
  report: async (since) => {
    asked.push(since.toISOString());
    return {
      since,
      finished: [
        task('proved01', { outcome: { status: 'succeeded', verified: true, summary: '3 files' } }),
        task('trusted1', { outcome: { status: 'succeeded', verified: false, summary: 'no tests' } }),
        task('failed01', { outcome: { status: 'failed', reason: 'the tests are red' } }),
        task('phase001', { project: 'project1', outcome: { status: 'failed' } }),
      ],
      waiting: [task('waiting1', { question: grant, state: { kind: 'waiting', for: { kind: 'answer' } } })],
      open: [],
      usd: 1.25,
      prompts: 7,
    };
  },
  costs: async () => [],
  tools: async () => [],
  toolManual: async () => undefined,
} satisfies Lists;

const shown = (command: string, options = {}) => shownBy(command, options, { spiral, now });

test('a conversation is shown with its newest words first, and comes whole as a file', async () => {
  expect((await shown('messages'))?.content?.split('\n')).toEqual([
    '**Conversations, latest first** · ⚠️ 1 message could not be handled',
    `\`talk0001\` 💤 quiet · general · 602 messages · task \`${taskId}\` · 1 min 0 s ago`,
  ]);
  const details = await shown('messages', { conversation: 'talk' });
  expect(details?.content?.split('\n').slice(1)).toEqual([
    '602. 🙋 **You** Thank \\*you\\*',
    '601. 🤖 **Developer** It is done.',
  ]);
  expect(asked.at(-1)).toEqual({ after: 102, limit: 500 });
  expect(new TextDecoder().decode(details?.files?.[0]?.content)).toContain('Thank *you*');
  expect((await shown('messages', { conversation: '../x' }))?.content).toBe(
    'There is no such conversation; see /messages.',
  );
});

test('a report tells what is proved apart from what is not, and a project as a whole', async () => {
  const report = await shown('report', { since: '2 days' });
  expect(asked.at(-1)).toBe(new Date(now.getTime() - 2 * 86_400_000).toISOString());
  expect(report?.content).toContain('$1.25 · 7 prompts');
  expect(report?.content?.split('\n').slice(1)).toEqual([
    '**✅ Done and verified: 1**',
    '`proved01` 🤖 Task \\*proved01\\* · 3 files',
    '**⚠️ Done, NOT verified: 1**',
    '`trusted1` 🤖 Task \\*trusted1\\* · no tests',
    '**❌ Failed: 1**',
    '`failed01` 🤖 Task \\*failed01\\* · failed · the tests are red',
    '**❓ Waiting for you: 1**',
    expect.stringMatching(/^`waiting1` .*`grant001`: see \/pending$/),
  ]);
});

test('whatever there is nothing of says so', async () => {
  expect((await shown('projects'))?.content).toContain('No projects yet');
  expect((await shown('tasks'))?.content).toContain('No tasks yet');
  expect((await shown('tools'))?.content).toContain('none yet');
  expect((await shown('costs'))?.content).toBe('Nothing was booked.');
  expect(await shown('task')).toBeUndefined();
});
