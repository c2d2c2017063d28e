import { expect, test } from 'vitest';
import { finished, forAnswer, grantQuestion, now, report } from '../__fixtures__/tasks.ts';
import { detailLines } from './task-details.ts';

const setting = { now, estimated: false };

test('a task that waits shows what it waits for and the commands that answer', () => {
  const lines = detailLines(report({ state: forAnswer, driven: false, question: grantQuestion }), setting);
  expect(lines).toEqual([
    'Task       k3v9x2mq (developer, sonnet)',
    'Status     waiting for you',
    'Question   Task k3v9x2mq has used $5.00 of $5.00. Grant more?',
    '           grant more: spiral grant q7w2e9rt --usd 2',
    '           refuse it:  spiral grant q7w2e9rt --refuse',
    'Asked      Create a Rust web scraper',
    'Workspace  /home/ada/agent-workspace',
    'Prompts    2 of 50',
    'Cost       $0.42',
    '',
    'Everything that was printed: spiral tasks show k3v9x2mq --output',
  ]);
});

test('a round with trouble shows it', () => {
  const trouble = 'Model API: overloaded, retry 3/4';
  expect(detailLines(report({ trouble }), setting)).toContain('Trouble    ⚠️  Model API: overloaded, retry 3/4');
});

test('a finished task shows its evidence: lines, tests before and missing, what was only claimed, and the formula', () => {
  const repository = { path: '/src/shop', branch: 'spiral/k3v9x2mq', base: 'abc' };
  const lines = detailLines(
    finished(
      { repository },
      {
        verified: false,
        reason: '9 tests are gone',
        commands: [],
        changes: [{ path: 'src/lib.rs', change: 'created', linesAdded: 40, linesRemoved: 0, language: 'Rust' }],
        baseline: { passed: 12, failed: 1, skipped: 0, commands: ['cargo test'] },
        missingTests: [{ how: 'disappeared', count: 9, tests: ['adds'] }],
        contradictions: [{ claimed: '15 tests', observed: '3 ran' }],
        quality: {
          score: 0.5,
          parts: [{ name: 'verified', value: 0, observed: 'not proved' }],
          unobserved: ['few-rounds'],
        },
      },
    ),
    setting,
  );
  expect(lines.slice(1, -2)).toEqual([
    'Status     succeeded, unverified',
    'Reason     9 tests are gone',
    'Asked      Create a Rust web scraper',
    'Workspace  /home/ada/agent-workspace',
    'Repository /src/shop, branch spiral/k3v9x2mq',
    'Prompts    2 of 50',
    'Cost       $0.42',
    'Took       1 min 23 s',
    'Observed   2 files created; 15 tests passed, 0 failed',
    'Files      created Cargo.toml',
    '           created src/lib.rs  +40 -0',
    'Before     12 passed, 1 failed (the tests before the work)',
    'Missing    9 tests that ran before disappeared: adds, …',
    'Claimed    “All done with 95% coverage.” (not checked)',
    '           ⚠️  Claude Code claims 15 tests, 3 ran',
    'Quality    0.50 of 1, the mean of',
    '           0.00 verified (not proved)',
    '           not observed: few-rounds',
  ]);
});
