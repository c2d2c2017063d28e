import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { countProcesses } from '../../../src/sandbox/cells/process-count.ts';
import type { ToolRun } from '../../../src/sandbox/cells.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning } from '../../support/processes.ts';
import { newToolMachine, noPermissions, persons, roomy, type ToolMachine } from './cells.ts';

const mebibyte = 1024 ** 2;
const mayStart = { permissions: { ...noPermissions, subprocess: true } };
const python = (script: string): ToolRun['program'] => ['python3', '-c', script];
const node = (script: string, ...args: string[]): ToolRun['program'] => ['node', '-e', script, ...args];

describe.each(persons)('Spiral run by %s', (person) => {
  let machine: ToolMachine;
  beforeAll(() => {
    machine = newToolMachine(person);
  });
  afterAll(() => machine.leave());

  describe('memory', () => {
    needs('bwrap')('the heap of JavaScript', async () => {
      const result = await machine.call(
        node('const all = []; for (let i = 0; i < 3000; i += 1) all.push(new Array(1e5).fill(Math.random()))'),
      );
      expect(result.exitCode).not.toBe(0);
      expect(result.timedOut).toBe(false);
    });

    needs('bwrap')('buffers, which lie outside of that heap', async () => {
      const fill =
        'const all = []; for (let i = 0; i < 30; i += 1) all.push(Buffer.alloc(100 * 2 ** 20, 1)); console.log("got it")';
      const { stdout, exitCode } = await machine.call(node(fill));
      expect(stdout).toBe('');
      expect(exitCode).not.toBe(0);
    });

    needs('bwrap', 'python3')('bytes of Python', async () => {
      const { stdout, stderr } = await machine.call(python('x = b"x" * (3 * 1024 ** 3); print("got it")'));
      expect(stdout).toBe('');
      expect(stderr).toContain('MemoryError');
    });

    needs('bwrap', 'python3')('shared memory, which the kernel counts for nobody', async () => {
      const fill =
        'import mmap\nm = mmap.mmap(-1, 3 << 30)\nfor i in range(0, 3 << 30, 4096): m[i] = 1\nprint("got it")';
      const { stdout, limit } = await machine.call(python(fill));
      expect({ stdout, limit }).toEqual({ stdout: '', limit: 'memory' });
    });

    needs('bwrap', 'python3')('of many processes together', async () => {
      const fill = 'import os, time\nos.fork(); os.fork(); os.fork()\nx = b"x" * (100 * 1024 ** 2)\ntime.sleep(20)';
      const { limit, exitCode } = await machine.call(python(fill), mayStart);
      expect({ limit, exitCode }).toEqual({ limit: 'memory', exitCode: null });
    });
  });

  describe('what a call held', () => {
    const shared = (mebibytes: number, meanwhile: string) =>
      python(
        `import mmap, time\nm = mmap.mmap(-1, ${mebibytes} << 20)\nfor i in range(0, ${mebibytes} << 20, 4096): m[i] = 1\n${meanwhile}\nprint("done")`,
      );

    needs('bwrap', 'python3')('is seen, also when it gave it back before anybody looked', async () => {
      const released = shared(64, 'm.close(); time.sleep(0.5)');
      const { stdout, peakMemoryBytes = 0 } = await machine.call(released, { measuresMemory: true });
      expect(stdout).toBe('done\n');
      expect(peakMemoryBytes).toBeGreaterThanOrEqual(64 * mebibyte);
      expect(peakMemoryBytes).toBeLessThan(100 * mebibyte);
    });

    needs('bwrap', 'python3')('is that of all its processes together', async () => {
      const fill = 'import os, time\nos.fork(); os.fork()\nx = b"x" * (40 * 1024 ** 2)\ntime.sleep(0.5)';
      const { peakMemoryBytes = 0 } = await machine.call(python(fill), { ...mayStart, measuresMemory: true });
      expect(peakMemoryBytes).toBeGreaterThanOrEqual(160 * mebibyte);
      expect(peakMemoryBytes).toBeLessThan(240 * mebibyte);
    });
  });

  describe('processes', () => {
    needs('bwrap', 'python3')('a fork bomb in Python is ended with all that came of it', async () => {
      const name = randomUUID();
      const bomb = `name = "${name}"\nimport os, time\nfor _ in range(9):\n  try: os.fork()\n  except OSError: pass\ntime.sleep(15)`;
      const { limit, exitCode, durationMs } = await machine.call(python(bomb), mayStart);
      expect({ limit, exitCode }).toEqual({ limit: 'processes', exitCode: null });
      expect(durationMs).toBeLessThan(roomy.timeoutMs);
      expect(processesMentioning(name)).toEqual([]);
    });

    needs('bwrap')('a fork bomb in Node is ended with all that came of it', async () => {
      const name = randomUUID();
      const bomb = `/* ${name} */ const { spawn } = require('node:child_process'); const again = () => { for (let i = 0; i < 20; i += 1) spawn('/bin/sh', ['-c', 'sleep 15 & sleep 15']).on('error', () => {}); }; for (let i = 0; i < 10; i += 1) setTimeout(again, i * 50);`;
      const { exitCode, limit } = await machine.call(node(bomb), mayStart);
      expect({ limit, exitCode }).toEqual({ limit: 'processes', exitCode: null });
      expect(processesMentioning(name)).toEqual([]);
    });

    const group = countProcesses(1);
    group?.end();
    const isCounted = process.geteuid?.() !== 0 || group !== undefined;
    const lets = isCounted ? 'no tree fork faster than it is looked at' : 'a tree fork until it is looked at';
    needs('bwrap', 'python3')(`the kernel lets ${lets}`, async () => {
      const race =
        'import os, time\nfor _ in range(1500):\n  try:\n    if os.fork() == 0:\n      os.write(1, b"x")\n      time.sleep(15)\n      os._exit(0)\n  except OSError: pass\ntime.sleep(15)';
      const { stdout, limit } = await machine.call(python(race), mayStart);
      expect(limit).toBe('processes');
      // Root without groups has no count of the kernel: the tree is ended when it is seen, and forks 1500 times at most.
      expect(stdout.length).toBeLessThanOrEqual(isCounted ? roomy.processes * 2 : 1500);
    });

    needs('bwrap', 'python3')('threads count', async () => {
      const threads =
        'import threading, time\ntry:\n  for _ in range(200): threading.Thread(target=time.sleep, args=(30,)).start()\nexcept RuntimeError: pass\ntime.sleep(30)';
      const { limit } = await machine.call(python(threads), { limits: { ...roomy, memoryBytes: 4 * 1024 ** 3 } });
      expect(limit).toBe('processes');
    });
  });

  describe('time', () => {
    const short = { limits: { ...roomy, cpuSeconds: 1 } };

    needs('bwrap', 'python3')('a spin in Python and in Node ends with its share of the processor', async () => {
      const both = [machine.call(python('while True: pass'), short), machine.call(node('for (;;);'), short)];
      for (const { limit, exitCode } of await Promise.all(both))
        expect({ limit, exitCode }).toEqual({ limit: 'cpu', exitCode: 152 });
    });

    needs('bwrap', 'python3')('whoever ignores that is ended by force', async () => {
      const spin = 'import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass';
      const { exitCode, timedOut } = await machine.call(python(spin), short);
      expect({ exitCode, timedOut }).toEqual({ exitCode: 137, timedOut: false });
    });

    needs('bwrap')('a tool that never returns is ended, with what it printed until then', async () => {
      const wait = 'process.on("SIGTERM", () => {}); console.log("begun"); setInterval(() => {}, 1000)';
      const { timedOut, stdout, exitCode } = await machine.call(node(wait), { limits: { ...roomy, timeoutMs: 1000 } });
      expect({ timedOut, stdout, exitCode }).toEqual({ timedOut: true, stdout: 'begun\n', exitCode: null });
    });
  });

  describe('disk', () => {
    const write =
      'import os\nfor i in range(100):\n  with open(os.environ["TMPDIR"] + "/%d" % i, "wb") as f: f.write(b"x" * 5000000)\nprint("got it")';

    needs('bwrap', 'python3')('a file cannot grow beyond its limit', async () => {
      const fill = 'import os\nopen(os.environ["TMPDIR"] + "/x", "wb").write(b"x" * 30000000)\nprint("got it")';
      const { stdout, stderr } = await machine.call(python(fill), { scratch: machine.scratch });
      expect(stdout).toBe('');
      expect(stderr).toContain('File too large');
      expect(statSync(join(machine.scratch, 'x')).size).toBeLessThanOrEqual(roomy.fileBytes);
    });

    needs('bwrap', 'python3')('many files fill no more than a folder in memory may hold', async () => {
      const { stdout, stderr } = await machine.call(python(write));
      expect(stdout).toBe('');
      expect(stderr).toContain('No space left');
    });

    needs('bwrap', 'python3')('many files in a folder that is kept end the call', async () => {
      const slow = write.replace('5000000)', '5000000); f.flush(); os.fsync(f.fileno())');
      const { stdout, limit } = await machine.call(python(slow), { scratch: machine.scratch });
      expect({ stdout, limit }).toEqual({ stdout: '', limit: 'disk' });
    });

    needs('bwrap', 'python3')('empty files without end end the call', async () => {
      const many =
        'import os, time\nfor i in range(100000):\n  open(os.environ["TMPDIR"] + "/%d" % i, "w").close()\ntime.sleep(15)';
      expect((await machine.call(python(many))).limit).toBe('disk');
    });

    needs('bwrap', 'python3')('what is written into a folder that it closed counts too', async () => {
      const hidden =
        'import os, time\nfolder = os.environ["TMPDIR"] + "/closed"\nos.mkdir(folder)\nfor i in range(100):\n  os.chmod(folder, 0o700)\n  with open(folder + "/%d" % i, "wb") as f:\n    f.write(b"x" * 1000000)\n  os.chmod(folder, 0)\ntime.sleep(20)\nprint("got it")';
      const { stdout, limit } = await machine.call(python(hidden), { scratch: machine.scratch });
      expect({ stdout, limit }).toEqual({ stdout: '', limit: 'disk' });
    });

    needs('bwrap', 'python3')('nothing can be written beside it', async () => {
      const places = [
        '/',
        '/dev',
        '/tool',
        '/usr',
        '/etc',
        '/proc',
        '/proc/sys/kernel',
        '/spiral',
        '/home',
        '/var/tmp',
      ];
      const tries = `for place in ${JSON.stringify(places)}:\n  try: open(place + "/new", "w").write("x"); print("got", place)\n  except OSError: pass`;
      expect((await machine.call(python(tries))).stdout).toBe('');
      const small =
        'try:\n  for i in range(9): open("%s/%d" % (place, i), "wb").write(b"x" * 8000000)\n  print("got it")\nexcept OSError: print("full")';
      for (const place of ['/tmp', '/dev/shm'])
        expect((await machine.call(python(`place = "${place}"\n${small}`))).stdout).toBe('full\n');
    });
  });

  describe('output', () => {
    const flooding = (stream: string) =>
      node(
        `process.${stream}.on('error', () => {}); const more = () => { while (process.${stream}.write('x'.repeat(65536))); }; process.${stream}.on('drain', more); more();`,
      );

    needs('bwrap')('a flood of either stream ends the call, and what came before is kept', async () => {
      const [out, errors] = await Promise.all([machine.call(flooding('stdout')), machine.call(flooding('stderr'))]);
      expect({ ...out, stdout: out.stdout.length }).toMatchObject({
        truncated: true,
        limit: 'output',
        exitCode: null,
        stdout: roomy.outputBytes,
      });
      expect({ ...errors, stderr: errors.stderr.length }).toMatchObject({
        truncated: true,
        limit: 'output',
        stderr: roomy.outputBytes,
      });
    });

    needs('bwrap', 'python3')('a gigabyte at once is not collected', async () => {
      const before = process.memoryUsage().rss;
      const { truncated } = await machine.call(python('import os\nfor _ in range(100): os.write(1, b"x" * 10000000)'));
      expect(truncated).toBe(true);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * mebibyte);
    });

    needs('bwrap')('output of exactly the limit is whole', async () => {
      const { stdout, truncated, exitCode } = await machine.call(
        node(`process.stdout.write('x'.repeat(${roomy.outputBytes}))`),
      );
      expect({ length: stdout.length, truncated, exitCode }).toEqual({
        length: roomy.outputBytes,
        truncated: false,
        exitCode: 0,
      });
    });
  });

  describe('whoever tries to outlive its call', () => {
    needs('bwrap', 'python3')('by two forks and a session of its own is ended with it', async () => {
      const name = randomUUID();
      const daemon = `name = "${name}"\nimport os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    for fd in range(3): os.close(fd)\n    time.sleep(60)\n  os._exit(0)\nprint("left")`;
      const { stdout, exitCode, durationMs } = await machine.call(python(daemon), mayStart);
      expect({ stdout, exitCode }).toEqual({ stdout: 'left\n', exitCode: 0 });
      expect(durationMs).toBeLessThan(10_000);
      expect(processesMentioning(name)).toEqual([]);
    });

    needs('bwrap')('by a detached child that keeps the output open is ended with it', async () => {
      const name = randomUUID();
      const daemon = `require('node:child_process').spawn('/bin/sh', ['-c', 'sleep 60; : ${name}'], { detached: true, stdio: 'inherit' }).unref(); console.log('left'); process.exit()`;
      const { stdout, durationMs } = await machine.call(node(daemon), mayStart);
      expect(stdout).toBe('left\n');
      expect(durationMs).toBeLessThan(10_000);
      expect(processesMentioning(name)).toEqual([]);
    });
  });
});
