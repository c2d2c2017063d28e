import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QueueError } from '../queue.ts';
import { addressOf } from './connection.ts';
import { explain } from './problems.ts';
import { TooSlow } from './within.ts';

const redis = addressOf({ redisUrl: 'redis://127.0.0.1:6379/2' });
const postgres = addressOf({ databaseUrl: 'postgresql://spiral:secret@db.internal:5432/spiral' });
const failure = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe('a failure of the server becomes one line with a cure', () => {
  test.each([
    [redis, failure('connect ECONNREFUSED 127.0.0.1:6379', { code: 'ECONNREFUSED' }), 'unreachable', /Start Redis/],
    [redis, failure('Connection is closed.'), 'unreachable', /REDIS_URL/],
    [redis, new TooSlow(6_000), 'unreachable', /REDIS_URL/],
    [redis, failure('WRONGPASS invalid', { name: 'ReplyError' }), 'refused', /password/],
    [redis, failure('READONLY You cannot write', { name: 'ReplyError' }), 'refused', /primary/],
    [redis, failure('Unknown RESP type 72 "H". Please report this.'), 'misconfigured', /REDIS_URL/],
    [postgres, failure('no', { code: '28P01' }), 'refused', /DATABASE_URL/],
    [postgres, failure('no', { code: '3D000' }), 'refused', /Create the database/],
    [postgres, failure('no', { code: '42501' }), 'refused', /GRANT CREATE/],
    [postgres, failure('no', { code: '53300' }), 'refused', /max_connections/],
    [postgres, failure('the database system is starting up', { code: '57P03' }), 'unreachable', /PostgreSQL/],
    [postgres, failure('Connection terminated unexpectedly'), 'unreachable', /DATABASE_URL/],
    [postgres, failure('too old', { name: 'UnsupportedPostgresVersionError' }), 'misconfigured', /Upgrade/],
    [postgres, new AggregateError([failure('one'), failure('two')], ''), 'unreachable', /DATABASE_URL/],
  ] as const)('%o: %s', (address, error, problem, cure) => {
    const withCode = error instanceof AggregateError ? Object.assign(error, { code: 'ECONNREFUSED' }) : error;
    expect(explain(withCode, address)).toMatchObject({ problem, cure: expect.stringMatching(cure) });
  });
});

test('what is not a failure of the server stays what it is', () => {
  const bug = new TypeError('undefined is not a function');
  expect(explain(bug, redis)).toBe(bug);
  expect(explain('thrown text', redis)).toBe('thrown text');
});

test('no password of the address comes out in a message, encoded or not', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), (password) => {
      const url = new URL('redis://user@127.0.0.1:6379');
      url.password = encodeURIComponent(password);
      fc.pre(!'redis at 127.0.0.1:6379 refused: … (…)'.includes(password.toLowerCase()));
      const address = addressOf({ redisUrl: url.href });
      const error = explain(
        failure(`ERR ${password} (${url.password})\nat ${url.href}`, { name: 'ReplyError' }),
        address,
      );
      expect(error).toBeInstanceOf(QueueError);
      const { message, cure } = error instanceof QueueError ? error : new QueueError('refused', '', '');
      expect(message).not.toContain('\n');
      for (const form of [password, url.password]) {
        // White space is folded, so that only what is left of a password counts.
        const folded = form.replace(/\s+/g, ' ').trim();
        if (folded.length >= 8) expect(`${message} ${cure}`).not.toContain(folded);
      }
    }),
  );
});

test('an address of another kind, or none, is refused by the name of its variable', () => {
  expect(() => addressOf({ redisUrl: 'http://127.0.0.1' })).toThrow(/REDIS_URL begins with http:/);
  expect(() => addressOf({ databaseUrl: '' })).toThrow(/DATABASE_URL is not a URL/);
});

test('a server is called by host, port and database, never by user or password', () => {
  expect(postgres.name).toBe('PostgreSQL at db.internal:5432/spiral');
  expect(addressOf({ databaseUrl: 'postgresql:///spiral?host=/run/postgresql' }).name).toBe(
    'PostgreSQL at its local socket/spiral',
  );
});
