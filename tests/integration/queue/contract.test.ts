import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { type BullQueueOptions, openBullQueue } from '../../../src/queue/bullmq/open-bull-queue.ts';
import type { Queue } from '../../../src/queue/queue.ts';
import { backends } from './backends.ts';
import { gate } from './gate.ts';
import { type Relay, relayTo } from './relay.ts';

/** Everything that takes its time in production, short. */
const timing = {
  connect: 2_000,
  lock: 1_000,
  stalledCheck: 300,
  firstPause: 40,
  longestPause: 160,
  reconnectPause: 50,
};

const job = (taskId: string) => ({ kind: 'advance-task', taskId }) as const;

describe.each(backends)('the queue on $name', ({ test, start, connection }) => {
  let server: Awaited<ReturnType<typeof start>>;
  let lane: string;
  let lanes = 0;
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

  function open(url = server.url, options: BullQueueOptions = {}): Queue {
    const queue = openBullQueue(connection(url), { timing, ...options });
    opened.push(queue);
    lanes += 1;
    lane = `lane-${lanes}`;
    return queue;
  }

  async function openBehindRelay(options: BullQueueOptions = {}): Promise<{ queue: Queue; relay: Relay }> {
    const relay = await relayTo(server.url);
    relays.push(relay);
    return { queue: open(relay.url, options), relay };
  }

  /** Works on the lane one job after the other until the job of the task `last` is over; gives back all in their order. */
  async function workUntil(queue: Queue, last: string): Promise<string[]> {
    const done: string[] = [];
    const over = gate();
    const stop = await queue.work(lane, 1, async ({ taskId }) => {
      done.push(taskId);
      if (taskId === last) over.open();
    });
    await over.opened;
    await stop();
    return done;
  }

  test('a job that is added twice runs once', async () => {
    const queue = open();
    await queue.add(lane, 'one', job('first'));
    await queue.add(lane, 'one', job('second'));
    await queue.add(lane, 'last', job('last'));
    expect(await queue.pending(lane)).toHaveLength(2);
    expect(await workUntil(queue, 'last')).toEqual(['first', 'last']);
    expect(await queue.pending(lane)).toEqual([]);
  });

  test('a job can be added again once it is over', async () => {
    const queue = open();
    await queue.add(lane, 'one', job('one'));
    expect(await workUntil(queue, 'one')).toEqual(['one']);
    await queue.add(lane, 'one', job('one'));
    expect(await workUntil(queue, 'one')).toEqual(['one']);
  });

  test('adding the id of a running job changes nothing, also from inside that job', async () => {
    const queue = open();
    const over = gate();
    const runs: string[] = [];
    const stop = await queue.work(lane, 1, async ({ taskId }) => {
      runs.push(taskId);
      if (taskId === 'last') return over.open();
      await queue.add(lane, 'one', job('from inside'));
      await queue.add(lane, 'last', job('last'));
    });
    await queue.add(lane, 'one', job('one'));
    await over.opened;
    await stop();
    expect(runs).toEqual(['one', 'last']);
    expect(await queue.pending(lane)).toEqual([]);
  });

  test('the jobs of one lane are begun in the order in which they were added', async () => {
    const queue = open();
    const names = Array.from({ length: 30 }, (_, index) => `task-${index}`);
    for (const name of names) await queue.add(lane, name, job(name));
    expect(await workUntil(queue, 'task-29')).toEqual(names);
  });

  test('nobody sees a delayed job before its time', async () => {
    const queue = open();
    const added = performance.now();
    await queue.add(lane, 'later', job('later'), { delayMs: 300.4 });
    await queue.add(lane, 'now', job('now'));
    expect(await queue.pending(lane)).toHaveLength(2);
    expect(await workUntil(queue, 'later')).toEqual(['now', 'later']);
    expect(performance.now() - added).toBeGreaterThanOrEqual(299);
  });

  test('a job that waits or is delayed can be taken back, one that is not there too, and one that runs is left alone', async () => {
    const queue = open();
    await queue.add(lane, 'waits', job('waits'));
    await queue.add(lane, 'delayed', job('delayed'), { delayMs: 60_000 });
    await queue.remove(lane, 'waits');
    await queue.remove(lane, 'delayed');
    await queue.remove(lane, 'never-added');
    expect(await queue.pending(lane)).toEqual([]);

    const begun = gate();
    const mayEnd = gate();
    const stop = await queue.work(lane, 1, async () => {
      begun.open();
      await mayEnd.opened;
    });
    await queue.add(lane, 'runs', job('runs'));
    await begun.opened;
    await queue.remove(lane, 'runs');
    expect(await queue.pending(lane)).toEqual(['runs']);
    mayEnd.open();
    await stop();
    expect(await queue.pending(lane)).toEqual([]);
  });

  test('a lane does not see the jobs of another, nor their ids', async () => {
    const queue = open();
    const other = `${lane}-other`;
    await queue.add(other, 'one', job('of the other lane'));
    await queue.add(lane, 'one', job('ours'));
    expect(await workUntil(queue, 'ours')).toEqual(['ours']);
    expect(await queue.pending(other)).toEqual(['one']);
  });

  test('as many jobs run at once as were asked for, and no more', async () => {
    const queue = open();
    const three = gate();
    const mayEnd = gate();
    const over = gate();
    let running = 0;
    let most = 0;
    let ended = 0;
    const stop = await queue.work(lane, 3, async () => {
      running += 1;
      most = Math.max(most, running);
      if (running === 3) three.open();
      await mayEnd.opened;
      running -= 1;
      ended += 1;
      if (ended === 12) over.open();
    });
    for (let index = 0; index < 12; index += 1) await queue.add(lane, `task-${index}`, job('any'));
    await three.opened;
    mayEnd.open();
    await over.opened;
    await stop();
    expect(most).toBe(3);
  });

  test('a job that fails is tried again after growing pauses, whatever it throws, and its failures are reported', async () => {
    const reported: unknown[] = [];
    const queue = open(server.url, { report: (trouble) => reported.push(trouble) });
    const over = gate();
    const failures = [new Error('first'), undefined, Object.assign(new Error('third'), { name: 'UnrecoverableError' })];
    const began: number[] = [];
    const stop = await queue.work(lane, 1, async () => {
      began.push(performance.now());
      if (began.length <= failures.length) throw failures[began.length - 1];
      over.open();
    });
    await queue.add(lane, 'one', job('one'));
    await over.opened;
    await stop();
    expect(reported).toEqual(failures);
    const pauses = began.slice(1).map((time, index) => time - (began[index] ?? 0));
    for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(39 * 2 ** index);
    expect(await queue.pending(lane)).toEqual([]);
  });

  test('a job whose worker was killed goes to another worker', async () => {
    const queue = open();
    await queue.add(lane, 'one', job('of the killed'));
    const child = await workerProcess(server.url);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await queue.pending(lane)).toEqual(['one']);
    expect(await workUntil(queue, 'of the killed')).toEqual(['of the killed']);
  });

  /** Resolves when the process has begun a job. */
  async function workerProcess(url: string): Promise<ChildProcess> {
    const file = fileURLToPath(new URL('worker-process.ts', import.meta.url));
    const order = JSON.stringify({ connection: connection(url), lane, timing });
    const child = spawn(process.execPath, ['--import', 'tsx', file, order], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    expect(line).toBe('begun of the killed');
    return child;
  }

  test('a job that takes longer than its lock stays with its worker', async () => {
    const queue = open(server.url, { timing: { ...timing, lock: 400, stalledCheck: 100 } });
    const second = open(server.url, { timing: { ...timing, lock: 400, stalledCheck: 100 } });
    let runs = 0;
    const renewed = gate();
    const handle = async () => {
      runs += 1;
      setTimeout(renewed.open, 1_500);
      await renewed.opened;
    };
    const stops = [await queue.work(lane, 1, handle), await second.work(lane, 1, handle)];
    await queue.add(lane, 'long', job('long'));
    await renewed.opened;
    await Promise.all(stops.map((stop) => stop()));
    expect(runs).toBe(1);
  });

  test('stopping waits for the running job and begins no other', async () => {
    const queue = open();
    const begun = gate();
    const mayEnd = gate();
    const order: string[] = [];
    const stop = await queue.work(lane, 1, async ({ taskId }) => {
      begun.open();
      await mayEnd.opened;
      order.push(`${taskId} is over`);
    });
    await queue.add(lane, 'one', job('one'));
    await queue.add(lane, 'two', job('two'));
    await begun.opened;
    const stopped = stop().then(() => order.push('stopped'));
    // A whole round trip to the server, in which a stop that does not wait would have ended.
    expect(new Set(await queue.pending(lane))).toEqual(new Set(['one', 'two']));
    order.push('may end');
    mayEnd.open();
    await stopped;
    expect(order).toEqual(['may end', 'one is over', 'stopped']);
    expect(await queue.pending(lane)).toEqual(['two']);
  });

  test('closing does not wait for a running job, which another worker gets', async () => {
    const queue = open();
    const second = open();
    const begun = gate();
    await queue.work(lane, 1, () => {
      begun.open();
      return new Promise(() => undefined);
    });
    await queue.add(lane, 'one', job('one'));
    await begun.opened;
    expect(await timeOf(queue.close())).toBeLessThan(1_900);
    expect(await workUntil(second, 'one')).toEqual(['one']);
  });

  for (const how of ['cut', 'freeze'] as const) {
    test(`closing is quick when the server is gone (${how})`, async () => {
      const { queue, relay } = await openBehindRelay();
      const handled = gate();
      const stop = await queue.work(lane, 2, async () => handled.open());
      await queue.add(lane, 'one', job('one'));
      await handled.opened;
      await relay[how]();
      expect(await timeOf(queue.close())).toBeLessThan(2_000);
      expect(await timeOf(stop())).toBeLessThan(2_000);
    });
  }

  for (const how of ['cut', 'freeze'] as const) {
    test(`stopping is quick when the server is gone (${how})`, async () => {
      const { queue, relay } = await openBehindRelay();
      const stop = await queue.work(lane, 2, async () => undefined);
      await relay[how]();
      expect(await timeOf(stop())).toBeLessThan(2_000);
    });
  }

  test('a server that is not there is told at once and without the password, and found when it comes', async () => {
    const { queue, relay } = await openBehindRelay();
    await relay.cut();
    const withPassword = new URL(relay.url);
    withPassword.password = 'p%20ssw0rd';
    const secret = open(withPassword.href);
    for (const attempt of [
      () => queue.add(lane, 'one', job('one')),
      () => queue.remove(lane, 'one'),
      () => queue.work(lane, 1, async () => undefined),
      () => secret.pending(lane),
    ]) {
      const began = performance.now();
      const error: unknown = await attempt().catch((failure: unknown) => failure);
      expect(error).toMatchObject({ name: 'QueueError', problem: 'unreachable', cure: expect.stringContaining('URL') });
      expect(String(error)).toContain('127.0.0.1');
      expect(String(error)).not.toMatch(/\n|p%20ssw0rd|p ssw0rd/);
      expect(performance.now() - began).toBeLessThan(3_500);
    }
    await relay.restore();
    await queue.add(lane, 'one', job('one'));
    expect(await workUntil(queue, 'one')).toEqual(['one']);
  });

  test('a command fails in bounded time when the server no longer answers', async () => {
    const { queue, relay } = await openBehindRelay({ timing: { ...timing, command: 800 } });
    await queue.add(lane, 'one', job('one'));
    relay.freeze();
    const began = performance.now();
    await expect(queue.add(lane, 'two', job('two'))).rejects.toMatchObject({ problem: 'unreachable' });
    expect(performance.now() - began).toBeLessThan(1_800);
  });

  test('a worker goes on when the server comes back', async () => {
    const { queue, relay } = await openBehindRelay();
    const done: string[] = [];
    const first = gate();
    const second = gate();
    const stop = await queue.work(lane, 1, async ({ taskId }) => {
      done.push(taskId);
      if (taskId === 'before') first.open();
      if (taskId === 'after') second.open();
    });
    await queue.add(lane, 'before', job('before'));
    await first.opened;
    await relay.cut();
    await expect(queue.add(lane, 'after', job('after'))).rejects.toMatchObject({ problem: 'unreachable' });
    await relay.restore();
    await open().add(`lane-${lanes - 1}`, 'after', job('after'));
    await second.opened;
    await stop();
    expect(done).toContain('after');
  });

  test('1,000 jobs that four programs add all at once run exactly once each', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `task-${index}`);
    const adders = [open(), open(), open(), open()];
    await Promise.all(
      adders.map(async (adder, turn) => {
        // Each begins elsewhere, so that every id is contended at some time.
        for (let index = 0; index < names.length; index += 20) {
          const from = (index + turn * 250) % names.length;
          await Promise.all(names.slice(from, from + 20).map((name) => adder.add(lane, name, job(name))));
        }
      }),
    );
    const runs = new Map<string, number>();
    const over = gate();
    const handle = async ({ taskId }: { taskId: string }) => {
      runs.set(taskId, (runs.get(taskId) ?? 0) + 1);
      if (runs.size === names.length) over.open();
    };
    const stops = await Promise.all(adders.map((adder) => adder.work(lane, 5, handle)));
    await over.opened;
    await Promise.all(stops.map((stop) => stop()));
    expect(new Set(runs.values())).toEqual(new Set([1]));
    expect(await adders[0]?.pending(lane)).toEqual([]);
  });

  test('names that the backends do not take are refused before anything is sent', async () => {
    const queue = open();
    await expect(queue.add(lane, 'project:1', job('one'))).rejects.toThrow(RangeError);
    await expect(queue.remove(lane, 'project:1')).rejects.toThrow(RangeError);
    await expect(queue.add('machine:1', 'one', job('one'))).rejects.toThrow(RangeError);
    await expect(queue.work('', 1, async () => undefined)).rejects.toThrow(RangeError);
  });

  test('an id may be a number or a word that the backends use themselves', async () => {
    const queue = open();
    const ids = ['17', 'delayed', 'active', 'wait', 'meta', 'id', 'stalled', 'repeat', 'events', '__proto__'];
    for (const id of ids) await queue.add(lane, id, job(id));
    expect(await queue.pending(lane)).toEqual(ids);
    expect(await workUntil(queue, '__proto__')).toEqual(ids);
  });

  test('a closed queue takes nothing more', async () => {
    const queue = open();
    await queue.add(lane, 'one', job('one'));
    await queue.close();
    await queue.close();
    await expect(queue.add(lane, 'two', job('two'))).rejects.toThrow('the queue is closed');
  });
});

async function timeOf(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}
