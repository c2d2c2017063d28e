import { addressOf, type QueueConnection, type ServerAddress } from './connection.ts';
import { explain } from './problems.ts';
import { defaultTiming, type QueueTiming } from './timing.ts';
import { within } from './within.ts';

export type QueueCheck = {
  readonly backend: 'redis' | 'postgresql';
  readonly version: string;
  /** One sentence each: what may lose jobs. */
  readonly warnings: readonly string[];
};

/**
 * Looks at the server behind the queue and changes nothing there. Rejects with a `QueueError` when it cannot be used.
 *
 * @param timing for tests
 */
export async function checkQueue(connection: QueueConnection, timing: Partial<QueueTiming> = {}): Promise<QueueCheck> {
  const address = addressOf(connection);
  const wanted = { ...defaultTiming, ...timing };
  try {
    return await within(wanted.command, ask(address, wanted));
  } catch (error) {
    throw explain(error, address);
  }
}

async function ask(address: ServerAddress, timing: QueueTiming): Promise<QueueCheck> {
  if (address.backend === 'redis') {
    const { askRedis } = await import('./redis-server.ts');
    return { backend: address.backend, ...(await askRedis(address, timing)) };
  }
  const { askPostgres } = await import('./postgres-check.ts');
  return { backend: address.backend, ...(await askPostgres(address, timing)) };
}
