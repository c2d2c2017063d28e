import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Records } from '../../../src/discord/outbox/posts.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { type Discord, type DiscordOptions, openDiscord } from '../../support/discord/open-stand-in.ts';
import { testDatabase } from '../../support/postgres.ts';
import { outboxOn, recordsIn } from './outbox-needs.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
const open: { close: () => Promise<void> }[] = [];
let reports: string[];

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});
beforeEach(() => {
  reports = [];
});
afterEach(async () => {
  for (const { close } of open.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
});

async function discord(options: DiscordOptions = {}): Promise<Discord> {
  const opened = await openDiscord(options);
  open.push(opened);
  return opened;
}

function outbox(standIn: Discord, rows: Records = recordsIn(store)) {
  const opened = outboxOn(standIn, rows, (problem) => reports.push(problem));
  open.push(opened);
  return opened;
}

let keys = 0;
/** Of a card that no other test has. */
function newKey(): string {
  keys += 1;
  return `task:outbox${keys}:card`;
}

function contentsOf({ messages }: ReturnType<Discord['channel']>): string[] {
  return messages.map(({ content }) => content);
}

function requestsOf({ requests }: Discord, method: string) {
  return requests.filter((request) => request.method === method && request.status < 300);
}

test('a burst of changes is one edit, not sooner than two seconds after the message, and the last look wins', async () => {
  const standIn = await discord();
  const { id } = standIn.channel('general');
  const out = outbox(standIn);
  const key = newKey();
  await out.show(key, id, { content: 'step 0' });
  const burst = Array.from({ length: 20 }, (_, index) => out.show(key, id, { content: `step ${index + 1}` }));
  const shown = await Promise.all(burst);
  expect(shown.every(({ kind }) => kind === 'shown')).toBe(true);
  expect(standIn.channel('general').messages[0]?.history.map(({ content }) => content)).toEqual(['step 0', 'step 20']);
  await out.show(key, id, { content: 'step 21' });
  const times = [...requestsOf(standIn, 'POST'), ...requestsOf(standIn, 'PATCH')].map(({ at }) => at);
  expect(times).toHaveLength(3);
  // A timer may come a hair early.
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? at)).toBeGreaterThan(1_980);
  expect(standIn.violations).toEqual([]);
});

test('a look that follows at once on one that was shown is shown as well', async () => {
  const standIn = await discord();
  const { id } = standIn.channel('general');
  const out = outbox(standIn);
  const key = newKey();
  for (const content of ['first', 'first', 'first', 'second']) await out.show(key, id, { content });
  expect(contentsOf(standIn.channel('general'))).toEqual(['second']);
});

test('messages of one channel keep their order, though the first of them fails for a while', async () => {
  const standIn = await discord();
  const { id } = standIn.channel('general');
  const out = outbox(standIn);
  standIn.fail({ method: 'POST', path: /messages$/, status: 500, times: 2 });
  const names = Array.from({ length: 5 }, (_, index) => `message ${index}`);
  await Promise.all(names.map((content) => out.show(newKey(), id, { content })));
  expect(contentsOf(standIn.channel('general'))).toEqual(names);
});

test('one channel does not wait for another', async () => {
  const standIn = await discord();
  const [general, tasks] = [standIn.channel('general'), standIn.channel('tasks')];
  const out = outbox(standIn);
  standIn.fail({ method: 'POST', path: new RegExp(`${general.id}/messages$`), status: 500, times: 1 });
  const late = out.show(newKey(), general.id, { content: 'late' });
  await out.show(newKey(), tasks.id, { content: 'at once' });
  expect(general.messages).toEqual([]);
  await late;
  expect(contentsOf(general)).toEqual(['late']);
});

test('an answer that is lost posts nothing twice', async () => {
  const standIn = await discord();
  const { id } = standIn.channel('general');
  standIn.fail({ method: 'POST', path: /messages$/, status: 0, cut: true, afterwards: true, times: 1 });
  await outbox(standIn).show(newKey(), id, { content: 'once' });
  expect(contentsOf(standIn.channel('general'))).toEqual(['once']);
});

test.each([
  ['the same look', 'as it was'],
  ['another look', 'newer'],
])('killed between sending and its record, the next process shows %s in the same message', async (_, content) => {
  const standIn = await discord();
  const { id } = standIn.channel('general');
  const key = newKey();
  const rows = recordsIn(store);
  // The process ends in the moment in which it would write where the message stands.
  const ended: Records = {
    ...rows,
    remember: (surface, name, value) =>
      JSON.stringify(value).includes('"placed"') ? new Promise(() => undefined) : rows.remember(surface, name, value),
  };
  const killed = outbox(standIn, ended);
  open.splice(open.indexOf(killed), 1);
  void killed.show(key, id, { content: 'as it was' });
  await standIn.until(() => standIn.channel('general').messages.length === 1);
  // Longer than Discord remembers a nonce.
  standIn.clock.advance(10 * 60_000);
  const shown = await outbox(standIn).show(key, id, { content });
  expect(shown.kind).toBe('shown');
  expect(contentsOf(standIn.channel('general'))).toEqual([content]);
  expect(requestsOf(standIn, 'POST')).toHaveLength(1);
});

test('a message that looks like another one is not taken for it when its own arrival is not known', async () => {
  const standIn = await discord();
  const { id } = standIn.channel('general');
  const out = outbox(standIn);
  await out.show(newKey(), id, { content: 'Agreed.' });
  standIn.fail({ method: 'POST', path: /messages$/, status: 500, times: 1 });
  await out.show(newKey(), id, { content: 'Agreed.' });
  expect(contentsOf(standIn.channel('general'))).toEqual(['Agreed.', 'Agreed.']);
});

