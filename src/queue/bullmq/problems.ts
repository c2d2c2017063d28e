import { unescape as decoded } from 'node:querystring';
import { QueueError } from '../queue.ts';
import type { ServerAddress } from './connection.ts';
import { TooSlow } from './within.ts';

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
]);
const networkWords =
  /connection is closed|connection terminated|connection ended|timed? ?out|timeout|max retries per request|stream isn't writeable|query read timeout|not queryable/i;

/** What the clients say of an answer that is not of their protocol. */
const foreignWords = /unknown RESP type|protocol error|received invalid response/i;

/** BullMQ's own refusals: a PostgreSQL that is too old, tables of a newer Spiral. */
const versionErrors = new Set(['UnsupportedPostgresVersionError', 'SchemaVersionMismatchError']);

/** SQLSTATE classes that mean "come back later": connection exceptions, the server stops or starts. */
const unavailableStates = /^(08|57P)/;

/**
 * A failure of the server as a `QueueError`; anything else as it came. The failure itself is not kept as the cause: the
 * clients attach the command with its arguments, and one of the commands is the one that signs in.
 */
export function explain(failure: unknown, address: ServerAddress): unknown {
  if (failure instanceof QueueError || !(failure instanceof Error)) return failure;
  const code = codeOf(failure);
  const reason = oneLine(failure, address);
  if (foreignWords.test(failure.message)) {
    const message = `What answers there is not ${address.name}: ${reason}`;
    return new QueueError('misconfigured', message, `Correct ${variableOf(address)}.`);
  }
  if (versionErrors.has(failure.name)) {
    return new QueueError(
      'misconfigured',
      `${address.name} cannot be used: ${reason}`,
      'Upgrade PostgreSQL or Spiral.',
    );
  }
  if (isUnreachable(failure, code)) {
    return new QueueError('unreachable', `${address.name} cannot be reached: ${reason}`, cureOfUnreachable(address));
  }
  if (isRefusal(failure, code)) {
    return new QueueError('refused', `${address.name} refused: ${reason}`, cureOfRefusal(address, code, reason));
  }
  return failure;
}

function isUnreachable(failure: Error, code: string): boolean {
  return (
    failure instanceof TooSlow ||
    networkCodes.has(code) ||
    unavailableStates.test(code) ||
    networkWords.test(failure.message)
  );
}

/** `ReplyError` is what ioredis throws for an answer of the server; a SQLSTATE has five characters. */
function isRefusal(failure: Error, code: string): boolean {
  return failure.name === 'ReplyError' || /^[0-9A-Z]{5}$/.test(code);
}

function variableOf(address: ServerAddress): string {
  return address.backend === 'redis' ? 'REDIS_URL' : 'DATABASE_URL';
}

function cureOfUnreachable(address: ServerAddress): string {
  return address.backend === 'redis'
    ? 'Start Redis, correct REDIS_URL, or unset it: Spiral then keeps its queue in PostgreSQL.'
    : 'Start PostgreSQL or correct DATABASE_URL.';
}

function cureOfRefusal(address: ServerAddress, code: string, reason: string): string {
  if (address.backend === 'redis') {
    if (/NOAUTH|WRONGPASS|NOPERM/.test(reason)) return 'Put the right user and password into REDIS_URL.';
    if (/READONLY/.test(reason)) return 'Point REDIS_URL at the primary: this one is a read-only replica.';
    return 'Look at the server: `redis-cli info` and its log.';
  }
  if (code.startsWith('28')) return 'Put the right user and password into DATABASE_URL.';
  if (code === '3D000') return 'Create the database that DATABASE_URL names.';
  if (code === '42501') return 'Let the user create a schema: GRANT CREATE ON DATABASE … TO ….';
  if (code === '53300') return 'Raise max_connections of PostgreSQL or stop other programs that use it.';
  return 'Look at the log of PostgreSQL.';
}

function codeOf(failure: Error): string {
  const code = 'code' in failure ? failure.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** AggregateError (several addresses of one host) has an empty message of its own. */
function oneLine(failure: Error, address: ServerAddress): string {
  const parts = failure instanceof AggregateError ? failure.errors : [failure];
  const words = parts.map((part) => (part instanceof Error ? part.message : String(part))).join('; ');
  return withoutPassword(words || codeOf(failure) || failure.name, address)
    .replace(/\s+/g, ' ')
    .trim();
}

function withoutPassword(text: string, address: ServerAddress): string {
  const { password } = new URL(address.url);
  if (!password) return text;
  return text.replaceAll(password, '…').replaceAll(decoded(password), '…');
}
