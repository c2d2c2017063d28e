import { expect, test } from 'vitest';
import { clientHeaders, tokenIn, upstreamHeaders } from './headers.ts';

const client = {
  authorization: 'Bearer throw-away',
  'x-api-key': 'throw-away',
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'context-1m, oauth-2025-04-20',
  'content-type': 'application/json',
  'user-agent': 'claude-cli/2',
  'x-app': 'cli',
  'x-stainless-os': 'Linux',
  'x-claude-code-session-id': 'secret-ish',
  'accept-encoding': 'gzip',
  cookie: 'a=b',
  host: '127.0.0.1:1',
};

const passedOn = {
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'context-1m, oauth-2025-04-20',
  'content-type': 'application/json',
  'user-agent': 'claude-cli/2',
  'x-app': 'cli',
  'x-stainless-os': 'Linux',
  'accept-encoding': 'identity',
};

test('the real credentials take the place of the token, and only headers that matter go on', () => {
  expect(upstreamHeaders(client, { kind: 'api-key', value: 'real' })).toEqual({ ...passedOn, 'x-api-key': 'real' });
  expect(upstreamHeaders(client, { kind: 'auth-token', value: 'real' })).toEqual({
    ...passedOn,
    authorization: 'Bearer real',
  });
});

test('a login token is announced once', () => {
  const login = { kind: 'oauth-token', value: 'real' } as const;
  expect(upstreamHeaders(client, login)).toMatchObject({
    authorization: 'Bearer real',
    'anthropic-beta': 'context-1m,oauth-2025-04-20',
  });
  expect(upstreamHeaders({}, login)['anthropic-beta']).toBe('oauth-2025-04-20');
});

test('of an answer the client sees its type and its limits, not whose account it is', () => {
  const limits = { 'anthropic-ratelimit-requests-reset': '2026-11-22T10:00:00Z', 'retry-after': '3' };
  expect(
    clientHeaders({
      ...limits,
      'content-type': 'text/event-stream',
      'set-cookie': ['a', 'b'],
      'anthropic-organization-id': 'o',
    }),
  ).toEqual({ ...limits, 'content-type': 'text/event-stream' });
});

test('the token is a bearer, or stands where an API key would', () => {
  expect(tokenIn({ authorization: 'Bearer one', 'x-api-key': 'two' })).toBe('one');
  expect(tokenIn({ 'x-api-key': 'two' })).toBe('two');
  expect(tokenIn({ authorization: 'Basic one' })).toBeUndefined();
});
