import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type BullQueueOptions, openBullQueue } from '../../../src/queue/bullmq/open-bull-queue.ts';
import type { Job, Queue } from '../../../src/queue/queue.ts';
import type { TestBackend } from './backends.ts';
import { gate } from './gate.ts';
import { type Relay, relayTo } from './relay.ts';

/** What takes its time in production, short; but for the lock, which a busy machine must not lose. */
export const timing = {
  connect: 2_000,
  close: 700,
  firstPause: 40,
  longestPause: 160,
  reconnectPause: 50,
};

/** A worker counts as dead soon. */
export const shortLock = { ...timing, lock: 1_000, stalledCheck: 300 };

/** In milliseconds: `timing.close` and what a busy machine adds. */
export const quick = 2_000;

export const job = (taskId: string) => ({ kind: 'advance-task', taskId }) as const;

/** What a job of `job` was called. */
export const nameOf = (added: Job) => (added.kind === 'advance-task' ? added.taskId : added.conversationId);

/** A lane that no other test uses. */
export const newLane = () => `lane-${randomUUID()}`;

/** A server for the tests of the `describe` that calls this, and queues on it that are closed after each test. */
export function queuesOn({ start, connection }: TestBackend) {
  let server: Awaited<ReturnType<typeof start>>;
  const opened: Queue[] = [];
  const relays: Relay[] = [];

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
    await Promise.all(relays.splice(0).map((relay) => relay.close()));
  });

  function open(options: BullQueueOptions = {}, url = server.url): Queue {
    const queue = openBullQueue(connection(url), { timing, ...options });
    opened.push(queue);
    return queue;
  }

  return {
    url: () => server.url,
    open,
    async openBehindRelay(options: BullQueueOptions = {}): Promise<{ queue: Queue; relay: Relay }> {
      const relay = await relayTo(server.url);
      relays.push(relay);
      return { queue: open(options, relay.url), relay };
    },
  };
}

/** Works on a lane, one job after the other, until the job of the task `last` is over; gives back all in their order. */
export async function workUntil(queue: Queue, lane: string, last: string): Promise<string[]> {
  const done: string[] = [];
  const over = gate();
  const stop = await queue.work(lane, 1, async (begun) => {
    const taskId = nameOf(begun);
    done.push(taskId);
    if (taskId === last) over.open();
  });
  await over.opened;
  await stop();
  return done;
}

/** In milliseconds. */
export async function timeOf(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}
