import { expect, test } from 'vitest';
import { StoreError } from '../store.ts';
import { innermost, problemOf } from './problem.ts';

const address = { host: 'db', port: 5432, database: 'app', user: 'me' };

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

test.each([
  ['28P01', 'refused'],
  ['28000', 'refused'],
  ['3D000', 'refused'],
  ['42501', 'refused'],
  ['25006', 'refused'],
  ['53300', 'refused'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'refused'],
  ['EPROTO', 'refused'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'refused'],
  ['53100', 'full'],
  ['53200', 'full'],
  ['57P01', 'unreachable'],
  ['57P03', 'unreachable'],
  ['08006', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
])('the code %s means %s, in one sentence with a cure', (code, problem) => {
  const explained = problemOf(failure('server words', code), address);
  expect(explained).toMatchObject({ problem, cause: { code } });
  expect(explained?.message).toMatch(/^[^\n]+[^.]$/);
  expect(explained?.cure).toMatch(/^[^\n]+\.$/);
});

test.each([
  ['Connection terminated unexpectedly', 'unreachable'],
  ['timeout expired', 'unreachable'],
  ['The server does not support SSL connections', 'refused'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'refused'],
])('the driver saying "%s" means %s', (message, problem) => {
  expect(problemOf(failure(message), address)).toMatchObject({ problem });
});

test('an error that nobody foresaw stays what it is', () => {
  expect(problemOf(failure('duplicate key', '23505'), address)).toBeUndefined();
  expect(problemOf('not an error', address)).toBeUndefined();
});

test('what wraps the error of the driver is taken off', () => {
  const inner = failure('no', '53100');
  const wrapped = new Error('Failed query: insert …\nparams: secret', { cause: inner });
  expect(innermost(wrapped)).toBe(inner);
  expect(innermost(new AggregateError([inner]))).toBe(inner);
  expect(problemOf(wrapped, address)).toMatchObject({ problem: 'full' });
  const known = new StoreError('too-old', 'old', 'update');
  expect(problemOf(known, address)).toBe(known);
});
