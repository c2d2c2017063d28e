import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { ServerAddress } from './connection.ts';
import type { QueueServer } from './queue-server.ts';
import { type RedisInfo, readInfo } from './redis-info.ts';
import type { QueueTiming } from './timing.ts';
import { within } from './within.ts';

/** Everything of ours in a Redis begins with it, so that a Redis may be shared with other programs. */
const prefix = 'spiral';

/** Events of BullMQ that nobody reads; the shortest stream that it can be told to keep. */
const streams = { events: { maxLen: 1 } };

/**
 * Redis (or Valkey) behind the queue. One connection carries the commands of every lane and fails soon when the server is
 * gone; every worker has two of its own, which wait for the server to come back.
 */
export function redisServer(
  address: ServerAddress,
  timing: QueueTiming,
  report: (trouble: unknown) => void,
): QueueServer {
  let reaching: Promise<{ client: Redis; info: RedisInfo }> | undefined;
  let reached: { client: Redis; info: RedisInfo } | undefined;
  const clients = new Set<Redis>();

  function connected(): { client: Redis; info: RedisInfo } {
    if (reached === undefined) throw new Error('reach() comes first');
    return reached;
  }

  /** BullMQ prints its own warnings unless told to trust the server; they are reported once, by `reach`. */
  function common(): { prefix: string; skipVersionCheck: boolean } {
    return { prefix, skipVersionCheck: connected().info.warnings.length > 0 };
  }

  return {
    async reach() {
      reaching ??= connect(address, timing, clients);
      try {
        const first = reached === undefined;
        reached = await reaching;
        if (first) for (const warning of reached.info.warnings) report(new Error(warning));
      } catch (error) {
        reaching = undefined;
        throw error;
      }
    },
    queue: (lane) => new Queue(lane, { connection: connected().client, streams, ...common() }),
    worker(lane, carryOut, settings) {
      const own = new Set<Redis>();
      const client = waitingClient(address, timing, own);
      const worker = new Worker(lane, carryOut, { connection: client, ...common(), ...settings });
      for (const each of own) clients.add(each);
      return {
        worker,
        sever() {
          for (const each of own) {
            each.disconnect();
            clients.delete(each);
          }
        },
      };
    },
    async close() {
      if (reached !== undefined) await reached.client.quit();
    },
    sever() {
      for (const client of clients) client.disconnect();
    },
  };
}

/** `INFO` of the server, over a connection that lives no longer. Throws what the client throws, within bounded time. */
export async function askRedis(address: ServerAddress, timing: QueueTiming): Promise<RedisInfo> {
  const clients = new Set<Redis>();
  try {
    return (await connect(address, timing, clients)).info;
  } finally {
    for (const client of clients) client.disconnect();
  }
}

/**
 * Opens the connection for commands: tried once now, and kept alive from then on. A client whose first attempt failed is
 * thrown away, because BullMQ would wait for it for ever.
 */
async function connect(
  address: ServerAddress,
  timing: QueueTiming,
  clients: Set<Redis>,
): Promise<{ client: Redis; info: RedisInfo }> {
  let trouble: Error | undefined;
  const client = new Redis(address.url, {
    ...options(timing),
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    commandTimeout: timing.command,
  });
  // ioredis tells the reason only here: the rejection of connect() always says "Connection is closed".
  client.on('error', (error) => {
    trouble = error;
  });
  clients.add(client);
  try {
    await within(timing.connect, client.connect());
    return { client, info: readInfo(await within(timing.connect, client.info()), address) };
  } catch (error) {
    client.disconnect();
    clients.delete(client);
    throw trouble ?? error;
  }
}

/** A client for a worker: commands wait for the server. BullMQ makes a second one from it for the blocking read. */
function waitingClient(address: ServerAddress, timing: QueueTiming, own: Set<Redis>): Redis {
  const client = new Redis(address.url, { ...options(timing), maxRetriesPerRequest: null });
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => {
    const second = duplicate(override);
    own.add(second);
    second.on('error', heard);
    return second;
  };
  own.add(client);
  client.on('error', heard);
  return client;
}

function options(timing: QueueTiming) {
  return {
    connectTimeout: timing.connect,
    // A server that does not take part in the farewell holds the process no longer than this.
    disconnectTimeout: 200,
    keepAlive: 10_000,
    retryStrategy: (times: number) => Math.min(times * 100, timing.reconnectPause),
  };
}

/** BullMQ passes the same error on through the worker; without a listener of its own ioredis would print it. */
function heard(): undefined {
  return undefined;
}
