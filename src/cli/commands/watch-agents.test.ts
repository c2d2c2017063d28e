import { expect, test } from 'vitest';
import type { SpiralEvent } from '../../domain/event.ts';
import { taskId } from '../__fixtures__/tasks.ts';
import { followTeam, type TeamSpiral } from './watch-agents.ts';

const event: SpiralEvent = {
  id: 8,
  at: '2026-01-01T00:00:00.000Z',
  type: 'task.waiting',
  taskId,
  reason: 'the limit is reached',
};

/** A system that tells news whenever the test says so. */
function system() {
  let ring = (): void => undefined;
  let isOver = false;
  const spiral: TeamSpiral = {
    resources: async () => [],
    lastEvent: async () => 7,
    async *watch({ after }, signal) {
      expect(after).toBe(7);
      signal.addEventListener('abort', () => ring());
      for (;;) {
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
        if (signal.aborted) break;
        yield event;
      }
      isOver = true;
    },
  };
  return { spiral, tell: () => ring(), isOver: () => isOver };
}

test('news is looked at, and the end is the end of everything that was begun', async () => {
  const { spiral, tell, isOver } = system();
  const stop = new AbortController();
  let looks = 0;
  await followTeam(
    spiral,
    async () => {
      looks += 1;
      if (looks === 3) stop.abort();
      else setImmediate(tell);
    },
    stop.signal,
    { apartMs: 1, quietMs: 3_600_000 },
  );
  expect(looks).toBe(3);
  expect(isOver()).toBe(true);
});

test('news that comes while it is looked is not missed', async () => {
  const { spiral, tell } = system();
  const stop = new AbortController();
  let looks = 0;
  await followTeam(
    spiral,
    async () => {
      looks += 1;
      if (looks === 2) stop.abort();
      await new Promise(setImmediate); // The listener listens by now.
      tell();
      await new Promise(setImmediate);
    },
    stop.signal,
    { apartMs: 1, quietMs: 3_600_000 },
  );
  expect(looks).toBe(2);
});

test('without news it is looked again after a while', async () => {
  const { spiral } = system();
  const stop = new AbortController();
  let looks = 0;
  const look = async () => {
    looks += 1;
    if (looks === 3) stop.abort();
  };
  await followTeam(spiral, look, stop.signal, { apartMs: 1, quietMs: 1 });
  expect(looks).toBe(3);
});

test('a system that cannot be heard any more ends it with its error', async () => {
  const { spiral } = system();
  const deaf: TeamSpiral = {
    ...spiral,
    watch: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the database is gone')) }),
    }),
  };
  const following = followTeam(deaf, async () => undefined, new AbortController().signal, {
    apartMs: 1,
    quietMs: 3_600_000,
  });
  await expect(following).rejects.toThrow('the database is gone');
});

test('an error of a look ends it, and what listened with it', async () => {
  const { spiral, isOver } = system();
  const following = followTeam(spiral, () => Promise.reject(new Error('no such table')), new AbortController().signal);
  await expect(following).rejects.toThrow('no such table');
  expect(isOver()).toBe(true);
});
