import { createHash } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { hasCode } from './file-errors.ts';

const host = '127.0.0.1';
const firstPort = 20_000;
// Below the ports that systems give out by themselves.
const ports = 12_000;
const candidates = 3;
const stride = 4_099;
const greetWithinMs = 5_000;

/**
 * Does some work while no other process of this machine does the work of the same name; they wait for their turn.
 *
 * The one whose turn it is listens on a port that follows from the name: unlike a lock file, a port is given back by the
 * operating system however its owner ends.
 */
export async function oneAtATime<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const letGo = await takeTurn(turnPorts(name), `spiral ${digestOf(name).toString('hex')}\n`);
  try {
    return await work();
  } finally {
    letGo();
  }
}

/** The ports that stand for the turn, the first one unless another program has it. */
export function turnPorts(name: string): number[] {
  const seed = digestOf(name).readUInt32BE(0);
  return Array.from({ length: candidates }, (_, index) => firstPort + ((seed + index * stride) % ports));
}

function digestOf(name: string): Buffer {
  return createHash('sha256').update(name).digest();
}

async function takeTurn(candidatePorts: readonly number[], greeting: string): Promise<() => void> {
  for (const port of candidatePorts) {
    for (;;) {
      const letGo = await listen(port, greeting);
      if (letGo) return letGo;
      if (!(await ownerLetsGo(port, greeting))) break;
    }
  }
  // Other programs have all of them. The work is only disturbed, not broken, by a second one that does it.
  return () => undefined;
}

/** Undefined when the port cannot be had. */
async function listen(port: number, greeting: string): Promise<(() => void) | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    // One that waits no more, because it was killed, is nothing to us.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => waiting.delete(socket));
    socket.write(greeting);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (hasCode(error, 'EADDRINUSE', 'EACCES')) resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      });
    });
  });
}

/** Waits until the owner of the port lets it go; false when the port belongs to a program that does other work. */
async function ownerLetsGo(port: number, greeting: string): Promise<boolean> {
  const socket = connect({ port, host });
  return new Promise((resolve) => {
    let said = '';
    const tooLate = setTimeout(() => socket.destroy(), greetWithinMs);
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text;
      if (said === greeting) clearTimeout(tooLate);
      else if (!greeting.startsWith(said)) socket.destroy();
    });
    let wasThere = true;
    socket.on('error', (error) => {
      // Let go, or its owner was killed, between our two looks.
      wasThere = !hasCode(error, 'ECONNREFUSED', 'ECONNRESET');
    });
    socket.on('close', () => {
      clearTimeout(tooLate);
      resolve(said === greeting || !wasThere);
    });
  });
}
