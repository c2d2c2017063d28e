import { beforeEach, describe, expect } from 'vitest';
import { backends } from './backends.ts';
import { gate } from './gate.ts';
import { job, nameOf, newLane, queuesOn, quick, timeOf, timing, workUntil } from './queues.ts';

describe.each(backends)('the queue without its server on $name', (backend) => {
  const { test } = backend;
  const { open, openBehindRelay } = queuesOn(backend);
  let lane: string;
  beforeEach(() => {
    lane = newLane();
  });

  for (const how of ['cut', 'freeze'] as const) {
    test(`closing is quick when the server is gone (${how})`, async () => {
      const { queue, relay } = await openBehindRelay();
      const handled = gate();
      const stop = await queue.work(lane, 2, async () => handled.open());
      await queue.add(lane, 'one', job('one'));
      await handled.opened;
      await relay[how]();
      expect(await timeOf(queue.close())).toBeLessThan(quick);
      expect(await timeOf(stop())).toBeLessThan(quick);
    });
  }

  for (const how of ['cut', 'freeze'] as const) {
    test(`stopping is quick when the server is gone (${how})`, async () => {
      const { queue, relay } = await openBehindRelay();
      const stop = await queue.work(lane, 2, async () => undefined);
      await relay[how]();
      expect(await timeOf(stop())).toBeLessThan(quick);
    });
  }

  test('a server that is not there is told at once and without the password, and found when it comes', async () => {
    const { queue, relay } = await openBehindRelay();
    await relay.cut();
    const withPassword = new URL(relay.url);
    withPassword.password = 'p%20ssw0rd';
    const secret = open({}, withPassword.href);
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
    expect(await workUntil(queue, lane, 'one')).toEqual(['one']);
  });

  test('a command fails in bounded time when the server no longer answers', async () => {
    const { queue, relay } = await openBehindRelay({ timing: { ...timing, command: 800 } });
    await queue.add(lane, 'one', job('one'));
    relay.freeze();
    const began = performance.now();
    await expect(queue.add(lane, 'two', job('two'))).rejects.toMatchObject({ problem: 'unreachable' });
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test('one that connects at once and finds no server tells whoever calls, and works when the server is there', async () => {
    const { relay } = await openBehindRelay();
    await relay.cut();
    const reported: unknown[] = [];
    const queue = open({ atOnce: true, report: (trouble) => reported.push(trouble) }, relay.url);
    await expect(queue.add(lane, 'one', job('one'))).rejects.toMatchObject({ problem: 'unreachable' });
    await relay.restore();
    await queue.add(lane, 'two', job('two'));
    expect(await queue.pending(lane)).toContain('two');
    expect(reported).toEqual([]);
  });

  test('a worker goes on when the server comes back', async () => {
    const { queue, relay } = await openBehindRelay();
    const done: string[] = [];
    const first = gate();
    const second = gate();
    const stop = await queue.work(lane, 1, async (started) => {
      const taskId = nameOf(started);
      done.push(taskId);
      if (taskId === 'before') first.open();
      if (taskId === 'after') second.open();
    });
    await queue.add(lane, 'before', job('before'));
    await first.opened;
    await relay.cut();
    await expect(queue.add(lane, 'after', job('after'))).rejects.toMatchObject({ problem: 'unreachable' });
    await relay.restore();
    await open().add(lane, 'after', job('after'));
    await second.opened;
    await stop();
    expect(done).toContain('after');
  });
});
