import { expect, test } from 'vitest';
import { permissionChoices } from '../../domain/permission.ts';
import { grantQuestion, minutesAgo, now } from '../__fixtures__/tasks.ts';
import { shortageSentence } from './shortage.ts';
import { pendingLines, waitingLines } from './waiting.ts';

test('everything that waits is listed with its age and the commands that answer it', () => {
  const other = { ...grantQuestion, id: 'a1b2c3d4', askedAt: minutesAgo(200) };
  const shortage = { scope: 'night:2026-11-22', measure: 'prompts', limit: 50, spent: 50 } as const;
  expect(pendingLines([{ ...other, shortage }, grantQuestion], now)).toEqual([
    'a1b2c3d4  task k3v9x2mq, asked 3 h 20 min ago',
    '  💰 The night of 2026-11-22 has used 50 of 50 prompts.',
    '     grant more: spiral grant a1b2c3d4 --prompts 10',
    '     refuse it:  spiral grant a1b2c3d4 --refuse',
    '',
    'q7w2e9rt  task k3v9x2mq, asked 4 min 0 s ago',
    '  💰 The task has used $5.00 of $5.00.',
    '     grant more: spiral grant q7w2e9rt --usd 2',
    '     refuse it:  spiral grant q7w2e9rt --refuse',
  ]);
});

test('when nothing waits, that is said', () => expect(pendingLines([], now)).toEqual(['✅ Nothing waits for you.']));

test('a question of another kind is shown with its text, which cannot steer the terminal', () => {
  const [first] = waitingLines({ id: 'q1', kind: 'question', text: 'Which \u001b[2Jport?' });
  expect(first).toBe('❓ Which port?');
});

test('a limit says whose it is, and why it is reached before it is used up', () => {
  const usd = { measure: 'usd', limit: 5, spent: 4.5 } as const;
  expect(shortageSentence({ scope: 'agent:quality-assurance', ...usd })).toBe(
    'The QA agent has used $4.50 of $5.00. The next request does not fit.',
  );
  expect(shortageSentence({ scope: 'all', measure: 'tokens', limit: 1e6, spent: 1e6 })).toBe(
    'All tasks together have used 1,000,000 of 1,000,000 tokens.',
  );
});

const choices = [
  { name: 'approve', meaning: 'build it as planned', needsText: false },
  { name: 'revise', meaning: 'change the plan in your words', needsText: true },
];

test('a question with choices shows the whole of it, and each choice with its meaning and its command', () => {
  const { shortage: _, ...asked } = grantQuestion;
  const question = {
    ...asked,
    kind: 'plan',
    text: 'Build this?\n  Phase 1: Login\n\nPhase 2: Reset',
    choices,
  } as const;
  expect(pendingLines([question], now)).toEqual([
    'q7w2e9rt  task k3v9x2mq, asked 4 min 0 s ago',
    '  ❓ Build this?',
    '       Phase 1: Login',
    '',
    '     Phase 2: Reset',
    '     build it as planned:           spiral answer q7w2e9rt approve',
    '     change the plan in your words: spiral answer q7w2e9rt revise "your words"',
  ]);
});

test('a question that any words answer shows how to say them', () =>
  expect(waitingLines({ id: 'q1', kind: 'question', text: 'Which port?', choices: [] })[2]).toBe(
    '   answer it: spiral answer q1 "your words"',
  ));

test('a question without end is cut, and its answers are still there', () => {
  const lines = waitingLines({ id: 'q1', kind: 'plan', text: 'word\n'.repeat(5000), choices });
  expect(lines).toHaveLength(85);
  expect(lines.at(-2)).toContain('spiral answer q1 revise');
});

test('what is to be allowed is shown whole and in every letter, with both answers', () => {
  const command = `  rm   -rf ${'x'.repeat(200)}`;
  const text = ['Bash:', command, ...Array.from({ length: 90 }, (_, index) => `  line ${index}`)].join('\n');
  const lines = waitingLines({ id: 'q7w2e9rt', kind: 'permission', text, choices: [...permissionChoices] });
  expect(lines[0]).toBe('🔐 Bash:');
  expect(lines[1]).toContain('rm   -rf xxx');
  expect(lines.map((line) => line.trim()).join('')).toContain('x'.repeat(200));
  expect(lines.join('\n')).toContain('line 89');
  expect(lines).toContainEqual(expect.stringMatching(/until the task is over: +spiral answer q7w2e9rt allow$/));
  expect(lines).toContainEqual(expect.stringContaining('spiral answer q7w2e9rt refuse ["your words"]'));
});

test('code that is to be adopted stands there letter by letter, and the words around it as words', () => {
  const text = [
    'Adopt it?',
    '✓ scan:   0 uses',
    '@@ -1,1 +1,1 @@',
    '-if (a)   b();',
    "+\tif (a)   c('x');",
    'The   end',
  ].join('\n');
  const lines = waitingLines({ id: 'q1', kind: 'adoption', text, choices: [] });
  expect(lines.slice(0, 6)).toEqual([
    '🛠️  Adopt it?',
    ...['   ✓ scan: 0 uses', '   @@ -1,1 +1,1 @@', '   -if (a)   b();', "   +\tif (a)   c('x');", '   The end'],
  ]);
});
