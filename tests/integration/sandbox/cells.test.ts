import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { openToolCells } from '../../../src/sandbox/cells/open-cells.ts';
import type { ToolRunResult } from '../../../src/sandbox/cells.ts';
import { openRunFile, readRunFiles } from '../../../src/sandbox/processes/run-file.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning, until } from '../../support/processes.ts';
import {
  callOf,
  giveTo,
  newToolMachine,
  noPermissions,
  persons,
  secret,
  startCellsProcess,
  type ToolMachine,
} from './cells.ts';
import { searchPath } from './containments.ts';

describe.each(persons)('Spiral run by %s', (person) => {
  let machine: ToolMachine;
  beforeAll(() => {
    machine = newToolMachine(person);
  });
  afterAll(() => machine.leave());

  const put = (path: string, content: string) => {
    writeFileSync(path, content);
    giveTo(person, path);
    return path;
  };

  needs('bwrap')('a tool of Node reads its input and its own files, and answers', async () => {
    put(join(machine.tool, 'part.mjs'), 'export const part = 1;');
    put(
      join(machine.tool, 'index.mjs'),
      "import { part } from './part.mjs'; import { readFileSync } from 'node:fs'; let text = ''; for await (const chunk of process.stdin) text += chunk; console.log(text.length + part, readFileSync('own.txt', 'utf8')); console.error('said beside');",
    );
    const result = await machine.call(['node', 'index.mjs'], { input: 'x'.repeat(1_000_000) });
    // Only of a call that lasts until somebody looks at it.
    const { peakMemoryBytes: _, ...rest } = result;
    expect(rest).toEqual({
      exitCode: 0,
      stdout: '1000001 own\n',
      stderr: 'said beside\n',
      timedOut: false,
      aborted: false,
      truncated: false,
      isolation: 'bubblewrap',
      durationMs: expect.any(Number),
    });
  });

  needs('bwrap', 'python3')('a tool of Python does too, and leaves no compiled files', async () => {
    put(join(machine.tool, 'part.py'), 'part = 1');
    put(
      join(machine.tool, 'main.py'),
      'import sys, part\nprint(len(sys.stdin.read()) + part.part, sys.dont_write_bytecode)',
    );
    const { stdout, exitCode } = await machine.call(['python3', 'main.py'], { input: 'ab' });
    expect({ stdout, exitCode }).toEqual({ stdout: '3 True\n', exitCode: 0 });
  });

  needs('bwrap')('any other program of the machine, or of the tool’s folder, can be one', async () => {
    chmodSync(put(join(machine.tool, 'run.sh'), '#!/bin/sh\necho "of the tool: $1"'), 0o755);
    expect((await machine.call(['./run.sh', 'x'])).stdout).toBe('of the tool: x\n');
    expect((await machine.call(['cat'], { input: 'of the machine' })).stdout).toBe('of the machine');
    expect((await machine.call(['no-such-program'])).notStarted).toBe('no-such-program is not installed');
    expect((await machine.call([join(machine.home, 'program')])).notStarted).toContain('is not installed');
  });

  needs('bwrap')('an input that nobody reads, and an exit code, are no faults of ours', async () => {
    const { exitCode, notStarted } = await machine.call(['node', '-e', 'process.exit(7)'], {
      input: 'x'.repeat(5_000_000),
    });
    expect({ exitCode, notStarted }).toEqual({ exitCode: 7, notStarted: undefined });
    expect((await machine.call(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(137);
  });

  needs('bwrap')('its scratch folder is kept when it is given, and gone when it is not', async () => {
    const leave =
      "const { appendFileSync, readFileSync } = require('node:fs'); const file = process.env.TMPDIR + '/kept.txt'; appendFileSync(file, 'x'); console.log(readFileSync(file, 'utf8'), process.env.HOME === process.env.TMPDIR)";
    const twice = async (more: object) => {
      await machine.call(['node', '-e', leave], more);
      return (await machine.call(['node', '-e', leave], more)).stdout;
    };
    expect(await twice({ scratch: machine.scratch })).toBe('xx true\n');
    expect(await twice({})).toBe('x true\n');
    expect(readFileSync(join(machine.scratch, 'kept.txt'), 'utf8')).toBe('xx');
  });

  needs('bwrap', 'python3')('what a person allowed can be read and written, and nothing beside it', async () => {
    const allowed = join(machine.work, 'allowed');
    mkdirSync(allowed);
    writeFileSync(join(allowed, 'file.txt'), 'seen');
    giveTo(person, allowed);
    const look = `const fs = require('node:fs'); for (const path of ['${allowed}/file.txt', '${machine.work}/secret.txt']) try { console.log(fs.readFileSync(path, 'utf8')); } catch { console.log('hidden'); } try { fs.writeFileSync('${allowed}/new.txt', 'new'); console.log('written'); } catch { console.log('not written'); }`;
    const read = { ...noPermissions, read: [allowed] };
    const write = { ...noPermissions, read: [allowed, join(allowed, 'file.txt')], write: [allowed] };
    expect((await machine.call(['node', '-e', look], { permissions: read })).stdout).toBe(
      'seen\nhidden\nnot written\n',
    );
    expect((await machine.call(['node', '-e', look], { permissions: write })).stdout).toBe('seen\nhidden\nwritten\n');
    const inPython = `import os\nprint(open("${allowed}/file.txt").read(), os.listdir("${machine.work}"))`;
    const { stdout } = await machine.call(['python3', '-c', inPython], { permissions: read });
    expect(stdout).toBe("seen ['allowed']\n");
  });

  needs('bwrap')('of the environment it gets what was allowed, by name', async () => {
    const env = { A_TOKEN: 'given', OTHER_TOKEN: secret, toString: secret };
    const permissions = { ...noPermissions, env: ['A_TOKEN', 'NOT_SET', 'hasOwnProperty'] };
    const { stdout } = await machine.call(['node', '-e', 'console.log(JSON.stringify(process.env))'], {
      env,
      permissions,
    });
    const { PWD: _, ...seen } = JSON.parse(stdout) as Record<string, string>;
    expect(seen).toEqual({
      A_TOKEN: 'given',
      HOME: '/scratch',
      TMPDIR: '/scratch',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
    });
  });

  needs('bwrap')('a value is nowhere on a command line', async () => {
    const permissions = { ...noPermissions, env: ['A_TOKEN'] };
    const running = machine.call(['node', '-e', 'setTimeout(() => {}, 500)'], {
      env: { A_TOKEN: secret },
      permissions,
    });
    const lines = await commandLinesDuring(running);
    expect(lines.some((line) => line.includes('bwrap'))).toBe(true);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  });

  needs('bwrap')('names that steer programs are refused', async () => {
    for (const name of ['LD_PRELOAD', 'NODE_OPTIONS', 'PYTHONPATH', 'PATH', 'HTTPS_PROXY', 'BASH_ENV', 'A=B', '']) {
      const { notStarted } = await machine.call(['node', '-e', ''], { permissions: { ...noPermissions, env: [name] } });
      expect(notStarted).toBe(`the variable ${name} may not be given to a tool`);
    }
  });

  needs('bwrap')('what nobody can allow is refused before anything runs', async () => {
    const { home, stateRoot, tool, work } = machine;
    symlinkSync(stateRoot, join(work, 'link'));
    for (const path of ['/', '/proc', '/dev/null', '/etc', '/run', 'relative', `${work},/etc`, `${work}/*`])
      expect(await refusalOf({ read: [path] }), path).toBeDefined();
    for (const path of [home, join(home, '..'), stateRoot, join(stateRoot, 'secret.txt'), join(work, 'link')])
      expect(await refusalOf({ read: [path] }), path).toContain('may not be allowed');
    for (const path of [tool, join(tool, 'own.txt'), '/usr/local/share'])
      expect(await refusalOf({ write: [path] }), path).toBeDefined();
    for (const host of ['127.0.0.1', 'localhost', '*.example.com', 'example.com:0', 'http://example.com', '[::1]'])
      expect(await refusalOf({ hosts: [host] }), host).toBe(`"${host}" is not the full name of a host`);
    const { notStarted } = await machine.call(['node', '-e', ''], { scratch: tool });
    expect(notStarted).toContain('could change its own files');
    expect((await machine.call(['node', '-e', ''], { folder: join(work, 'nowhere') })).notStarted).toContain(
      'no folder',
    );
  });

  async function refusalOf(permissions: Partial<typeof noPermissions | Record<string, string[]>>) {
    const call = machine.call(['node', '-e', ''], { permissions: { ...noPermissions, ...permissions } });
    return (await call).notStarted;
  }

  needs('bwrap')('what it says is data: nothing of it reaches our own objects', async () => {
    const polluting = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const permissions = { ...noPermissions, env: ['__proto__'] };
    const env = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    const { stdout } = await machine.call(['node', '-e', `process.stdout.write(${JSON.stringify(polluting)})`], {
      env,
      permissions,
    });
    expect(stdout).toBe(polluting);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  needs('bwrap')('devices of the machine cannot be changed', async () => {
    // To the mode that it has: a test must not take the machine with it when it is red.
    const touched = () => statSync('/dev/full').ctimeMs;
    const before = touched();
    await machine.call(['sh', '-c', 'chmod 666 /dev/full'], { permissions: { ...noPermissions, subprocess: true } });
    expect(touched()).toBe(before);
    expect((await machine.call(['sh', '-c', 'echo x > /dev/null && echo written'])).stdout).toBe('written\n');
  });

  needs('bwrap', 'python3')('sockets to virtual machines and other parts of the kernel are refused', async () => {
    const families =
      'import socket\nfor family in (16, 17, 29, 38, 40, 44):\n  try: socket.socket(family, socket.SOCK_RAW); print("got", family)\n  except OSError as e: print(e.errno)';
    expect((await machine.call(['python3', '-c', families])).stdout).toBe('97\n'.repeat(6));
  });

  needs('bwrap')('calls side by side do not see each other', async () => {
    const look =
      "const fs = require('node:fs'); fs.writeFileSync(process.env.TMPDIR + '/mine', ''); setTimeout(() => console.log(fs.readdirSync(process.env.TMPDIR).length), 100)";
    const calls = Array.from({ length: 6 }, () => machine.call(['node', '-e', look]));
    for (const { stdout } of await Promise.all(calls)) expect(stdout).toBe('1\n');
  });
});

test('nothing is looked for or started before the first call', () => {
  const machine = newToolMachine('whoever runs the tests', { path: '/nowhere' });
  expect(readRunFiles(machine.stateRoot)).toEqual([]);
  machine.leave();
});

needs('bwrap')('an abort ends a call, and one that comes before it starts nothing', async () => {
  const machine = newToolMachine('whoever runs the tests');
  const ending = new AbortController();
  const running = machine.call(['node', '-e', 'setInterval(() => {}, 1000)'], {}, ending.signal);
  await until(
    () => readRunFiles(machine.stateRoot)[0]?.record?.trees.length ?? 0,
    (trees) => trees > 0,
    5000,
  );
  ending.abort();
  expect(await running).toMatchObject({ aborted: true, exitCode: null, timedOut: false });
  expect(await machine.call(['node', '-e', ''], {}, ending.signal)).toMatchObject({ aborted: true, durationMs: 0 });
  expect(readRunFiles(machine.stateRoot)[0]?.record?.trees).toEqual([]);
  machine.leave();
});

needs('bwrap')('nothing is started for a task that a person has stopped', async () => {
  const machine = newToolMachine('whoever runs the tests');
  const { stateRoot, home } = machine;
  const stops = { isRequested: () => true };
  const cells = openToolCells(openRunFile(stateRoot), { home, stateRoot, searchPath, stops });
  const task = 'k3v9x2mq' as TaskId;
  const { notStarted } = await cells.run({ ...callOf(machine.tool), taskId: task });
  expect(notStarted).toContain('was stopped by a person');
  machine.leave();
});

needs('bwrap')('a call ends with Spiral, also when that is killed', async () => {
  const machine = newToolMachine('whoever runs the tests');
  const name = randomUUID();
  const spiral = startCellsProcess({ home: machine.home, stateRoot: machine.stateRoot, searchPath });
  const script = `/* ${name} */ setInterval(() => {}, 1000)`;
  const run = { ...callOf(machine.tool), program: ['node', '-e', script] };
  spiral.stdin.write(`${JSON.stringify({ id: 1, run })}\n`);
  const running = () => processesMentioning(name).filter((line) => !line.includes('bwrap'));
  await until(running, (seen) => seen.length > 0, 10_000);
  spiral.kill('SIGKILL');
  await until(running, (seen) => seen.length === 0, 5000);
  machine.leave();
});

needs('bwrap')('descriptors that Spiral was given by whoever started it do not reach a tool', async () => {
  const machine = newToolMachine('whoever runs the tests');
  const { home, stateRoot } = machine;
  const opening = ['/bin/bash', '--norc', '-c', 'exec 200<"$0"; exec "$@"', join(home, 'secret.txt')];
  const spiral = startCellsProcess({ home, stateRoot, searchPath }, {}, opening);
  const run = { ...callOf(machine.tool), program: ['ls', '/proc/self/fd'] };
  spiral.stdin.end(`${JSON.stringify({ id: 1, run })}\n`);
  const { result } = JSON.parse(await text(spiral.stdout)) as { result: ToolRunResult };
  expect(result.stdout.trim().split('\n')).toEqual(['0', '1', '2', '3']);
  machine.leave();
});

async function commandLinesDuring(running: Promise<unknown>): Promise<string[]> {
  const lines = new Set<string>();
  let isOver = false;
  void running.then(() => {
    isOver = true;
  });
  const look = () => {
    for (const line of commandLines()) lines.add(line);
    return isOver;
  };
  await until(look, (over) => over, 20_000);
  return [...lines];
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // It ended while we looked.
      }
    });
}
