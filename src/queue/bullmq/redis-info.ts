import { QueueError } from '../queue.ts';
import type { ServerAddress } from './connection.ts';

/** What `INFO` says that matters for a queue. */
export type RedisInfo = { readonly version: string; readonly warnings: readonly string[] };

/** The oldest Redis that BullMQ runs on at all, and the oldest it recommends. */
const oldest = [5, 0];
const recommended = [6, 2];

/** Reads the answer of `INFO`. Throws `QueueError` ('misconfigured') when the server is too old. */
export function readInfo(info: string, address: ServerAddress): RedisInfo {
  const fields = new Map(
    info.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
  const version = fields.get('valkey_version') ?? fields.get('redis_version') ?? 'unknown';
  if (isBefore(version, oldest)) {
    const message = `${address.name} is version ${version}; ${oldest.join('.')} is needed.`;
    throw new QueueError('misconfigured', message, 'Install a newer Redis or Valkey, or unset REDIS_URL.');
  }
  const warnings: string[] = [];
  if (isBefore(version, recommended)) {
    warnings.push(`${address.name} is version ${version}; ${recommended.join('.')} or newer is recommended`);
  }
  if (fields.get('aof_enabled') === '0') {
    warnings.push(`${address.name} loses queued jobs when it is killed: set "appendonly yes"`);
  }
  const policy = fields.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(
      `${address.name} drops queued jobs when memory is short: set "maxmemory-policy noeviction" (is ${policy})`,
    );
  }
  return { version, warnings };
}

function isBefore(version: string, [major = 0, minor = 0]: readonly number[]): boolean {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  if (ownMajor === undefined || ownMinor === undefined || Number.isNaN(ownMajor + ownMinor)) return false;
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
