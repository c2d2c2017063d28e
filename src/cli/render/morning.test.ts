import { expect, test } from 'vitest';
import { finished, forAnswer, grantQuestion, minutesAgo, now, report } from '../__fixtures__/tasks.ts';
import { morningLines } from './morning.ts';

const setting = { now, estimated: false };
const since = minutesAgo(720);

test('the morning report says what is done, what failed, what waits for you and what it cost', () => {
  const repository = { path: '/src/shop', branch: 'spiral/k3v9x2mq', base: 'abc' };
  const lines = morningLines(
    {
      since,
      finished: [
        finished({ repository }),
        finished({ text: 'Write a note' }, { verified: false, reason: 'no tests were found' }),
        finished({ text: 'Mend the login' }, { status: 'failed', verified: false, reason: 'tests still fail' }),
      ],
      waiting: [report({ state: forAnswer, driven: false, question: grantQuestion })],
      open: [report({ driven: false }), report({ trouble: 'Model API: overloaded, retry 3/4' })],
      usd: 3.214,
      prompts: 12,
    },
    setting,
  );
  expect(lines).toEqual([
    '🌅 Since 2026-11-21 20:00 (12 h 0 min)',
    '',
    '✅ Done and verified: 1',
    '   k3v9x2mq  Create a Rust web scraper                         2 files created; 15 tests passed, 0 failed · $0.42',
    '             spiral tasks diff k3v9x2mq · spiral tasks merge k3v9x2mq',
    '',
    '⚠️  Done, NOT verified: 1',
    '   k3v9x2mq  Write a note                                      2 files created; 15 tests passed, 0 failed · $0.42',
    '             no tests were found',
    '',
    '❌ Failed: 1',
    '   k3v9x2mq  Mend the login                                    failed',
    '             tests still fail',
    '',
    '⏸️  Waiting for you: 1',
    '   k3v9x2mq  Create a Rust web scraper                         The task has used $5.00 of $5.00.',
    '             grant more: spiral grant q7w2e9rt --usd 2',
    '             refuse it:  spiral grant q7w2e9rt --refuse',
    '',
    '🔄 Still open: 2',
    '   k3v9x2mq  Create a Rust web scraper                         interrupted: spiral tasks continue k3v9x2mq',
    '   k3v9x2mq  Create a Rust web scraper                         working, round 2',
    '             ⚠️  Model API: overloaded, retry 3/4',
    '',
    '🔥 Spent: $3.21, 12 prompts',
  ]);
});

test('a night in which nothing happened is told in one line', () => {
  expect(morningLines({ since, finished: [], waiting: [], open: [], usd: 0, prompts: 0 }, setting)).toEqual([
    '🌅 Since 2026-11-21 20:00 (12 h 0 min)',
    '',
    'Nothing finished, nothing waits, nothing is open.',
    '',
    '🔥 Spent: $0.00, 0 prompts',
  ]);
});
