import { expect, test } from 'vitest';
import { complaint, unavailable } from './unavailable.ts';

test('of what a program printed the line is shown that says what went wrong', () => {
  const log =
    '2026-11-22 11:09:55 UTC [1] LOG:  starting PostgreSQL 18.4\n' +
    '2026-11-22 11:09:55 UTC [1] FATAL:  lock file "postmaster.pid" already exists\n' +
    '2026-11-22 11:09:55 UTC [1] HINT:  Is another postmaster running?\n';
  expect(complaint(log)).toBe('lock file "postmaster.pid" already exists');
  expect(complaint('initdb: error: no space left\ninitdb: removing data directory\n')).toBe(
    'initdb: error: no space left',
  );
  expect(complaint('unshare: unshare failed: Operation not permitted\n')).toContain('not permitted');
  expect(complaint('something else\n')).toBe('something else');
  expect(complaint('')).toBe('it said nothing');
});

test('the cure always names DATABASE_URL', () => {
  expect(unavailable('x').cure).toContain('DATABASE_URL');
  expect(unavailable('x', { hint: 'Do this.' }).cure).toMatch(/^Do this\. .*DATABASE_URL/);
});