test('a message that somebody deleted is sent once more, and changed there from then on', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const out = outbox(standIn);
  const key = newKey();
  await out.show(key, channel.id, { content: 'one' });
  const [message] = channel.messages;
  if (message) standIn.deleteMessage(message);
  await out.show(key, channel.id, { content: 'two' });
  await out.show(key, channel.id, { content: 'three' });
  expect(channel.messages.map(({ history }) => history.map(({ content }) => content))).toEqual([['two', 'three']]);
  expect(requestsOf(standIn, 'POST')).toHaveLength(2);
});

test('a channel that is deleted is told as lost, and asked for no more than once', async () => {
  const standIn = await discord();
  const channel = standIn.addChannel('short-lived');
  const out = outbox(standIn);
  standIn.deleteChannel(channel);
  expect(await out.show(newKey(), channel.id, { content: 'a' })).toEqual({ kind: 'lost', why: 'gone' });
  const asked = standIn.requests.length;
  expect(await out.keep(newKey(), channel.id, { content: 'b' })).toEqual({ kind: 'lost', why: 'gone' });
  expect(standIn.requests.length).toBe(asked);
});

test('a card catches up when a permission that was taken comes back; what is only shown is told as lost', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const out = outbox(standIn);
  const [card, newCard] = [newKey(), newKey()];
  await out.keep(card, channel.id, { content: 'working' });
  standIn.revokePermission('ViewChannel', channel);
  const lost = { kind: 'lost', why: 'forbidden' };
  expect(await out.keep(card, channel.id, { content: 'still working' })).toEqual(lost);
  expect(await out.keep(card, channel.id, { content: 'done' })).toEqual(lost);
  expect(await out.keep(newCard, channel.id, { content: 'new' })).toEqual(lost);
  expect(await out.show(newKey(), channel.id, { content: 'a report' })).toEqual(lost);
  standIn.grantPermission('ViewChannel', channel);
  await standIn.until(() => contentsOf(channel).join() === 'done,new');
  expect(channel.messages[0]?.history.map(({ content }) => content)).toEqual(['working', 'done']);
});

test('what waits for a permission comes in the order in which it was said, and Discord is asked once in a while', async () => {
  const standIn = await discord({ limits: { messages: { requests: 50, periodMs: 400 } } });
  const channel = standIn.channel('general');
  const out = outbox(standIn);
  standIn.revokePermission('SendMessages', channel);
  const names = Array.from({ length: 12 }, (_, index) => `message ${index}`);
  const begun = names.slice(0, 8).map((content) => out.keep(newKey(), channel.id, { content }));
  const lost = { kind: 'lost', why: 'forbidden' };
  expect(await Promise.all(begun)).toEqual(Array.from({ length: 8 }, () => lost));
  expect(standIn.requests.filter(({ status }) => status === 403)).toHaveLength(1);
  await standIn.until(() => standIn.requests.filter(({ status }) => status === 403).length === 2);
  for (const content of names.slice(8)) expect(await out.keep(newKey(), channel.id, { content })).toEqual(lost);
  standIn.grantPermission('SendMessages', channel);
  await standIn.until(() => channel.messages.length === names.length);
  expect(contentsOf(channel)).toEqual(names);
});

test('what Discord slows down arrives whole and in order, and nothing is asked before its time', async () => {
  const standIn = await discord({ limits: { messages: { requests: 2, periodMs: 400 } } });
  const channel = standIn.channel('general');
  const out = outbox(standIn);
  standIn.fail({ method: 'POST', path: /messages$/, status: 429, retryAfterSeconds: 0.5, times: 1 });
  const names = Array.from({ length: 6 }, (_, index) => `message ${index}`);
  await Promise.all(names.map((content) => out.show(newKey(), channel.id, { content })));
  expect(contentsOf(channel)).toEqual(names);
  const posts = standIn.requests.filter(({ method }) => method === 'POST');
  expect(posts.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(1);
  expect((posts[1]?.at ?? 0) - (posts[0]?.at ?? 0)).toBeGreaterThanOrEqual(500);
});

test('of a thousand changes while Discord is away, the newest look of each card is sent, and nothing else is kept', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const out = outbox(standIn);
  const cards = [newKey(), newKey()];
  await Promise.all(cards.map((key) => out.keep(key, channel.id, { content: 'begun' })));
  await standIn.goDown();
  const told = new Set<Promise<unknown>>();
  for (let change = 1; change <= 1_000; change += 1) {
    for (const key of cards) told.add(out.keep(key, channel.id, { content: `change ${change}` }));
  }
  // Whoever waits for a look that was never sent waits for the newest one: one promise for all of them.
  expect(told.size).toBeLessThan(10);
  await standIn.comeBack();
  await Promise.all(told);
  for (const { history } of channel.messages) {
    expect(history.map(({ content }) => content)).toEqual(['begun', 'change 1000']);
  }
  expect(channel.messages).toHaveLength(2);
});

test('what Discord would refuse is never sent: it is cut, and comes whole as a file, which a change replaces', async () => {
  const standIn = await discord();
  const channel = standIn.channel('general');
  const out = outbox(standIn);
  const key = newKey();
  const long = (word: string) => `\`\`\`\n${`${word}\n`.repeat(900)}\`\`\``;
  await out.show(key, channel.id, { content: long('first') });
  await out.show(key, channel.id, { content: long('second'), embeds: [{ description: 'x'.repeat(5_000) }] });
  const [message] = channel.messages;
  expect(message?.content).toContain('message.md');
  expect(message?.attachments.map(({ filename }) => filename)).toEqual(['message.md']);
  expect(message?.attachments[0]?.content.toString()).toContain(long('second'));
  expect([...standIn.violations, ...standIn.refused, ...reports]).toEqual([]);
});
