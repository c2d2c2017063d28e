import type { Client } from 'pg';

/** What nobody else has until it is let go, or until this process or its connection is gone. */
export type Hold = { release(): Promise<void> };

export type Holds = {
  /** Undefined while somebody else has what is called so; two callers of one process exclude each other too. */
  take(name: string): Promise<Hold | undefined>;
  close(): Promise<void>;
};

/**
 * Advisory locks on one connection of its own, opened with the first of them. When it is lost so is everything that was
 * held, and others may have it: whoever relies on a hold writes in a way that bears that.
 *
 * @param newClient makes a client that is not connected yet
 */
export function openHolds(newClient: () => Client): Holds {
  let open: Promise<Connection> | undefined;

  async function connection(): Promise<Connection> {
    open ??= connect(newClient, () => {
      open = undefined;
    });
    return open;
  }

  return {
    async take(name) {
      const { ask, held } = await connection();
      if (held.has(name)) return undefined;
      // Noted before it is asked for: the server lets one connection have a lock twice.
      held.add(name);
      try {
        if (!(await ask('pg_try_advisory_lock', name))) {
          held.delete(name);
          return undefined;
        }
      } catch (error) {
        held.delete(name);
        throw error;
      }
      return {
        async release() {
          // Of a connection that was lost nothing is held any more.
          if (!held.delete(name)) return;
          await ask('pg_advisory_unlock', name).catch(() => undefined);
        },
      };
    },
    async close() {
      const opened = await open?.catch(() => undefined);
      await opened?.client.end().catch(() => undefined);
    },
  };
}

type Connection = {
  readonly client: Client;
  readonly held: Set<string>;
  /** Calls one of these on the lock of a name, when what was asked before has been answered: a client does one thing at a time. */
  readonly ask: (call: 'pg_try_advisory_lock' | 'pg_advisory_unlock', name: string) => Promise<boolean>;
};

async function connect(newClient: () => Client, lost: () => void): Promise<Connection> {
  const client = newClient();
  const held = new Set<string>();
  let isLost = false;
  const lose = () => {
    // The end comes some time after the error, and by then there may be another connection.
    if (isLost) return;
    isLost = true;
    held.clear();
    lost();
  };
  client.on('error', lose);
  client.once('end', lose);
  try {
    await client.connect();
  } catch (error) {
    lost();
    throw error;
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    client,
    held,
    ask(call, name) {
      const answer = last.then(async () => {
        const query = `select ${call}(hashtextextended($1, 0)) as done`;
        const { rows } = await client.query<{ done: boolean }>(query, [name]);
        return rows[0]?.done === true;
      });
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}
