import { StoreError } from '../store.ts';

/** Where a database is, fit to be shown: without its password. */
export type Address = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
};

export type ReadAddress = {
  readonly address: Address;
  /** What the driver is given. Holds the password. */
  readonly connectionString: string;
};

const defaultPort = 5432;
const example = 'postgres://user:password@localhost:5432/spiral';

/** Reads a `DATABASE_URL`. Throws `StoreError` ('refused') when it is not one; nothing of the URL is repeated then. */
export function readAddress(databaseUrl: string): ReadAddress {
  const url = parsed(databaseUrl.trim());
  if (!url) {
    throw new StoreError(
      'refused',
      'the database URL is not a PostgreSQL URL',
      `Set DATABASE_URL to one like ${example}.`,
    );
  }
  if (isCutByPassword(url)) {
    throw new StoreError(
      'refused',
      'the database URL cannot be read: its password seems to hold a character with a meaning of its own',
      'Percent-encode the password in DATABASE_URL: `/` is %2F, `#` is %23, `?` is %3F, `@` is %40.',
    );
  }
  return { address: addressOf(url), connectionString: explicitTls(databaseUrl.trim()) };
}

/** Names a database in a message: `database "spiral" on localhost:5432 as user "me"`. */
export function describe({ host, port, database, user }: Address): string {
  const place = host.startsWith('/') ? host : `${host}:${port}`;
  return `database "${database}" on ${place}${user === '' ? '' : ` as user "${user}"`}`;
}

function parsed(databaseUrl: string): URL | undefined {
  // The driver allows an empty host (a socket named by `?host=`), `URL` does not behind credentials.
  for (const candidate of [databaseUrl, databaseUrl.replace('@/', '@localhost/')]) {
    if (!URL.canParse(candidate)) continue;
    const url = new URL(candidate);
    if (['postgres:', 'postgresql:', 'socket:'].includes(url.protocol)) return url;
  }
  return undefined;
}

/** An unescaped `/`, `#` or `?` in a password ends the part of the URL before it; what follows is no host, but a secret. */
function isCutByPassword(url: URL): boolean {
  return url.hash !== '' || (url.username === '' && `${url.pathname}${url.search}`.includes('@'));
}

function addressOf(url: URL): Address {
  const parameters = url.searchParams;
  const isSocket = url.protocol === 'socket:';
  const user = parameters.get('user') ?? decoded(url.username);
  const host = parameters.get('host') ?? decoded(isSocket ? url.pathname : url.hostname);
  const database = isSocket ? parameters.get('db') : decoded(url.pathname.slice(1));
  return {
    host: host === '' ? 'localhost' : host,
    port: Number(parameters.get('port') ?? (url.port === '' ? defaultPort : url.port)),
    database: database || user,
    user,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/**
 * The driver treats these three modes as `verify-full` and prints a warning about it on every start; saying so ourselves
 * changes nothing else.
 */
function explicitTls(databaseUrl: string): string {
  if (databaseUrl.includes('uselibpqcompat=')) return databaseUrl;
  return databaseUrl.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}
