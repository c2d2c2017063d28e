import { expect, test } from 'vitest';
import type { News } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import {
  asked,
  begun,
  challenged,
  developed,
  evaluated,
  phaseOver,
  projectId,
  projectOver,
  projectReport,
  reviewed,
} from '../__fixtures__/projects.ts';
import { screen, screenFrom } from '../__fixtures__/screen.ts';
import { outcome, taskId } from '../__fixtures__/tasks.ts';
import { firstState } from '../render.ts';

const firstPhase = [...developed(1, 1), ...reviewed(1, 1, 'passed'), ...evaluated(1, 1, true), phaseOver(1, 1)];

test('a project is the screen of the specification, with what QA and the project manager say of each phase', () => {
  const { progress, result, live } = screen(
    ...begun,
    ...challenged,
    ...firstPhase,
    ...asked('project-manager', 'closing'),
    ...projectOver(projectReport),
  );
  expect(progress).toEqual([
    '🤖 Project Manager Agent Starting...',
    '🔥 Prompts remaining: 50',
    '',
    '📝 Task: Create a complete user authentication system',
    '📁 Workspace: /home/ada/agent-workspace (task k3v9x2mq)',
    '🤔 Conducting strategic analysis...',
    '🤔 Breaking down into development phases...',
    '',
    '📋 PROJECT BREAKDOWN: User authentication',
    'Phase 1: Core authentication (JWT and password hashing)',
    'Phase 2: Password reset (Reset by email)',
    '',
    '💡 Creative Innovator: looking for what is wrong with the plan...',
    '💡 Creative Innovator: 1 challenge to the plan',
    '   1. Password reset: Email may be read by others',
    '      Instead: Use passkeys',
    '🧭 Decision Maker: settling what was challenged...',
    '🧭 Decision Maker: 0 of 1 accepted',
    '   1. rejected: Not every user has one',
    '',
    '🔄 Coordinating with Development Agent...',
    '',
    '📝 Assigning Phase 1 to Dev Agent: Core authentication',
    '🤖 Dev Agent: Starting autonomous work via Claude Code... (task dev1try1)',
    '🔄 Claude Code: Writing src/login.ts',
    '🔄 Claude Code: “Everything is secure now”',
    '🔄 Claude Code: Running npm test... ✅',
    '🧪 Spiral ran npm test: ✅ 15 passed, 0 failed',
    '✅ Dev Agent: 2 files created; 15 tests passed, 0 failed - task dev1try1',
    '🔍 QA: reviewing the real changes...',
    '🔍 QA: ✅ passed: “It does what was asked”',
    '📋 Project Manager: judging the phase by its criteria...',
    '📋 Project Manager: the phase is done',
    '   ✅ The tests pass [tests] Spiral looked: 15 passed, 0 failed',
    '   ✅ Tokens are used once [review] judged by the project manager: “The test shows it”',
    '✅ Dev Agent: Phase 1 complete - 2 files created; tests: 15 passed, 0 failed; commit a1b2c3d4e5',
    '📊 1 of 2 phases done',
    '📋 Project Manager: thinking of what to look after...',
    '',
  ]);
  expect(result).toEqual([
    '📊 PROJECT STATUS: User authentication, 2 of 2 phases done',
    '✅ Phase 1: Core authentication - 2 files created; tests: 15 passed, 0 failed; 1 attempt; commit a1b2c3d4e5',
    '✅ Phase 2: Password reset - 2 files created; tests: 15 passed, 0 failed; 2 attempts; commit a1b2c3d4e5',
    '- Tests: 34 passed, 0 failed (run by Spiral: npm test)',
    '',
    '🎯 DEPLOYMENT RECOMMENDATIONS (opinion of the project manager, not checked):',
    '1. Set up environment variables for JWT secrets',
    '',
    '🔥 Prompts used: 14 (all agents together)',
    '⏱️  10 min 0 s · $1.50',
    '📁 Look at it again: spiral projects show k3v9x2mq · build on it: spiral --project k3v9x2mq "…"',
    '✨ Project completed!',
  ]);
  expect(live?.text).toBe('');
});

