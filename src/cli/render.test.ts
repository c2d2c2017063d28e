import { expect, test } from 'vitest';
import type { News } from '../domain/event.ts';
import type { SessionId } from '../domain/identifiers.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import { accepted, screen, screenFrom } from './__fixtures__/screen.ts';
import { outcome, taskId } from './__fixtures__/tasks.ts';
import { firstState } from './render.ts';

const sessionId = 'session' as SessionId;

test('a run begins with the agent, the prompts that remain, the task, its complexity and the strategy', () => {
  const { progress } = screen(accepted, {
    type: 'task.analysed',
    taskId,
    complexity: 'medium',
    strategy: 'multi-step',
    language: 'Rust',
    confidence: 0.85,
  });
  expect(progress).toEqual([
    '🤖 Developer Agent Starting...',
    '🔗 Connecting to Claude Code... (sonnet)',
    '🔥 Prompts remaining: 50',
    '',
    '📝 Task: Create a Rust web scraper',
    '📁 Workspace: /home/ada/agent-workspace (task k3v9x2mq)',
    '🤔 Analyzing task complexity...',
    '📊 Task Complexity: Medium - delegating to Claude Code with multi-step strategy',
    '🗣️  Language: Rust (85% sure)',
  ]);
});

test('a finished run reports files, commands, tests, prompts and the closing line on stdout', () => {
  const { result } = screen(accepted, { type: 'task.finished', taskId, outcome });
  expect(result).toEqual([
    '📊 Results from Claude Code:',
    '- Created Cargo.toml',
    '- Created src/lib.rs',
    '- Executed: cargo test ✅',
    '- Executed: cargo run ❌ no bin target…',
    '- Tests: 15 passed, 0 failed (run by Spiral: cargo test --no-fail-fast)',
    '- Claude Code says (not checked): “All done with 95% coverage.”',
    '',
    '🔥 Prompts used: 1/50 (Claude Code handled the complexity)',
    '⏱️  1 min 23 s · $0.12',
    '✨ Task completed successfully via Claude Code!',
  ]);
});

test('a task that failed names the command that shows the whole output', () => {
  const failed: TaskOutcome = {
    ...outcome,
    status: 'failed',
    verified: false,
    reason: 'tests still fail after 10 rounds',
  };
  const { result } = screen(accepted, { type: 'task.finished', taskId, outcome: failed });
  expect(result.at(-1)).toBe(
    '⚠️  Task completed with issues (failed): tests still fail after 10 rounds - details: spiral tasks show k3v9x2mq --output',
  );
});

test('work that no test proved is never announced as a plain success', () => {
  const unproved: TaskOutcome = { ...outcome, verified: false, reason: 'no tests were found', tests: null };
  const { result } = screen(accepted, { type: 'task.finished', taskId, outcome: unproved });
  expect(result.join('\n')).toContain('NOT verified: no tests were found');
  expect(result.join('\n')).toContain('- Tests: none were run by Spiral');
  expect(result.join('\n')).not.toContain('✨');
});

test('what the model says stands in quotation marks; what was seen does not', () => {
  const { progress } = screen(
    { type: 'progress', taskId, text: 'All tests pass', by: 'model' },
    { type: 'progress', taskId, text: 'Writing src/lib.rs', by: 'tool' },
  );
  expect(progress).toEqual(['[Claude Code] “All tests pass”', '[Claude Code] Writing src/lib.rs']);
});

test('a command stands on one line with how it ended and the tests that it ran', () => {
  const { progress } = screen(
    { type: 'progress', taskId, text: 'Running cargo test', by: 'tool' },
    { type: 'tests.ran', taskId, command: 'cargo test', passed: 14, failed: 1, skipped: 0, by: 'agent' },
    { type: 'command.ran', taskId, command: 'cargo test', exitCode: 101, success: false, error: 'x' },
  );
  expect(progress).toEqual(['[Claude Code] Running cargo test... ❌ 14 tests passed, 1 failed']);
});

