import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dial, dialPublic } from '../../../src/sandbox/cells/hosts/dial.ts';
import type { ToolRunResult } from '../../../src/sandbox/cells.ts';
import { needs } from '../../support/needs.ts';
import { newToolMachine, noPermissions, type ToolMachine } from './cells.ts';

/** Stands for the hosts of the world: every name leads to it, and it tells by which it was asked. */
let world: Server;
let machine: ToolMachine;
const dialed: string[] = [];

const dialWorld: Dial = async ({ name, port }) => {
  dialed.push(`${name}:${port}`);
  const socket = connect((world.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

beforeAll(async () => {
  world = createServer((request: IncomingMessage, response) => response.end(`hello from ${request.headers.host}`));
  world.listen(0, '127.0.0.1');
  await once(world, 'listening');
  machine = newToolMachine('whoever runs the tests', { dial: dialWorld });
});
afterAll(() => {
  machine.leave();
  world.close();
  world.closeAllConnections();
});

const allowing = (...hosts: string[]) => ({ permissions: { ...noPermissions, hosts } });
const fetching = (...urls: string[]) =>
  [
    'node',
    '-e',
    `(async () => { for (const url of ${JSON.stringify(urls)}) await fetch(url).then(async (r) => console.log(r.status, await r.text()), (e) => console.log('refused')); })()`,
  ] as const;

const tunnel = (host: string, port = 443) =>
  [
    'python3',
    '-c',
    `import http.client
c = http.client.HTTPConnection("127.0.0.1", 3128, timeout=5)
c.set_tunnel("${host}", ${port})
try:
  c.request("GET", "/")
  print(c.getresponse().read().decode())
except OSError as e: print(e)`,
  ] as const;

describe('a tool that may reach a host', () => {
  needs('bwrap')('reaches it with the fetch of Node, and no other', async () => {
    const program = fetching(
      'http://api.example.com:8080/',
      'http://api.example.com/',
      'http://other.example.com:8080/',
    );
    const { stdout, exitCode } = await machine.call(program, allowing('api.example.com:8080'));
    expect({ stdout, exitCode }).toEqual({
      stdout: '200 hello from api.example.com:8080\nrefused\nrefused\n',
      exitCode: 0,
    });
  });

  needs('bwrap', 'python3')('reaches it with Python through a tunnel, and no other host or port', async () => {
    const may = allowing('api.example.com');
    expect((await machine.call(tunnel('api.example.com'), may)).stdout).toBe('hello from api.example.com:443\n');
    for (const program of [tunnel('api.example.com', 80), tunnel('api.example.com.evil.org'), tunnel('127.0.0.1')])
      expect((await machine.call(program, may)).stdout).toContain('403');
  });

  needs('bwrap', 'python3')('has no way beside the proxy', async () => {
    const port = (world.address() as AddressInfo).port;
    const direct = `import socket\ntry: socket.create_connection(("127.0.0.1", ${port}), 1); print("got")\nexcept OSError: print("refused")\ntry: socket.getaddrinfo("example.com", 443); print("got")\nexcept OSError: print("refused")`;
    const { stdout } = await machine.call(['python3', '-c', direct], allowing('api.example.com'));
    expect(stdout).toBe('refused\nrefused\n');
  });

  needs('bwrap')('keeps its exit code, its input and its limits, and leaves nothing behind', async () => {
    const echo = [
      'node',
      '-e',
      'process.stdin.pipe(process.stdout).on("finish", () => {}); process.exitCode = 7',
    ] as const;
    const { stdout, exitCode } = await machine.call(echo, { ...allowing('api.example.com'), input: 'said' });
    expect({ stdout, exitCode }).toEqual({ stdout: 'said', exitCode: 7 });
    expect((await machine.call(['sh', '-c', 'kill -9 $$'], allowing('api.example.com'))).exitCode).toBe(137);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('spiral-hosts-'))).toEqual([]);
  });

  needs('bwrap')('and one that may reach none has no proxy', async () => {
    const { stdout } = await machine.call(fetching('http://api.example.com:8080/'));
    expect(stdout).toBe('refused\n');
    expect((await machine.call(tunnel('api.example.com'))).stdout).toContain('refused');
  });
});

describe('a name', () => {
  test.each([['127.0.0.1'], ['10.1.2.3'], ['169.254.169.254'], ['::1'], ['fe80::1'], ['::ffff:127.0.0.1']])(
    'that leads to %s is not reached, even when another of its addresses is public',
    async (address) => {
      const dial = dialPublic(async () => ['93.184.215.14', address]);
      await expect(dial({ name: 'rebound.example.com', port: 443 })).rejects.toThrow(`leads to ${address}`);
    },
  );

  test('is reached at the very address that was looked at', async () => {
    const { port } = world.address() as AddressInfo;
    const lookups: string[] = [];
    const resolve = async (name: string) => {
      lookups.push(name);
      return lookups.length === 1 ? ['127.0.0.1'] : ['10.0.0.1'];
    };
    const socket = await dialPublic(resolve, (address) => address === '127.0.0.1')({ name: 'api.example.com', port });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(lookups).toEqual(['api.example.com']);
    socket.destroy();
  });
});

needs('bwrap')('a name that leads to this machine is refused to a tool', async () => {
  const plain = newToolMachine('whoever runs the tests', { dial: dialPublic(async () => ['127.0.0.1']) });
  const port = (world.address() as AddressInfo).port;
  const result: ToolRunResult = await plain.call(tunnel('api.example.com', port), allowing(`api.example.com:${port}`));
  expect(result.stdout).toContain('502');
  plain.leave();
});