test('a project for a repository ends with its branch and the way to take it', () => {
  const repository = { path: '/home/me/shop', branch: 'spiral/k3v9x2mq' };
  const { result } = screen(
    ...begun.map((news) => (news.type === 'task.accepted' ? { ...news, repository } : news)),
    ...projectOver(projectReport),
  );
  expect(result).toContain(
    '🌿 On branch spiral/k3v9x2mq. Look: spiral tasks diff k3v9x2mq · take it: spiral tasks merge k3v9x2mq',
  );
});

test('a phase that is rejected shows the findings, what is not met, and the next attempt in the same phase', () => {
  const { progress } = screen(
    ...begun,
    ...developed(1, 1),
    ...reviewed(1, 1, 'rejected'),
    ...evaluated(1, 1, false),
    ...developed(1, 2, { filesCreated: ['src/tokens.ts'], filesModified: ['src/lib.rs'] }),
    ...reviewed(1, 2, 'passed'),
    ...evaluated(1, 2, true),
    phaseOver(1, 2),
  );
  const from = progress.indexOf('🔍 QA: ❌ rejected: “A token can be used again”');
  expect(progress.slice(from, from + 11)).toEqual([
    '🔍 QA: ❌ rejected: “A token can be used again”',
    '   1. Tokens are used twice (HIGH) src/login.ts:3',
    '      Recommendation: Delete it',
    '   🗑️  Dropped: 2 findings about places that do not exist',
    '📋 Project Manager: judging the phase by its criteria...',
    '📋 Project Manager: the phase is not done yet',
    '   ✅ The tests pass [tests] Spiral looked: 15 passed, 0 failed',
    '   ❌ Tokens are used once [review] judged by the project manager: “Nothing shows it”',
    '   ↩️  not met: Nothing shows it',
    '',
    '🔁 Back to Dev Agent with Phase 1, attempt 2: Core authentication',
  ]);
  // The files of both attempts, each counted once.
  expect(progress.at(-2)).toBe(
    '✅ Dev Agent: Phase 1 complete - 3 files created; tests: 15 passed, 0 failed; 2 attempts; commit a1b2c3d4e5',
  );
});

test('work of the developer that failed, or that nothing proved, is told as that', () => {
  const failed = screen(
    ...begun,
    ...developed(1, 1, { status: 'failed', verified: false, reason: 'tests still fail' }),
  );
  expect(failed.progress.at(-1)).toContain('❌ Dev Agent: 2 files created; 15 tests passed, 0 failed, failed (tests');
  const unproved = screen(...begun, ...developed(1, 1, { verified: false, reason: 'no tests were found' }));
  expect(unproved.progress.at(-1)).toContain('not verified (no tests were found)');
  expect(unproved.progress.at(-1)).not.toContain('✅');
  for (const { result, progress } of [failed, unproved]) {
    expect(result).toEqual([]);
    expect(progress.join('\n')).not.toContain('✨');
  }
});

test('a phase that is accepted without proof is told with that', () => {
  const { progress } = screen(...begun, ...developed(1, 1, { verified: false, tests: null }), phaseOver(1, 1));
  expect(progress.at(-2)).toContain('no tests were run; NOT verified;');
});

test('a claim of the developer that does not fit is told in the project as well', () => {
  const contradictions = [{ claimed: '40 tests', observed: '15 ran' }];
  const { progress } = screen(...begun, ...developed(1, 1, { contradictions }));
  expect(progress.at(-1)).toBe('⚠️  Claude Code claims 40 tests, 15 ran');
});

test('a phase that a person skipped is never called complete, and the project is not', () => {
  const phases = projectReport.phases.map((phase, index) =>
    index === 1 ? { ...phase, status: 'skipped' as const, verified: false } : phase,
  );
  const { progress, result } = screen(
    ...begun,
    ...developed(2, 1),
    phaseOver(2, 3, 'skipped'),
    ...projectOver({ ...projectReport, verified: false, phases, recommendations: [] }),
  );
  expect(progress).toContain('⏭️  Phase 2 skipped after 3 attempts, as it is: Password reset');
  expect(progress).toContain('📊 1 of 2 phases done');
  expect(result[2]).toContain('⏭️  Phase 2: Password reset - skipped; 2 files created');
  expect(result.at(-1)).toBe('⚠️  Project ended, but NOT verified, 1 phase skipped');
  expect(result.join('\n')).not.toMatch(/✨|RECOMMENDATIONS/);
});

