import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isProgram } from '../../../src/sandbox/processes/program.ts';
import { needs } from '../../support/needs.ts';
import { giveTo, newToolMachine, noPermissions, persons, roomy, secret, type ToolMachine } from './cells.ts';
import { searchPath } from './containments.ts';

/** A machine on which only these programs are installed. */
function only(...programs: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'spiral-programs-'));
  for (const name of programs) {
    const place = searchPath.split(delimiter).find((each) => isProgram(join(each, name), '/', undefined));
    if (place !== undefined) symlinkSync(join(place, name), join(folder, name));
  }
  return folder;
}

const withNamespaces = only('setpriv', 'unshare', 'prlimit');
const bare = only('prlimit');
afterAll(() => {
  for (const folder of [withNamespaces, bare]) rmSync(folder, { recursive: true });
});

const accepted = { acceptsReducedIsolation: true };

describe.each(persons)('without bubblewrap, Spiral run by %s', (person) => {
  let machine: ToolMachine;
  beforeAll(() => {
    giveTo('whoever runs the tests', withNamespaces);
    machine = newToolMachine(person, { path: withNamespaces });
  });
  afterAll(() => machine.leave());

  needs('setpriv')('says so, and runs a tool of Node', async () => {
    const { stdout, isolation } = await machine.call([
      'node',
      '-e',
      'console.log(require("fs").readFileSync("own.txt", "utf8"))',
    ]);
    expect({ stdout, isolation }).toEqual({ stdout: 'own\n', isolation: 'namespaces' });
  });

  needs('setpriv')('keeps the files of the person, other processes and the network from it', async () => {
    const server = createServer((_, response) => response.end(secret));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { home } = machine;
    const tries = `const fs = require('fs'); const say = (text) => console.log(text);
for (const look of [() => fs.readFileSync('${home}/secret.txt', 'utf8'), () => fs.writeFileSync('own.txt', 'x'), () => process.kill(${process.pid}, 0), () => fs.readFileSync('/proc/${process.pid}/environ'), () => require('child_process').execSync('true')])
  try { look(); say('got'); } catch (error) { say('refused'); }
fetch('http://127.0.0.1:${port}').then(() => say('got'), () => say('refused'));`;
    const { stdout } = await machine.call(['node', '-e', tries]);
    expect(stdout).toBe('refused\n'.repeat(6));
    server.close();
  });

  needs('setpriv')('ends it with its limits', async () => {
    const { limit, exitCode } = await machine.call(['node', '-e', 'for (;;);'], {
      limits: { ...roomy, cpuSeconds: 1 },
    });
    expect(exitCode).not.toBe(0);
    expect(limit ?? 'cpu').toBe('cpu');
    const endless = await machine.call(['node', '-e', 'setInterval(() => {}, 1000)'], {
      limits: { ...roomy, timeoutMs: 500 },
    });
    expect(endless.timedOut).toBe(true);
  });

  needs('setpriv')(
    'refuses links that lead out, Python, other programs and hosts, unless a person accepted it',
    async () => {
      const linked = join(machine.work, 'linked');
      mkdirSync(linked);
      writeFileSync(join(linked, 'index.mjs'), 'console.log(1)');
      symlinkSync(join(machine.home, 'secret.txt'), join(linked, 'link.txt'));
      expect((await machine.call(['node', 'index.mjs'], { folder: linked })).notStarted).toContain('leads out');
      expect((await machine.call(['python3', '-c', ''])).notStarted).toContain('only tools of Node');
      expect((await machine.call(['sh', '-c', ''])).notStarted).toContain('only tools of Node');
      const starting = { permissions: { ...noPermissions, subprocess: true } };
      expect((await machine.call(['node', '-e', ''], starting)).notStarted).toContain('cannot be isolated');
      const reaching = { permissions: { ...noPermissions, hosts: ['example.com'] } };
      expect((await machine.call(['node', '-e', ''], reaching)).notStarted).toContain('where bubblewrap works');
      const { stdout, isolation } = await machine.call(['python3', '-c', 'print(1)'], accepted);
      expect({ stdout, isolation }).toEqual({ stdout: '1\n', isolation: 'namespaces' });
    },
  );
});

test('without namespaces too nothing runs unless a person accepted it', async () => {
  const machine = newToolMachine('whoever runs the tests', { path: bare });
  const refused = await machine.call(['node', '-e', 'console.log(1)']);
  expect(refused).toMatchObject({ isolation: 'none', stdout: '', exitCode: null });
  expect(refused.notStarted).toContain('tools cannot be isolated on this machine: install bubblewrap');
  const { stdout, isolation } = await machine.call(['node', '-e', 'console.log(1)'], accepted);
  expect({ stdout, isolation }).toEqual({ stdout: '1\n', isolation: 'none' });
  machine.leave();
});
