import { StoreError, type StoreProblem } from '../store.ts';
import { type Address, describe } from './address.ts';

type Explanation = readonly [problem: StoreProblem, message: string, cure: string];

/**
 * What an error of the driver means for a person, or undefined when it is none of the foreseen ones (then it is a defect
 * and worth its stack).
 */
export function problemOf(error: unknown, address: Address): StoreError | undefined {
  const cause = innermost(error);
  if (cause instanceof StoreError) return cause;
  if (!(cause instanceof Error)) return undefined;
  const explanation = explain(codeOf(cause), cause.message, address);
  return explanation && new StoreError(...explanation, { cause });
}

/** The error that the driver threw, without the wrapping that repeats the whole statement and its values. */
export function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  const isWrapping = error instanceof Error && error.message.startsWith('Failed query:') && error.cause !== undefined;
  return isWrapping ? innermost(error.cause) : error;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function explain(code: string, message: string, address: Address): Explanation | undefined {
  return ofState(code, address) ?? ofTls(code, message, address) ?? ofNetwork(code, message, address);
}

/** By the five characters that a server's error carries. */
function ofState(code: string, address: Address): Explanation | undefined {
  const database = describe(address);
  switch (code) {
    case '28P01':
      return ['refused', `the password for ${database} is wrong`, 'Correct the password in DATABASE_URL.'];
    case '28000':
      return [
        'refused',
        `the server does not let us in to ${database}`,
        'Check the user in DATABASE_URL and the pg_hba.conf of the server; some servers ask for `?sslmode=require`.',
      ];
    case '3D000':
      return [
        'refused',
        `there is no ${database}`,
        `Create it (createdb ${address.database}) or correct the name in DATABASE_URL.`,
      ];
    case '42501':
      return [
        'refused',
        `a right is missing in ${database}`,
        `Let an administrator run: GRANT CREATE ON DATABASE "${address.database}" TO "${address.user}", and own the schema "spiral".`,
      ];
    case '25006':
      return ['refused', `${database} can only be read`, 'Point DATABASE_URL to the primary server.'];
    case '53300':
      return [
        'refused',
        `${database} has no free connection`,
        'Raise max_connections of the server or end other programs that use it.',
      ];
    case '53100':
      return ['full', `the disk under ${database} is full`, 'Free some space on the server; nothing was saved.'];
    case '53200':
      return ['full', `the server of ${database} has no memory left`, 'Free memory on the server; nothing was saved.'];
    default:
      return code.startsWith('08') || code.startsWith('57P')
        ? ['unreachable', `the server of ${database} ended the connection`, 'Wait until it runs again, then try again.']
        : undefined;
  }
}

const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function ofTls(code: string, message: string, address: Address): Explanation | undefined {
  const database = describe(address);
  if (certificateCodes.has(code)) {
    return [
      'refused',
      `the certificate of ${database} is not trusted (${code})`,
      'Add `sslrootcert=/path/to/ca.pem` to DATABASE_URL, or `sslmode=no-verify` to trust it unseen.',
    ];
  }
  if (message.includes('does not support SSL')) {
    return [
      'refused',
      `${database} does not offer TLS`,
      'Remove `sslmode` from DATABASE_URL or set `sslmode=disable`.',
    ];
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || message.includes('SSL establishment')) {
    return ['refused', `no TLS connection to ${database} came about`, 'Check `sslmode` in DATABASE_URL.'];
  }
  return message.startsWith('SASL:')
    ? ['refused', `no password is given for ${database}`, 'Put it into DATABASE_URL.']
    : undefined;
}

const networkCodes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection lost',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  EADDRNOTAVAIL: 'no route to the host',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ENOENT: 'no such socket',
  EACCES: 'the socket may not be opened',
};

// The driver gives these no code; its tests pin the words.
const networkMessages: readonly (readonly [start: string, reason: string])[] = [
  ['Connection terminated', 'connection lost'],
  ['timeout expired', 'no answer in time'],
  ['Client has encountered a connection error', 'connection lost'],
  ['Client was closed and is not queryable', 'connection lost'],
];

function ofNetwork(code: string, message: string, address: Address): Explanation | undefined {
  const reason = networkCodes[code] ?? networkMessages.find(([start]) => message.startsWith(start))?.[1];
  if (reason === undefined) return undefined;
  return [
    'unreachable',
    `${describe(address)} cannot be reached: ${reason}`,
    'Start the server or correct DATABASE_URL; without DATABASE_URL Spiral brings a PostgreSQL of its own.',
  ];
}
