import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from './place.ts';
import type { PostmasterFile } from './postmaster-file.ts';
import { runningServer } from './running-server.ts';
import { findServer, stopServer } from './server.ts';
import { unavailable } from './unavailable.ts';
import { enter, type Use } from './use.ts';

// After a crash the server takes nobody in until it has gone through its log.
const enterWithinMs = 60_000;
const pauseMs = 20;

type Presence = { readonly server: PostmasterFile; readonly use: Use };

/**
 * Makes sure that the server of a place runs and that we are known to use it, until `leave` is called: after a crash of
 * the server it is started and entered again. Only when somebody shuts it down on purpose is it left alone.
 */
export async function becomePresent(
  place: Place,
  password: string,
): Promise<{ readonly server: PostmasterFile; leave(): Promise<void> }> {
  const first = await enterServer(place, password);
  let current: Promise<Presence> = Promise.resolve(first);
  let leaving = false;

  const stay = async () => {
    for (;;) {
      const { use } = await current;
      await use.lost;
      if ((await isShutDown(place)) || leaving) return;
      current = enterServer(place, password);
    }
  };
  // A server that cannot be had again is told of by every other connection to it.
  stay().catch(() => undefined);

  return {
    server: first.server,
    async leave() {
      leaving = true;
      const presence = await current.catch(() => undefined);
      if (!presence) return;
      const { server, use } = presence;
      if (await use.leave()) await stopServer(place, server.pid);
      await use.end();
    },
  };
}

async function enterServer(place: Place, password: string): Promise<Presence> {
  for (const deadline = Date.now() + enterWithinMs; Date.now() < deadline; await pause(pauseMs)) {
    const server = await runningServer(place, password);
    const use = await enter(server.port, password);
    if (typeof use === 'object') return { server, use };
    if (use === 'wrong-password') {
      throw unavailable(`the password in ${place.password} is not that of the embedded PostgreSQL`, {
        hint: 'Bring the file back.',
      });
    }
  }
  throw unavailable('the embedded PostgreSQL ends every connection', { hint: `Its log is ${place.log}.` });
}

/** A server that ends in order says so in its file and then removes it; one that was killed leaves it behind. */
async function isShutDown(place: Place): Promise<boolean> {
  const found = await findServer(place);
  return found.kind === 'none' || (found.kind === 'living' && found.status === 'stopping');
}
