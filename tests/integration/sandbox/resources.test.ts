import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect } from 'vitest';
import type { CommandResult } from '../../../src/sandbox/sandbox.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning, until } from '../../support/processes.ts';
import { layouts, type Machine, newMachine } from './views.ts';

const megabyte = 1024 ** 2;
const resources = { memoryBytes: 300 * megabyte, processes: 100, fileBytes: 20 * megabyte };
const muchMemory = { memoryBytes: 3000 * megabyte };

let machine: Machine;
beforeEach(async () => {
  machine = await newMachine(layouts['three folders side by side']);
});
afterEach(() => machine.leave());

function python(script: string, more: Partial<typeof resources> = {}, name = ''): Promise<CommandResult> {
  return machine.run(`exec python3 -c '${script}'`, { resources: { ...resources, ...more } }, { NAME: name });
}

needs('bwrap', 'python3')('a process that wants too much memory does not get it', async () => {
  const { exitCode, output } = await python('x = bytearray(400 * 1024 ** 2); print("got it")');
  expect(exitCode).toBe(1);
  expect(output).toContain('MemoryError');
});

needs('bwrap', 'python3')('processes that take too much memory together are ended', async () => {
  const { exitCode, limit } = await python(
    'import os, time; [os.fork() for _ in range(2)]; x = b"x" * (100 * 1024 ** 2); time.sleep(20)',
  );
  expect({ exitCode, limit }).toEqual({ exitCode: null, limit: 'memory' });
});

needs('bwrap', 'python3')('memory that processes have in common counts once', async () => {
  const { exitCode, limit } = await python(
    'import os, time; x = b"x" * (100 * 1024 ** 2); [os.fork() for _ in range(3)]; time.sleep(1)',
  );
  expect({ exitCode, limit }).toEqual({ exitCode: 0, limit: undefined });
});

needs('bwrap', 'python3')('a tree of too many processes is ended at once', async () => {
  const name = randomUUID();
  const bomb = 'import os, time\nfor _ in range(9):\n  try: os.fork()\n  except OSError: pass\ntime.sleep(60)';
  const { exitCode, limit, durationMs } = await python(bomb, muchMemory, name);
  expect({ exitCode, limit }).toEqual({ exitCode: null, limit: 'processes' });
  expect(durationMs).toBeLessThan(20_000);
  await until(
    () => processesMentioning(name),
    (seen) => seen.length === 0,
    5000,
  );
});

needs('bwrap', 'python3')('threads count as processes', async () => {
  const { limit } = await python(
    'import threading, time\ntry:\n  for _ in range(150): threading.Thread(target=time.sleep, args=(20,)).start()\nexcept RuntimeError: pass\ntime.sleep(20)',
    muchMemory,
  );
  expect(limit).toBe('processes');
});

needs('bwrap')('a file cannot grow beyond its limit', async () => {
  const { exitCode, limit } = await machine.run('exec head -c 30000000 /dev/zero > big', { resources });
  expect({ exitCode, limit }).toEqual({ exitCode: 153, limit: 'file-size' });
});

needs('bwrap')('temporary folders hold no more than their share of the memory', async () => {
  const fill = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do head -c 19000000 /dev/zero > /tmp/$i || exit 9; done';
  const { exitCode, output } = await machine.run(fill, { resources });
  expect(exitCode).toBe(9);
  expect(output).toContain('No space left');
});

needs('bwrap')('limits cannot be lifted from inside, and nothing is dumped', async () => {
  const { output } = await machine.run('ulimit -c; ulimit -d unlimited 2>/dev/null && echo lifted; ulimit -n', {
    resources,
  });
  expect(output).toMatch(/^0\n\d+\n$/);
});

needs('bwrap')('a tree within its limits runs to its end', async () => {
  const { exitCode, limit, output } = await machine.run('for i in 1 2 3; do sleep 0.3 & done; wait; echo done', {
    resources,
  });
  expect({ exitCode, limit, output }).toEqual({ exitCode: 0, limit: undefined, output: 'done\n' });
});