test.each([
  ['failed', '⚠️  Project not completed (failed): no prompts'],
  ['cancelled', '⚠️  Project stopped: no prompts'],
] as const)('a project that ended as %s says so in its last line', (status, line) => {
  const phases = projectReport.phases.map((phase) => ({ ...phase, status: 'open' as const, attempts: 0 }));
  const report = { ...projectReport, status, verified: false, reason: 'no prompts', phases };
  const { result } = screen(...begun, ...projectOver(report));
  expect(result[1]).toBe('⬜ Phase 1: Core authentication - not begun');
  expect(result.at(-1)).toBe(line);
});

const choices = [
  { name: 'continue', meaning: 'try again, as often as before', needsText: false },
  { name: 'change', meaning: 'try again with what you say', needsText: true },
];
const text = '"Core authentication" was tried 3 times and is not accepted\n- not met: Nothing shows it';
const escalated: News[] = [
  { type: 'question.asked', taskId, questionId: 'q7w2e9rt', kind: 'question', text, choices },
  { type: 'task.waiting', taskId, reason: 'a person decides', questionId: 'q7w2e9rt' },
];

test('an escalation shows what is wrong and each choice with the command that takes it', () => {
  expect(screen(...begun, ...escalated).result).toEqual([
    '❓ "Core authentication" was tried 3 times and is not accepted',
    '   - not met: Nothing shows it',
    '⏸️  The task waits for you, and nothing of it is lost:',
    '   try again, as often as before: spiral answer q7w2e9rt continue',
    '   try again with what you say:   spiral answer q7w2e9rt change "your words"',
    '   everything that waits: spiral pending',
  ]);
});

test('a question that a project and its developer wait for is shown once', () => {
  const again: News = {
    type: 'task.waiting',
    taskId: 'dev1try1' as TaskId,
    reason: 'a person decides',
    questionId: 'q7w2e9rt',
  };
  expect(screen(...begun, ...escalated, again).result).toHaveLength(6);
});

test('the limit of the project is not that of a task of its developer', () => {
  const { result } = screen(...begun, ...developed(1, 1), {
    type: 'task.finished',
    taskId,
    outcome: { ...outcome, promptsUsed: 3 },
  });
  expect(result.join('\n')).toContain('🔥 Prompts used: 3/50');
});

test('a screen that begins in the middle of a project tells the tasks of its developer within it', () => {
  const { progress, result } = screenFrom({ ...firstState, root: projectId }, ...developed(1, 2).slice(3));
  expect(progress.at(-1)).toContain('Dev Agent: 2 files created');
  expect(result).toEqual([]);
});

test('nothing that agents write about a project can steer the terminal or pass for our words', () => {
  const hostile = `\u001b[2Jok\n✨ Project completed!${'x'.repeat(3000)}`;
  const poisoned: News[] = [
    ...begun,
    ...challenged,
    ...firstPhase,
    ...reviewed(1, 2, 'rejected'),
    ...evaluated(1, 2, false),
  ].map((news) =>
    JSON.parse(
      JSON.stringify(news).replaceAll(
        /"(reason|evidence|goal|challenge|instead|about|title|place|recommendation|phase|criterion)":"[^"]*"/g,
        (_, key) => `"${key}":${JSON.stringify(hostile)}`,
      ),
    ),
  );
  const { progress, result } = screen(
    ...poisoned,
    ...projectOver({ ...projectReport, verified: false, title: hostile, recommendations: [hostile] }),
  );
  const lines = [...progress, ...result];
  expect(lines.join('')).not.toContain('\u001b');
  expect(lines.filter((line) => line.trimStart().startsWith('✨'))).toEqual([]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(450);
});
