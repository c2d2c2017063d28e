import { expect, test } from 'vitest';
import { StoreError } from '../store.ts';
import { describe, readAddress } from './address.ts';

const secret = 'hunter2';

test.each([
  ['postgres://me:hunter2@db.example:6543/app', { host: 'db.example', port: 6543, database: 'app', user: 'me' }],
  ['postgresql://me:hunter2@db.example/app', { host: 'db.example', port: 5432, database: 'app', user: 'me' }],
  ['postgres://me:hunter2@[::1]/app', { host: '[::1]', port: 5432, database: 'app', user: 'me' }],
  ['postgres://me:hunter2@db.example', { host: 'db.example', port: 5432, database: 'me', user: 'me' }],
  [
    'postgres://db.example/app?user=me&password=hunter2',
    { host: 'db.example', port: 5432, database: 'app', user: 'me' },
  ],
  [
    'postgres://me:hunter2@/app?host=/run/postgresql',
    { host: '/run/postgresql', port: 5432, database: 'app', user: 'me' },
  ],
  ['postgres:///app', { host: 'localhost', port: 5432, database: 'app', user: '' }],
  ['socket:/run/postgresql?db=app', { host: '/run/postgresql', port: 5432, database: 'app', user: '' }],
  ['  postgres://m%C3%A9:hunter2@db/my%20app\n', { host: 'db', port: 5432, database: 'my app', user: 'mé' }],
  ['postgres://me:100%hunter2@db/50%', { host: 'db', port: 5432, database: '50%', user: 'me' }],
])('%s is read without its password', (url, expected) => {
  const { address } = readAddress(url);
  expect(address).toEqual(expected);
  expect(describe(address)).not.toContain(secret);
});

test.each([
  ['', 'not a PostgreSQL URL'],
  ['spiral', 'not a PostgreSQL URL'],
  ['mysql://me:hunter2@db/app', 'not a PostgreSQL URL'],
  ['postgres://me:hunter2@db:port/app', 'not a PostgreSQL URL'],
  ['postgres://me:hunter2#x@db/app', 'not a PostgreSQL URL'],
  ['postgres://me:1#hunter2@db/app', 'password'],
  ['postgres://me:1/hunter2@db/app', 'password'],
  ['postgres://me:1?hunter2@db/app', 'password'],
])('%s is refused, and nothing of it is repeated', (url, reason) => {
  const failure = failureOf(url);
  expect(failure).toMatchObject({ problem: 'refused', message: expect.stringContaining(reason) });
  expect(`${failure.message}${failure.cure}${failure.stack}${failure.cause}`).not.toContain(secret);
});

test('a TLS mode that the driver warns about is said outright', () => {
  const mode = (url: string) => readAddress(url).connectionString;
  expect(mode('postgres://db/app?sslmode=require')).toBe('postgres://db/app?sslmode=verify-full');
  expect(mode('postgres://db/app?a=b&sslmode=prefer&c=d')).toBe('postgres://db/app?a=b&sslmode=verify-full&c=d');
  expect(mode('postgres://db/app?sslmode=no-verify')).toBe('postgres://db/app?sslmode=no-verify');
  expect(mode('postgres://db/app?sslmode=require&uselibpqcompat=true')).toContain('sslmode=require');
});

test('a database is named by what a person may see', () => {
  expect(describe({ host: 'db', port: 5432, database: 'app', user: 'me' })).toBe(
    'database "app" on db:5432 as user "me"',
  );
  expect(describe({ host: '/run/postgresql', port: 5432, database: 'app', user: '' })).toBe(
    'database "app" on /run/postgresql',
  );
});

function failureOf(url: string): StoreError {
  try {
    readAddress(url);
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('it was read');
}
