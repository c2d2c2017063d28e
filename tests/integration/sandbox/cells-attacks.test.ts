import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { needs } from '../../support/needs.ts';
import { attackProgram, attacks, type Target } from './attacks.ts';
import { newBystander, newToolMachine, persons, plainly, secret, type ToolMachine } from './cells.ts';

let servers: Server[];
let asked: Socket;
let addresses: Pick<Target, 'tcp' | 'udp' | 'abstract'>;

beforeAll(async () => {
  const abstract = randomUUID();
  const tcp = await listening((server) => server.listen(0, '127.0.0.1'));
  asked = createSocket('udp4', (_, from) => asked.send(secret, from.port, from.address)).bind(0, '127.0.0.1');
  await once(asked, 'listening');
  servers = [tcp, await listening((server) => server.listen(`\0${abstract}`))];
  addresses = { tcp: (tcp.address() as AddressInfo).port, udp: asked.address().port, abstract };
});

afterAll(() => {
  asked.close();
  for (const server of servers) server.close();
});

async function listening(listen: (server: Server) => void): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end(secret));
  listen(server);
  await once(server, 'listening');
  return server;
}

describe.each(persons)('Spiral run by %s', (person) => {
  let machine: ToolMachine;
  let bystander: ChildProcess;
  let target: Target;
  beforeAll(async () => {
    machine = newToolMachine(person);
    bystander = await newBystander(person);
    const { home, stateRoot, tool, work } = machine;
    const socket = join(work, 'server.sock');
    servers.push(await listening((server) => server.listen(socket)));
    chmodSync(socket, 0o777);
    symlinkSync(join(home, 'secret.txt'), join(tool, 'link.txt'));
    const folders = [home, join(home, '.ssh'), stateRoot, join(stateRoot, 'tools', 'other'), work];
    const secrets = folders.map((folder) => join(folder, 'secret.txt'));
    target = { ...addresses, secrets, link: 'link.txt', bystander: bystander.pid ?? 0, socket };
  });
  afterAll(() => {
    bystander.kill('SIGKILL');
    machine.leave();
  });

  describe.each(attacks)('$name', (attack) => {
    const languages = (['node', 'python'] as const).filter((language) => attack[language] !== undefined);
    for (const language of languages) {
      const program = () => attackProgram(language, attack[language] ?? '', target);

      needs('bwrap', 'python3')(`a tool in ${language} is refused`, async () => {
        const before = contentOf(machine.tool);
        const { stdout, stderr, notStarted, isolation } = await machine.call(program(), { scratch: machine.scratch });
        expect({ notStarted, isolation }).toEqual({ notStarted: undefined, isolation: 'bubblewrap' });
        expect(stdout).not.toMatch(/^got/m);
        expect(stdout + stderr).not.toContain(secret);
        expect(contentOf(machine.tool)).toEqual(before);
        expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
      });

      needs('python3')(`a program in ${language} that nothing keeps from it succeeds`, async () => {
        const output = await plainly(person, program(), machine.tool, {});
        expect(output).toMatch(/^got/m);
      });
    }
  });
});

function contentOf(folder: string): Record<string, string> {
  const own = readdirSync(folder).filter((name) => existsSync(join(folder, name)) && name !== 'new.txt');
  return Object.fromEntries(own.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
