import type { MachineId, SessionId, TaskId } from '../../domain/identifiers.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import type { Question } from '../../domain/question.ts';
import type { ResumedState, TaskState } from '../../domain/task-state.ts';
import type { TaskReport } from '../../spiral/reports.ts';

export const taskId = 'k3v9x2mq' as TaskId;

/** When the screens of the tests are looked at, in local time. */
export const now = new Date(2026, 10, 22, 8, 0).getTime();

export function minutesAgo(minutes: number): Date {
  return new Date(now - minutes * 60_000);
}

export const outcome: TaskOutcome = {
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

const analysis = {
  complexity: 'simple',
  strategy: 'simple',
  language: { name: 'Rust', confidence: 1 },
} as const;

export const round2: ResumedState = { kind: 'working', analysis, round: 2, because: { kind: 'first' } };
export const forAnswer: TaskState = { kind: 'waiting', for: { kind: 'answer', questionId: 'q7w2e9rt' }, resume: round2 };

export const grantQuestion: Question = {
  id: 'q7w2e9rt',
  taskId,
  kind: 'grant',
  text: 'Task k3v9x2mq has used $5.00 of $5.00. Grant more?',
  shortage: { scope: `task:${taskId}`, measure: 'usd', limit: 5, spent: 5 },
  askedAt: minutesAgo(4),
};

/** A task as lists show it: working in its second round, with news a moment ago, unless said otherwise. */
export function report(more: Partial<TaskReport> = {}): TaskReport {
  return {
    id: taskId,
    text: 'Create a Rust web scraper',
    agent: 'developer',
    origin: 'cli',
    workspace: '/home/ada/agent-workspace',
    machine: 'machine' as MachineId,
    model: 'sonnet',
    sessionId: 'session' as SessionId,
    promptLimit: 50,
    roundTimeoutSeconds: 600,
    state: round2,
    cancelRequested: false,
    isHeld: false,
    attempt: 1,
    createdAt: minutesAgo(12),
    driven: true,
    promptsUsed: 2,
    costUsd: 0.42,
    lastNewsAt: new Date(now - 3_000),
    ...more,
  };
}

export function finished(more: Partial<TaskReport> = {}, came: Partial<TaskOutcome> = {}): TaskReport {
  const whole = { ...outcome, ...came };
  return report({
    state: { kind: 'finished', status: whole.status },
    driven: false,
    finishedAt: minutesAgo(5),
    outcome: whole,
    ...more,
  });
}
