import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { oneAtATime, turnPorts } from '../../../src/store/postgres/embedded/one-at-a-time.ts';
import { newTaskId } from './examples.ts';

/** How many did the work of this name at the same moment, of `count` who all wanted to. */
async function mostAtOnce(name: string, count: number): Promise<number> {
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
  };
  await Promise.all(Array.from({ length: count }, () => oneAtATime(name, work)));
  return most;
}

test('work of one name is done by one at a time', async () => {
  expect(await mostAtOnce(newTaskId(), 20)).toBe(1);
});

test('a turn ends with the work, also when that fails, and other names do not wait', async () => {
  const name = newTaskId();
  await expect(oneAtATime(name, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  const inner = await oneAtATime(name, () => oneAtATime(newTaskId(), async () => 'done'));
  expect(inner).toBe('done');
});

test('a process that is killed gives its turn back', async () => {
  const name = newTaskId();
  const module = new URL('../../../src/store/postgres/embedded/one-at-a-time.ts', import.meta.url).href;
  const script = `
    const { oneAtATime } = await import(${JSON.stringify(module)});
    await oneAtATime(${JSON.stringify(name)}, () => {
      console.log('mine');
      return new Promise(() => setInterval(() => {}, 1000));
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  let done = false;
  const waiting = oneAtATime(name, async () => {
    done = true;
  });
  await oneAtATime(newTaskId(), async () => undefined);
  expect(done).toBe(false);
  child.kill('SIGKILL');
  await waiting;
  expect(done).toBe(true);
});

test('a program that happens to have the port does not stop the work, nor let two do it', async () => {
  const name = newTaskId();
  const stranger = createServer((socket) => socket.end('220 hello\r\n')).listen(turnPorts(name)[0], '127.0.0.1');
  await once(stranger, 'listening');
  expect(await mostAtOnce(name, 10)).toBe(1);
  stranger.close();
});
