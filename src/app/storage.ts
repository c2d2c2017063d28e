import type { Config } from '../config/config.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { lazily } from './lazily.ts';
import { openServer, openStore } from './open-database.ts';

/** Where the work is kept: store and queue, each opened when it is first asked for. */
export type Storage = {
  /** Throws `SpiralError`. */
  store(): Promise<Store>;
  /** Throws `SpiralError`. */
  queue(): Promise<Queue>;
  /** Starts the database server that Spiral brings; whoever asks for store or queue is told when it does not start. */
  begin(): void;
  close(): Promise<void>;
};

export function openStorage(
  config: Pick<Config, 'database' | 'queue'>,
  stateRoot: string,
  report: (problem: string) => void,
): Storage {
  const server = lazily(() => openServer(config, stateRoot));
  const store = lazily(() => openStore(server.get()));
  const queue = lazily(async () => {
    const { redisUrl } = config.queue;
    const loaded = import('../queue/bullmq/open-bull-queue.ts');
    // What is loaded while the server starts is not waited for later.
    const loading = loaded.then(({ loadBackend }) => loadBackend(redisUrl ? 'redis' : 'postgresql'));
    const [{ openBullQueue }, { databaseUrl, isEmbedded }] = await Promise.all([loaded, server.get(), loading]);
    // In the database of somebody else nothing is made before the store has found it fit.
    if (!isEmbedded) await store.get();
    return openBullQueue(redisUrl ? { redisUrl: redisUrl.reveal() } : { databaseUrl }, {
      report: (trouble) => report(`The queue: ${trouble instanceof Error ? trouble.message : String(trouble)}`),
      atOnce: true,
    });
  });

  return {
    store: store.get,
    queue: queue.get,
    begin() {
      server.get().catch(() => undefined);
    },
    async close() {
      await queue.close((open) => open.close());
      await store.close((open) => open.close());
      await server.close(({ leave }) => leave());
    },
  };
}