test('a demo says before everything else that its model is rehearsed, and that nothing was spent', () => {
  const { progress, result } = screen(
    { ...accepted, origin: 'demo' as const },
    { type: 'task.finished', taskId, outcome },
  );
  expect(progress[0]).toContain('the model behind it is a script');
  expect(result.join('\n')).toContain('no money was spent');
});

test('a hundred files are counted, not listed', () => {
  const many = { ...outcome, filesCreated: Array.from({ length: 100 }, (_, index) => `file-${index}`) };
  const { result } = screen(accepted, { type: 'task.finished', taskId, outcome: many });
  expect(result).toContain('- … and 85 more files created');
});

test('nothing that a model or a program wrote can steer the terminal', () => {
  const { progress } = screen(
    { type: 'progress', taskId, text: '\u001b[2Jgone', by: 'model' },
    { type: 'engine.started', taskId, sessionId, round: 1, resumed: false },
  );
  expect(progress.join('')).not.toContain('\u001b');
});

test('a cost that nobody booked is called an estimate', () => {
  const { result } = screenFrom({ ...firstState, estimated: true }, accepted, {
    type: 'task.finished',
    taskId,
    outcome,
  });
  expect(result).toContain('⏱️  1 min 23 s · about $0.12');
});

test('the report sets what was observed beside what was claimed, and beside what was there before', () => {
  const odd: TaskOutcome = {
    ...outcome,
    verified: false,
    reason: '3 tests are gone',
    commands: [],
    tests: { passed: 3, failed: 0, skipped: 0, commands: ['cargo test'] },
    baseline: { passed: 12, failed: 1, skipped: 0, commands: ['cargo test'] },
    missingTests: [{ how: 'disappeared', count: 9, tests: ['adds', 'subtracts', 'divides', 'more'] }],
    changes: [
      { path: 'Cargo.toml', change: 'created', linesAdded: 9, linesRemoved: 0, language: 'TOML' },
      { path: 'src/lib.rs', change: 'created', linesAdded: null, linesRemoved: null, language: 'Rust' },
    ],
    claim: 'All 15 tests pass.',
    contradictions: [{ claimed: '15 tests', observed: '3 ran' }],
    quality: {
      score: 0.5,
      parts: [
        { name: 'tests-green', value: 1, observed: '3 of 3 passed' },
        { name: 'verified', value: 0, observed: 'not proved' },
      ],
      unobserved: [],
    },
  };
  expect(screen(accepted, { type: 'task.finished', taskId, outcome: odd }).result).toEqual([
    '📊 Results from Claude Code:',
    '- Created Cargo.toml (+9 -0)',
    '- Created src/lib.rs (no text)',
    '- Tests before the work: 12 passed, 1 failed',
    '- Tests: 3 passed, 0 failed (run by Spiral: cargo test)',
    '🕳️  9 tests that ran before disappeared: adds, subtracts, divides, …',
    '- Claude Code says (not checked): “All 15 tests pass.”',
    '⚠️  Claude Code claims 15 tests, 3 ran',
    '',
    '🔥 Prompts used: 1/50 (Claude Code handled the complexity)',
    '📐 Quality: 0.50 of 1, least for verified: not proved',
    '⏱️  1 min 23 s · $0.12',
    '⚠️  Task completed, but NOT verified: 3 tests are gone - details: spiral tasks show k3v9x2mq --output',
  ]);
});

test('work in a repository begins with its branch and ends with how to look at it and to take it', () => {
  const inRepository: News = { ...accepted, repository: { path: '/src/shop', branch: 'spiral/k3v9x2mq' } };
  const { progress, result } = screen(inRepository, { type: 'task.finished', taskId, outcome });
  expect(progress).toContain('🌿 Repository: /src/shop, branch spiral/k3v9x2mq');
  expect(result).toContain(
    '🌿 On branch spiral/k3v9x2mq. Look: spiral tasks diff k3v9x2mq · take it: spiral tasks merge k3v9x2mq',
  );
});

