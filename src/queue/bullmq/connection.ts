import { QueueError } from '../queue.ts';

/** Where the queue lives: a Redis (or Valkey), or the PostgreSQL that holds everything else. */
export type QueueConnection = { readonly redisUrl: string } | { readonly databaseUrl: string };

/** A checked address. `name` is how messages speak of the server: host, port and database, never a password. */
export type ServerAddress = {
  readonly backend: 'redis' | 'postgresql';
  readonly url: string;
  readonly name: string;
};

/** Throws `QueueError` ('misconfigured') when the URL is not one of the backend it is given for. */
export function addressOf(connection: QueueConnection): ServerAddress {
  if ('redisUrl' in connection) {
    return checked('redis', connection.redisUrl, ['redis:', 'rediss:'], 'REDIS_URL', 'redis://127.0.0.1:6379');
  }
  const example = 'postgresql://user:password@127.0.0.1:5432/spiral';
  return checked('postgresql', connection.databaseUrl, ['postgres:', 'postgresql:'], 'DATABASE_URL', example);
}

function checked(
  backend: ServerAddress['backend'],
  url: string,
  protocols: readonly string[],
  variable: string,
  example: string,
): ServerAddress {
  const cure = `Set ${variable} to an address such as ${example}.`;
  if (!URL.canParse(url)) throw new QueueError('misconfigured', `${variable} is not a URL.`, cure);
  const { protocol, host, pathname } = new URL(url);
  if (!protocols.includes(protocol)) {
    throw new QueueError('misconfigured', `${variable} begins with ${protocol}, not with ${protocols[0]}.`, cure);
  }
  const product = backend === 'redis' ? 'Redis' : 'PostgreSQL';
  return { backend, url, name: `${product} at ${host || 'its local socket'}${pathname.length > 1 ? pathname : ''}` };
}
