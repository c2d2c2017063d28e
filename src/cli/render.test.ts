import { expect, test } from 'vitest';
import type { News, SpiralEvent } from '../domain/event.ts';
import type { MachineId, SessionId, TaskId } from '../domain/identifiers.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import { firstState, render } from './render.ts';

const taskId = 'k3v9x2mq' as TaskId;
const sessionId = 'session' as SessionId;

const outcome: TaskOutcome = {
  status: 'succeeded',
  verified: true,
  filesCreated: ['Cargo.toml', 'src/lib.rs'],
  filesModified: [],
  filesDeleted: [],
  commands: [
    { command: 'cargo test', exitCode: 0, success: true },
    { command: 'cargo run', exitCode: 101, success: false, error: 'no bin target\nmore' },
  ],
  tests: { passed: 15, failed: 0, skipped: 0, commands: ['cargo test --no-fail-fast'] },
  costUsd: 0.1234,
  promptsUsed: 1,
  durationMs: 83_000,
  summary: '2 files created; 15 tests passed, 0 failed',
  claim: 'All done with 95% coverage.',
};

const accepted: News = {
  type: 'task.accepted',
  taskId,
  text: 'Create a Rust web scraper',
  agent: 'developer',
  origin: 'cli',
  workspace: '/home/ada/agent-workspace',
  machine: 'machine' as MachineId,
  model: 'sonnet',
  promptLimit: 50,
};

/** Everything that a run puts on the two streams. */
function screen(...news: News[]): { progress: string[]; result: string[] } {
  let state = firstState;
  const progress: string[] = [];
  const result: string[] = [];
  news.forEach((one, index) => {
    const event: SpiralEvent = { id: index + 1, at: '2026-01-01T00:00:00.000Z', ...one };
    const rendered = render(event, state);
    state = rendered.state;
    progress.push(...rendered.progress);
    result.push(...rendered.result);
  });
  return { progress, result };
}

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
    '⏱️  1 min 23 s · about $0.12',
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
  const { progress, result } = screen({ ...accepted, origin: 'demo' }, { type: 'task.finished', taskId, outcome });
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