test('tests that were run before the work are told without a judgement', () => {
  const { progress } = screen({
    type: 'tests.ran',
    taskId,
    command: 'npm test',
    passed: 12,
    failed: 1,
    skipped: 0,
    by: 'spiral',
    exitCode: 1,
    baseline: true,
  });
  expect(progress).toEqual(['🧪 Before the work: 12 passed, 1 failed (npm test)']);
});

test('tests that are skipped now and were not before are told', () => {
  const { progress } = screen({ type: 'tests.missing', taskId, how: 'skipped', count: 1, tests: ['adds'] });
  expect(progress).toEqual(['🕳️  1 test that ran before is skipped now: adds']);
});

const reached: News[] = [
  {
    type: 'budget.exhausted',
    taskId,
    agent: 'developer',
    scope: `task:${taskId}`,
    measure: 'usd',
    limit: 5,
    spent: 5,
  },
  { type: 'question.asked', taskId, questionId: 'q7w2e9rt', kind: 'grant', text: 'Grant more?' },
];

test('a limit that is reached ends the screen with what is reached and the commands named after the deed', () => {
  const waiting: News = { type: 'task.waiting', taskId, reason: 'the limit is reached', questionId: 'q7w2e9rt' };
  const { progress, result, live } = screen(...reached, waiting);
  expect(progress).toEqual(['']);
  expect(result).toEqual([
    '💰 The task has used $5.00 of $5.00.',
    '⏸️  The task waits for you, and nothing of it is lost:',
    '   grant more: spiral grant q7w2e9rt --usd 2',
    '   refuse it:  spiral grant q7w2e9rt --refuse',
    '   everything that waits: spiral pending',
  ]);
  expect(live?.text).toBe('');
});

test('a limit that was widened as written down for the night is told with what was reached', () => {
  const { progress } = screen(
    ...reached,
    { type: 'question.answered', taskId, questionId: 'q7w2e9rt', answer: 'granted $2.00', by: 'unattended' },
    { type: 'budget.granted', taskId, scope: `task:${taskId}`, measure: 'usd', amount: 2, by: 'unattended' },
  );
  expect(progress).toEqual([
    '💰 The task has used $5.00 of $5.00.',
    '🙋 Answered as written down for the night: granted $2.00',
    '💰 Granted as written down for the night: $2.00 more',
  ]);
});

test('a limit that ends the task is told before the report', () => {
  const { progress } = screen(...reached.slice(0, 1), {
    type: 'task.finished',
    taskId,
    outcome: { ...outcome, status: 'out-of-budget', verified: false },
  });
  expect(progress).toEqual(['💰 The task has used $5.00 of $5.00.', '']);
});

test('a pause says until when, by the clock on the wall, and that the work goes on by itself', () => {
  const until = new Date(2026, 0, 1, 3, 20).toISOString();
  const { progress, live } = screen({ type: 'task.waiting', taskId, reason: 'usage limit', until });
  expect(progress).toEqual([
    expect.stringMatching(/^⏳ Waiting until (2026-01-01 )?03:20, then it goes on by itself: usage limit$/),
  ]);
  expect(live?.kind).toBe('waiting');
});

test('trouble stays on the status line until something else is heard', () => {
  const retry: News = { type: 'progress', taskId, text: 'Model API: overloaded, retry 3/4', by: 'engine' };
  const { progress, live } = screen({ type: 'engine.started', taskId, sessionId, round: 1, resumed: false }, retry);
  expect(progress.at(-1)).toBe('[Claude Code] ⚠️  Model API: overloaded, retry 3/4');
  expect(live).toEqual({ text: 'Model API: overloaded, retry 3/4', kind: 'trouble' });
  expect(screen(retry, { type: 'progress', taskId, text: 'Reading a.ts', by: 'tool' }).live?.kind).toBe('working');
});

test('prompts that were granted are counted in the report', () => {
  const { result } = screen(
    accepted,
    { type: 'prompt.spent', taskId, agent: 'developer', round: 1, used: 51, limit: 60 },
    { type: 'task.finished', taskId, outcome },
  );
  expect(result).toContain('🔥 Prompts used: 1/60 (Claude Code handled the complexity)');
});
