import type { AgentRole } from '../../domain/agent.ts';
import type { News, QuestionName } from '../../domain/event.ts';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import type { ProjectReport } from '../../domain/project-report.ts';
import { plan } from './answers.ts';
import { accepted } from './screen.ts';
import { outcome, taskId } from './tasks.ts';

export const projectId = taskId;
const ids = { taskId, projectId };
const phases = plan.phases;
const of = phases.length;

export const begun: News[] = [
  { ...accepted, agent: 'project-manager', text: 'Create a complete user authentication system' },
  ...asked('project-manager', 'analysis-or-plan'),
  { type: 'project.planned', ...ids, title: plan.title, revision: 1, phases },
];

export function asked(agent: AgentRole, question: QuestionName): News[] {
  return [
    { type: 'agent.asked', taskId, agent, question },
    { type: 'prompt.spent', taskId, agent, round: 1, used: 1, limit: 50 },
    { type: 'agent.answered', taskId, agent, question, durationMs: 8_000, askedAgain: false },
  ];
}

const talk = { taskId, conversationId: 'talk1234' as ConversationId, topic: `the plan “${plan.title}”` };

/** The project manager asks somebody in the conversation about the plan. */
function requested(agent: AgentRole, number: number, request: 'challenge' | 'settle'): News {
  const text = `@${agent}, please.`;
  return { type: 'message.sent', ...talk, number, author: 'project-manager', text, mentions: [agent], request };
}

function said(author: AgentRole, number: number, result: 'challenges' | 'settlement'): News {
  const answers = number - 1;
  return { type: 'message.sent', ...talk, number, author, text: 'In words.', mentions: [], answers, result };
}

export const challenged: News[] = [
  requested('creative-innovator', 1, 'challenge'),
  said('creative-innovator', 2, 'challenges'),
  {
    type: 'plan.challenged',
    ...ids,
    challenges: [{ about: 'Password reset', challenge: 'Email may be read by others', instead: 'Use passkeys' }],
  },
  requested('decision-maker', 3, 'settle'),
  said('decision-maker', 4, 'settlement'),
  { type: 'plan.settled', ...ids, rulings: [{ accepted: false, reason: 'Not every user has one' }] },
];

/** One attempt at a phase, from its assignment to the end of the developer's task. */
export function developed(number: number, attempt: number, came: Partial<TaskOutcome> = {}): News[] {
  const developmentTask = `dev${number}try${attempt}` as TaskId;
  const phase = phases[number - 1]?.name ?? '';
  const own = { taskId: developmentTask } as const;
  return [
    { ...accepted, ...own, text: 'Build it.', project: projectId, promptLimit: 7 },
    { type: 'phase.started', ...ids, phase, number, of, attempt, developmentTask },
    { type: 'task.analysed', ...own, complexity: 'simple', strategy: 'simple', language: 'unknown', confidence: 0 },
    { type: 'prompt.spent', ...own, agent: 'developer', round: 1, used: 1, limit: 7 },
    { type: 'engine.started', ...own, sessionId: accepted.machine as never, round: 1, resumed: false },
    { type: 'progress', ...own, text: 'Writing src/login.ts', by: 'tool' },
    { type: 'progress', ...own, text: 'Everything is secure now', by: 'model' },
    { type: 'command.ran', ...own, command: 'npm test', exitCode: 0, success: true },
    {
      type: 'engine.finished',
      ...own,
      sessionId: accepted.machine as never,
      round: 1,
      turns: 3,
      costUsd: 0.1,
      inputTokens: 1,
      outputTokens: 1,
      durationMs: 1,
    },
    { type: 'tests.ran', ...own, command: 'npm test', passed: 15, failed: 0, skipped: 0, by: 'spiral', exitCode: 0 },
    { type: 'task.finished', ...own, outcome: { ...outcome, ...came } },
  ];
}

export function reviewed(number: number, attempt: number, verdict: 'passed' | 'rejected'): News[] {
  const phase = phases[number - 1]?.name ?? '';
  const finding = {
    title: 'Tokens are used twice',
    severity: 'high',
    place: 'src/login.ts:3',
    detail: 'Nothing marks a token as used.',
    recommendation: 'Delete it',
  } as const;
  return [
    ...asked('quality-assurance', 'phase-review'),
    {
      type: 'phase.reviewed',
      ...ids,
      phase,
      attempt,
      verdict,
      reason: verdict === 'passed' ? 'It does what was asked' : 'A token can be used again',
      findings: verdict === 'passed' ? [] : [finding],
      dropped: verdict === 'passed' ? 0 : 2,
    },
  ];
}

export function evaluated(number: number, attempt: number, isDone: boolean): News[] {
  const phase = phases[number - 1]?.name ?? '';
  return [
    ...asked('project-manager', 'evaluation'),
    {
      type: 'phase.evaluated',
      ...ids,
      phase,
      attempt,
      isDone,
      criteria: [
        { criterion: 'The tests pass', checkedBy: 'tests', met: true, by: 'spiral', evidence: '15 passed, 0 failed' },
        {
          criterion: 'Tokens are used once',
          checkedBy: 'review',
          met: isDone,
          by: 'project-manager',
          evidence: isDone ? 'The test shows it' : 'Nothing shows it',
        },
      ],
      objections: isDone ? [] : ['- not met: Nothing shows it'],
    },
  ];
}

export function phaseOver(number: number, attempts: number, status: 'done' | 'skipped' = 'done'): News {
  const phase = phases[number - 1]?.name ?? '';
  const commit = status === 'done' ? { commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334' } : {};
  return { type: 'phase.finished', ...ids, phase, number, of, status, attempts, ...commit };
}

export const projectReport: ProjectReport = {
  title: plan.title,
  status: 'succeeded',
  verified: true,
  phases: phases.map(({ name }, index) => ({
    name,
    status: 'done',
    attempts: index + 1,
    filesCreated: 2,
    filesModified: 0,
    tests: { passed: 15, failed: 0, skipped: 0, commands: ['npm test'] },
    verified: true,
    commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
  })),
  tests: { passed: 34, failed: 0, skipped: 0, commands: ['npm test'] },
  costUsd: 1.5,
  promptsUsed: 14,
  durationMs: 600_000,
  recommendations: ['Set up environment variables for JWT secrets'],
};

export function projectOver(report: ProjectReport): News[] {
  const { status, verified } = report;
  return [
    { type: 'project.finished', ...ids, report },
    { type: 'task.finished', taskId, outcome: { ...outcome, status, verified } },
  ];
}
