import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import type { AllowedHost } from './allowed-host.ts';
import { isPublicAddress } from './public-address.ts';

/** Opens a connection to a host, or rejects. */
export type Dial = (host: AllowedHost) => Promise<Socket>;

/** The addresses that a name leads to. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const connectMs = 15_000;

/**
 * Connects to one of the very addresses that were looked at. A name of which any address is not public is refused as a
 * whole: whoever owns a name decides what it leads to.
 */
export function dialPublic(resolve: Resolve = addressesOf, isPublic = isPublicAddress): Dial {
  return async ({ name, port }) => {
    const addresses = await resolve(name);
    const inside = addresses.find((address) => !isPublic(address));
    if (inside !== undefined) throw new Error(`${name} leads to ${inside}, which is no public address`);
    let failure: unknown = new Error(`${name} leads nowhere`);
    for (const address of addresses) {
      try {
        return await connected(address, port);
      } catch (error) {
        failure = error; // The next address may answer.
      }
    }
    throw failure;
  };
}

async function addressesOf(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

function connected(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, timeout: connectMs });
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    socket.once('timeout', () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once('error', reject);
  });
}
