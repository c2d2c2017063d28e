import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect } from 'vitest';
import { backends } from './backends.ts';
import { gate } from './gate.ts';
import { job, nameOf, newLane, queuesOn, quick, shortLock, timeOf, timing, workUntil } from './queues.ts';

describe.each(backends)('the workers of the queue on $name', (backend) => {
  const { test, connection } = backend;
  const { open, url } = queuesOn(backend);
  let lane: string;
  beforeEach(() => {
    lane = newLane();
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
    const queue = open({ report: (trouble) => reported.push(trouble) });
    const over = gate();
    const failures = [
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      undefined,
      Object.assign(new Error('third'), { name: 'UnrecoverableError' }),
    ];
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
    const queue = open({ timing: shortLock });
    await queue.add(lane, 'one', job('of the killed'));
    const child = await workerProcess();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await queue.pending(lane)).toEqual(['one']);
    expect(await workUntil(queue, lane, 'of the killed')).toEqual(['of the killed']);
  });

  /** Resolves when the process has begun a job. */
  async function workerProcess(): Promise<ChildProcess> {
    const file = fileURLToPath(new URL('../../support/queue-worker-process.ts', import.meta.url));
    const order = JSON.stringify({ connection: connection(url()), lane, timing: shortLock });
    const child = spawn(process.execPath, ['--import', 'tsx', file, order], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    expect(line).toBe('begun of the killed');
    return child;
  }

  test('a job that takes longer than its lock stays with its worker', async () => {
    const renewing = { ...timing, lock: 2_500, stalledCheck: 100 };
    const queue = open({ timing: renewing });
    const second = open({ timing: renewing });
    let runs = 0;
    const renewed = gate();
    const handle = async () => {
      runs += 1;
      setTimeout(renewed.open, renewing.lock * 1.6);
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
    const stop = await queue.work(lane, 1, async (started) => {
      const taskId = nameOf(started);
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
    const queue = open({ timing: shortLock });
    const second = open({ timing: shortLock });
    const begun = gate();
    await queue.work(lane, 1, () => {
      begun.open();
      return new Promise(() => undefined);
    });
    await queue.add(lane, 'one', job('one'));
    await begun.opened;
    expect(await timeOf(queue.close())).toBeLessThan(quick);
    expect(await workUntil(second, lane, 'one')).toEqual(['one']);
  });
});
