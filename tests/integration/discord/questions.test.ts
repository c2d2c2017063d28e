import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askedIn } from '../../../src/discord/follow/questions.ts';
import { confirmKey } from '../../../src/discord/outbox/keys.ts';
import type { Outbox } from '../../../src/discord/outbox/outbox.ts';
import type { SpiralEvent } from '../../../src/domain/event.ts';
import type { TaskId, ToolRequestId } from '../../../src/domain/identifiers.ts';
import type { Question } from '../../../src/domain/question.ts';
import type { ToolCard } from '../../../src/domain/tool-card.ts';
import type { ToolRequest } from '../../../src/domain/tool-request.ts';
import type { TaskReport } from '../../../src/spiral/reports.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { type Discord, openDiscord } from '../../support/discord/open-stand-in.ts';
import { testDatabase } from '../../support/postgres.ts';
import { outboxOn, recordsIn } from './outbox-needs.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
const open: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});
afterEach(async () => {
  for (const { close } of open.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
});

const requestId = 'req00001' as ToolRequestId;

/** A request for a tool that waits for a person, with all that is recorded of it. */
function toolRequest(taskId: TaskId) {
  const question: Question = { id: `q${taskId}`, taskId, kind: 'tool-request', text: 'What now?', askedAt: new Date() };
  const request = {
    id: requestId,
    name: 'csv-to-json',
    description: 'Turns CSV into JSON',
    urgency: 7,
    importance: 8,
    requestedBy: 'developer',
    isBlocking: true,
    workTask: taskId,
  } as unknown as ToolRequest;
  const card = {
    kind: 'tool-assessment',
    recommendation: { decision: 'approve', reason: 'Every task with data needs it.' },
    alternatives: [],
    effort: { agentHours: 1, prompts: 8 },
    benefit: 'One proved reader.',
    facts: { workload: {}, similarRequests: 0, waitingTasks: 1 },
    priority: 56,
  } as ToolCard;
  const assessed = { id: 1, at: '', type: 'tool-request.assessed', taskId, requestId, card };
  const asked = { id: 2, at: '', type: 'question.asked', taskId, questionId: question.id };
  const answered = { id: 3, at: '', type: 'question.answered', taskId, questionId: question.id, answer: 'approve' };
  let isOpen = true;
  return {
    asked: asked as Extract<SpiralEvent, { type: 'question.asked' }>,
    answered: answered as Extract<SpiralEvent, { type: 'question.answered' }>,
    answer() {
      isOpen = false;
    },
    spiral: {
      pending: async () => (isOpen ? [question] : []),
      events: async ({ after }: { readonly after: number }) =>
        ([assessed, asked, answered] as unknown as SpiralEvent[]).filter(({ id }) => id > after),
      findTasks: async () => [{ id: taskId, text: 'Turn the tables into JSON' }] as unknown as TaskReport[],
      findToolRequests: async () => [request],
      toolRequests: async () => [request],
    },
  };
}

/** What one process of the bot knows of questions. */
function botOn(standIn: Discord, { spiral }: ReturnType<typeof toolRequest>) {
  const outbox: Outbox = outboxOn(standIn, recordsIn(store), () => undefined);
  open.push(outbox);
  return { outbox, asked: askedIn({ spiral, records: recordsIn(store), outbox, now: Date.now }) };
}

async function discord(): Promise<Discord> {
  const standIn = await openDiscord();
  open.push(standIn);
  return standIn;
}

test('an answered request for a tool keeps its words, says who decided what, and loses its buttons, after a restart too', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const wish = toolRequest('restart1' as TaskId);
  const before = botOn(standIn, wish);
  await before.asked.show(wish.asked, channel.id);
  const said = channel.messages[0]?.embeds[0]?.description;
  expect(said).toContain('**PM Recommendation**: build it: Every task with data needs it.');
  expect(channel.messages[0]?.components).toHaveLength(1);
  await before.asked.by(wish.asked.questionId, '4711');
  wish.answer();
  await before.outbox.close();

  await botOn(standIn, wish).asked.close(wish.answered);
  const [message] = channel.messages;
  expect(message?.components).toEqual([]);
  expect(said).toContain(message?.embeds[0]?.description ?? 'nothing');
  expect(message?.embeds[0]?.description).toContain('**PM Recommendation**: build it');
  expect(message?.embeds[0]?.fields).toContainEqual({ name: 'Answer', value: '✅ Answered by <@4711>: approve' });
  expect(channel.messages).toHaveLength(1);
});

test('a question that could not be shown is shown by the next process, once', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const wish = toolRequest('missing1' as TaskId);
  standIn.revokePermission('SendMessages', channel);
  const before = botOn(standIn, wish);
  await before.asked.show(wish.asked, channel.id);
  await before.outbox.close();
  expect(channel.messages).toEqual([]);

  standIn.grantPermission('SendMessages', channel);
  const { asked } = botOn(standIn, wish);
  await asked.showMissing();
  await asked.showMissing();
  expect(channel.messages).toHaveLength(1);
  expect([...(channel.messages[0]?.reactions.keys() ?? [])]).toEqual(['✅', '🔄', '⏳', '❌']);
});

test('a question that is answered while Discord is away arrives once, as answered', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const wish = toolRequest('away0001' as TaskId);
  const { asked } = botOn(standIn, wish);
  await standIn.goDown();
  const shown = asked.show(wish.asked, channel.id);
  const key = `task:away0001:question:${wish.asked.questionId}`;
  while ((await recordsIn(store).recall('discord', `${key}:post`)) === undefined) await new Promise(setImmediate);
  wish.answer();
  const closed = asked.close(wish.answered);
  await standIn.comeBack();
  await Promise.all([shown, closed]);
  const [message, ...more] = channel.messages;
  expect(more).toEqual([]);
  expect(message?.components).toEqual([]);
  expect(message?.embeds[0]?.fields).toContainEqual({ name: 'Answer', value: '✅ Answered elsewhere: approve' });
  expect(message?.reactions.size).toBe(0);
});

test('what asked for the answer once more is answered with its question, by the next process too', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const wish = toolRequest('follow01' as TaskId);
  const { asked, outbox } = botOn(standIn, wish);
  await asked.show(wish.asked, channel.id);
  await asked.remind(-1);
  const button = { type: ComponentType.Button, style: ButtonStyle.Primary, label: 'Go', custom_id: 'x' } as const;
  const components = [{ type: ComponentType.ActionRow as const, components: [button] }];
  await outbox.show(confirmKey(wish.asked.questionId, 'defer'), channel.id, { content: 'Details?', components });
  await outbox.close();
  wish.answer();

  await botOn(standIn, wish).asked.close(wish.answered);
  const [card, ...others] = channel.messages;
  expect(others.map(({ content, components: left }) => [content, left])).toEqual([
    ['✅ Answered elsewhere: approve', []],
    ['✅ Answered elsewhere: approve', []],
  ]);
  expect(card?.components).toEqual([]);
  expect(channel.messages).toHaveLength(3);
});
