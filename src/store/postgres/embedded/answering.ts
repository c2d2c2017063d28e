import { once } from 'node:events';
import { connect } from 'node:net';

const waitMs = 1_000;

/** Asks a server of PostgreSQL whether it speaks TLS; it answers with one letter before anybody is anybody. */
const question = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Whether a PostgreSQL answers at a port of this machine. A server whose process cannot be seen may still live: in a process
 * namespace, as programs of agents are given one, nobody outside it has a process id.
 */
export async function answersAsPostgres(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  const signal = AbortSignal.timeout(waitMs);
  try {
    await once(socket, 'connect', { signal });
    socket.write(question);
    const [answer] = await once(socket, 'data', { signal });
    return Buffer.isBuffer(answer) && ['N', 'S'].includes(answer.toString('latin1'));
  } catch {
    return false; // Nobody is there, or somebody who speaks otherwise.
  } finally {
    socket.destroy();
  }
}
