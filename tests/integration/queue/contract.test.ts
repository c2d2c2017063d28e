import { beforeEach, describe, expect } from 'vitest';
import type { Job } from '../../../src/queue/queue.ts';
import { backends } from './backends.ts';
import { gate } from './gate.ts';
import { job, nameOf, newLane, queuesOn, workUntil } from './queues.ts';

describe.each(backends)('the jobs of the queue on $name', (backend) => {
  const { test, start } = backend;
  const { open } = queuesOn(backend);
  let lane: string;
  beforeEach(() => {
    lane = newLane();
  });

  test('a job that is added twice runs once', async () => {
    const queue = open();
    await queue.add(lane, 'one', job('first'));
    await queue.add(lane, 'one', job('second'));
    await queue.add(lane, 'last', job('last'));
    expect(await queue.pending(lane)).toHaveLength(2);
    expect(await workUntil(queue, lane, 'last')).toEqual(['first', 'last']);
    expect(await queue.pending(lane)).toEqual([]);
  });

  test('a job can be added again once it is over', async () => {
    const queue = open();
    await queue.add(lane, 'one', job('one'));
    expect(await workUntil(queue, lane, 'one')).toEqual(['one']);
    await queue.add(lane, 'one', job('one'));
    expect(await workUntil(queue, lane, 'one')).toEqual(['one']);
  });

  test('adding the id of a running job changes nothing, also from inside that job', async () => {
    const queue = open();
    const over = gate();
    const runs: string[] = [];
    const stop = await queue.work(lane, 1, async (started) => {
      const taskId = nameOf(started);
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
    expect(await workUntil(queue, lane, 'task-29')).toEqual(names);
  });

  test('the job of the highest priority is begun first, also when it was added last or delayed', async () => {
    const queue = open();
    await queue.add(lane, 'low', job('low'), { priority: 0 });
    await queue.add(lane, 'usual', job('usual'));
    await queue.add(lane, 'delayed', job('delayed'), { priority: 90, delayMs: 1 });
    await queue.add(lane, 'also-low', job('also-low'), { priority: 0 });
    await queue.add(lane, 'high', job('high'), { priority: 100 });
    expect(await queue.pending(lane)).toHaveLength(5);
    const ran = await workUntil(queue, lane, 'also-low');
    expect(ran.filter((name) => name !== 'delayed')).toEqual(['high', 'usual', 'low', 'also-low']);
  });

  test('a job whose priority changed is taken back and added anew', async () => {
    const queue = open();
    await queue.add(lane, 'first', job('first'), { priority: 60 });
    await queue.add(lane, 'grown', job('grown'), { priority: 10 });
    await queue.remove(lane, 'grown');
    await queue.add(lane, 'grown', job('grown'), { priority: 70 });
    expect(await workUntil(queue, lane, 'first')).toEqual(['grown', 'first']);
  });

  test('nobody sees a delayed job before its time', async () => {
    const queue = open();
    const added = performance.now();
    await queue.add(lane, 'later', job('later'), { delayMs: 300.4 });
    await queue.add(lane, 'now', job('now'));
    expect(await queue.pending(lane)).toHaveLength(2);
    expect(await workUntil(queue, lane, 'later')).toEqual(['now', 'later']);
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
    expect(await workUntil(queue, lane, 'ours')).toEqual(['ours']);
    expect(await queue.pending(other)).toEqual(['one']);
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
    const handle = async (started: Job) => {
      const taskId = nameOf(started);
      runs.set(taskId, (runs.get(taskId) ?? 0) + 1);
      if (runs.size === names.length) over.open();
    };
    const stops = await Promise.all(adders.map((adder) => adder.work(lane, 5, handle)));
    await over.opened;
    await Promise.all(stops.map((stop) => stop()));
    expect(new Set(runs.values())).toEqual(new Set([1]));
    expect(await adders[0]?.pending(lane)).toEqual([]);
  });

  test('four programs may begin at once with a server that knows nothing of the queue', async () => {
    const fresh = await start();
    try {
      const adders = [1, 2, 3, 4].map(() => open({}, fresh.url));
      await Promise.all(adders.map((adder) => adder.add(lane, 'one', job('one'))));
      expect(await adders[0]?.pending(lane)).toEqual(['one']);
      await Promise.all(adders.map((adder) => adder.close()));
    } finally {
      await fresh.stop();
    }
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
    expect(await workUntil(queue, lane, '__proto__')).toEqual(ids);
  });

  test('a closed queue takes nothing more', async () => {
    const queue = open();
    await queue.add(lane, 'one', job('one'));
    await queue.close();
    await queue.close();
    await expect(queue.add(lane, 'two', job('two'))).rejects.toThrow('the queue is closed');
  });
});
