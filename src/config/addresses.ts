import { ConfigError } from './config-error.ts';
import type { Settings } from './environment.ts';
import { Secret } from './secret.ts';

/** What an address of a server may begin with, and how it is asked for in messages. */
export type AddressKind = { readonly protocols: readonly string[]; readonly expected: string };

export const postgresAddress: AddressKind = {
  protocols: ['postgresql:', 'postgres:'],
  expected: 'an address such as postgresql://user:password@host:5432/name',
};

export const redisAddress: AddressKind = {
  protocols: ['redis:', 'rediss:'],
  expected: 'an address such as redis://127.0.0.1:6379',
};

export function isAddress(value: string, { protocols }: AddressKind): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

/** Where the bot is sent in place of Discord: the token goes there, so it is never sent openly over a network. */
export function isDiscordAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

/**
 * The address of a server, of the environment before that of the file. It carries a password, so that it is a secret as a
 * whole. Throws `ConfigError` for one of another kind.
 *
 * @param inFile checked already
 */
export function addressOf(
  settings: Settings,
  variable: 'DATABASE_URL' | 'REDIS_URL',
  kind: AddressKind,
  inFile: string | undefined,
): Secret | undefined {
  const setting = settings.get(variable);
  if (setting === undefined) return inFile === undefined ? undefined : new Secret(inFile);
  if (isAddress(setting.value, kind)) return new Secret(setting.value);
  const place = setting.file === undefined ? {} : { file: setting.file };
  throw new ConfigError(`${variable} must be ${kind.expected}`, `Correct ${variable}, or unset it.`, place);
}
