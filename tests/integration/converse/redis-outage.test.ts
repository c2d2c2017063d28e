import { setTimeout as after } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import { openBullQueue } from '../../../src/queue/bullmq/open-bull-queue.ts';
import type { QueueTiming } from '../../../src/queue/bullmq/timing.ts';
import type { Queue } from '../../../src/queue/queue.ts';
import type { Store } from '../../../src/store/store.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { serveMail, wakeThrough } from '../../../src/workflows/converse/serve-mail.ts';
import { untilQuiet } from '../../../src/workflows/converse/until-quiet.ts';
import { needs as machineNeeds } from '../../support/needs.ts';
import { type TestRedis, testRedis } from '../../support/redis.ts';
import { gate } from '../queue/gate.ts';
import { brokenPromises } from './promises.ts';
import { type Asked, conversationStage, never, says } from './stage.ts';

const outageMs = 10_000;
const pauseMs = 400;
const members = ['developer', 'project-manager', 'quality-assurance'] as const;
/** Whoever speaks does not wait long for a server that is away; whoever works takes its usual time. */
const impatient = { connect: 300, command: 600 };
const allowance = { each: 1_000, all: 1_000 };

const stage = conversationStage();
const test = machineNeeds('redis-server');
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** How a server may be away. */
const outages: readonly {
  begin(redis: TestRedis): void | Promise<void>;
  end(redis: TestRedis): void | Promise<void>;
}[] = [
  { begin: (redis) => redis.kill(), end: (redis) => redis.restart() },
  { begin: (redis) => redis.freeze(), end: (redis) => redis.thaw() },
];

// On PostgreSQL the queue is away only together with the mail itself.
test('while Redis is killed, or says nothing, for 10 s, people go on talking, and all that was said is answered once (the queue on PostgreSQL has no such outage)', async () => {
  const { needs, asked } = await stage.talking(answerTo);
  await Promise.all(
    outages.map(async (outage) => {
      const redis = await testRedis();
      opened.push(() => redis.stop());
      const problems: string[] = [];
      const publisher = { ...needs, wake: wakeThrough(queueOn(redis, impatient), (problem) => problems.push(problem)) };
      const [first, second] = await Promise.all(
        ['first', 'second'].map((topic) =>
          stage.opened({ members, allowance, topic: `${topic} of ${redis.url}` }, { promptLimit: 1_000 }),
        ),
      );
      if (!first || !second) throw new Error('there are two');
      const ids = [first, second];
      for (const store of [stage.store, await stage.anotherStore()]) {
        const queue = queueOn(redis);
        await served(queue, { ...needs, store: onlyFor(ids, store), wake: wakeThrough(queue, () => undefined) });
      }

      for (const id of ids) await says(id, '@dev @qa before?', publisher);
      await Promise.all(ids.map(isRead));
      // In the middle of it: jobs that run when the server goes are lost with it, or end without it.
      await says(first, '@dev @pm and then?', publisher);
      await outage.begin(redis);
      const over = after(outageMs);
      let count = 0;
      for (let isOver = false; !isOver; isOver = await Promise.race([over.then(() => true), after(pauseMs, false)])) {
        expect(await says(first, '@qa meanwhile?', publisher)).toMatchObject({ author: 'human' });
        // Whoever speaks dies before it tells anybody.
        await says(second, '@qa meanwhile?', needs);
        count += 1;
      }
      expect(problems).not.toEqual([]);
      await outage.end(redis);
      // What nobody was told of is found, before anybody says more.
      await Promise.all(ids.map(isRead));
      for (const id of ids) await says(id, '@pm afterwards?', publisher);
      await Promise.all(ids.map(isRead));
      for (const id of ids) {
        expect(await brokenPromises(stage.store, { id, members, allowance, allowed: [] })).toEqual([]);
      }
      const counts = await Promise.all(ids.map(async (id) => (await stage.store.conversations.get(id))?.counts));
      expect(counts).toEqual([
        { human: 3 + count, developer: 2, 'quality-assurance': 1 + count, 'project-manager': 2 },
        { human: 2 + count, developer: 1, 'quality-assurance': 1 + count, 'project-manager': 1 },
      ]);
    }),
  );
  expect(new Set(asked.map(nameOf)).size).toBe(asked.length);
});

test('while Redis is away, whoever waits for an answer gets it all the same', async () => {
  const { needs } = await stage.talking(answerTo);
  const redis = await testRedis();
  opened.push(() => redis.stop());
  const publisher = { ...needs, wake: wakeThrough(queueOn(redis, impatient), () => undefined) };
  const id = await stage.opened({ members });
  await redis.kill();
  await says(id, '@qa well?', publisher);
  expect(await untilQuiet(id, publisher, never)).toEqual({ kind: 'quiet' });
  expect(await stage.said(id)).toEqual(['human: @qa well?', 'quality-assurance: Yes.']);
});

function answerTo({ what }: Asked) {
  return what === 'reply' ? 'Yes.' : { developer: 0, 'project-manager': 0, 'quality-assurance': 0 };
}

/** What the model was asked, told apart from everything else that it may be asked. */
function nameOf({ agent, what, message, prompt }: Asked): string {
  return `${agent} ${what} ${message.number} ${prompt}`;
}

function queueOn({ url }: TestRedis, timing: Partial<QueueTiming> = {}): Queue {
  const queue = openBullQueue({ redisUrl: url }, { timing });
  opened.push(() => queue.close());
  return queue;
}

/** One more process that works on mail. */
async function served(queue: Queue, needs: ConverseNeeds): Promise<void> {
  const stop = new AbortController();
  const ready = gate();
  const over = serveMail(queue, needs, stop.signal, ready.open);
  opened.push(async () => {
    stop.abort();
    await over;
  });
  await ready.opened;
}

/** As if there were no other conversations: those on the other Redis are no business of this one. */
function onlyFor(ids: readonly ConversationId[], store: Store): Store {
  const withMail = async (limit: number) =>
    (await store.conversations.withMail(limit)).filter(({ id }) => ids.includes(id));
  return { ...store, conversations: { ...store.conversations, withMail } };
}

function isRead(id: ConversationId) {
  return expect.poll(async () => (await stage.store.conversations.get(id))?.unread, { timeout: 30_000 }).toBe(0);
}
