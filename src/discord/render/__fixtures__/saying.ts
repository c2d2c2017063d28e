import type { AgentAnswer } from '../../../domain/answers/answer.ts';
import type { News, SpiralEvent } from '../../../domain/event.ts';
import type { MachineId, TaskId, ToolRequestId } from '../../../domain/identifiers.ts';
import type { TaskOutcome } from '../../../domain/outcome.ts';
import type { Question, QuestionKind } from '../../../domain/question.ts';
import type { ToolCard } from '../../../domain/tool-card.ts';
import type { ToolRequest } from '../../../domain/tool-request.ts';
import type { QuestionContext } from '../../follow/question-context.ts';
import type { Outgoing } from '../../outbox/outgoing.ts';
import { nextCard, type TaskCard } from '../card/card.ts';
import { cardMessage } from '../card/card-message.ts';
import { agentNews } from '../agent-news.ts';
import { answeredMessage, questionMessage, reminderMessage } from '../question-card.ts';
import { reportMessage } from '../report.ts';
import { titles } from '../question-card.ts';

const taskId = 'todo1234' as TaskId;
const askedAt = new Date('2026-11-23T10:00:00Z');

export function cardOf(...news: readonly News[]): TaskCard {
  const events = news.map((one, index): SpiralEvent => ({ id: index + 1, at: '2026-11-23T10:00:00.000Z', ...one }));
  const card = events.reduce<TaskCard | undefined>((before, event) => nextCard(before, event), undefined);
  if (!card) throw new Error('there is no card');
  return card;
}

/** Every message that is made of words of models and people, with these words wherever they can stand. */
export function messagesSaying(text: string): Outgoing[] {
  return [...cardsSaying(text), ...answersSaying(text), ...questionsSaying(text)];
}

function accepted(text: string): News {
  return {
    type: 'task.accepted',
    taskId,
    text,
    agent: 'developer',
    origin: 'discord',
    workspace: `/w/${text}`,
    machine: 'm' as MachineId,
    model: 'sonnet',
    promptLimit: 50,
  };
}

function outcomeSaying(text: string, more: Partial<TaskOutcome> = {}): TaskOutcome {
  return {
    status: 'succeeded',
    verified: true,
    filesCreated: [text, `${text}/a.ts`],
    filesModified: [text],
    filesDeleted: [],
    commands: [],
    tests: { passed: 23, failed: 0, skipped: 0, commands: [text] },
    costUsd: 0.42,
    promptsUsed: 1,
    durationMs: 312_000,
    summary: text,
    claim: text,
    reason: text,
    contradictions: [text],
    ...more,
  } as TaskOutcome;
}

function cardsSaying(text: string): Outgoing[] {
  const phases = Array.from({ length: 8 }, (_, index) => ({
    name: `${text}${index}`,
    goal: text,
    task: text,
    criteria: [],
    dependsOn: [],
  }));
  const about = { taskId, projectId: taskId, phase: `${text}0`, number: 1, of: 8 };
  const planned: News = { type: 'project.planned', taskId, projectId: taskId, title: text, revision: 1, phases };
  const finished: News = { type: 'phase.finished', ...about, status: 'done', attempts: 1 };
  const reviewed = { type: 'phase.reviewed', ...about, attempt: 1, verdict: 'rejected', reason: text } as unknown as News;
  const steps = Array.from({ length: 7 }, (_, index): News => ({ type: 'progress', taskId, text: `${text}${index}`, by: 'model' }));
  const working = cardOf(accepted(text), ...steps, { type: 'task.waiting', taskId, reason: text });
  const project = cardOf(accepted(text), planned, ...steps, finished);
  const over = [
    outcomeSaying(text),
    outcomeSaying(text, { verified: false }),
    outcomeSaying(text, { status: 'failed' }),
  ].map((outcome) => cardOf(accepted(text), { type: 'task.finished', taskId, outcome }));
  const told = [planned, finished, reviewed].flatMap((news) => {
    const said = agentNews({ id: 9, at: askedAt.toISOString(), ...news }, project);
    return said ? [{ content: said.text, voice: said.voice }] : [];
  });
  const deliverables = { workspace: `/w/${text}`, files: [{ name: text, content: new Uint8Array(3) }], withheld: [text] };
  return [
    cardMessage(working),
    cardMessage(project),
    ...told,
    ...over.flatMap((card) => [cardMessage(card), ...reportMessage(card, deliverables), ...reportMessage(card, undefined)]),
  ];
}

function answersSaying(text: string): Outgoing[] {
  const many = [text, text, text];
  const answers = [
    {
      kind: 'analysis',
      subject: text,
      options: [{ name: text, dimensions: [{ name: text, score: 7 }] }],
      recommendation: { title: text, why: text, phases: [{ name: text, timing: text }] },
      nextSteps: many,
      resources: { needs: many, timeline: text, budget: text },
      risks: [{ risk: text, mitigation: text }],
      successMetrics: many,
    },
    {
      kind: 'review',
      subject: text,
      findings: [{ title: text, severity: 'high', place: text, detail: text, recommendation: text }],
      strengths: many,
      remediation: [{ priority: 1, action: text }],
      dropped: 1,
    },
    { kind: 'risks', risks: [{ risk: text, likelihood: 'high', impact: 'low', mitigation: text }] },
    {
      kind: 'test-cases',
      testCases: [{ name: text, given: text, when: text, expected: text, kind: 'edge' }],
    },
    {
      kind: 'decision',
      criteria: [{ name: text, weight: 5 }],
      options: [{ name: text, scores: [{ criterion: text, score: 5 }] }],
      decision: text,
      confidence: 0.5,
      reason: text,
      wouldChangeIt: many,
      importance: 5,
      urgency: 5,
    },
    {
      kind: 'alternatives',
      alternatives: [{ name: text, idea: text, cost: text, risk: text, firstExperiment: text }],
      assumptions: [{ assumption: text, test: text }],
    },
    {
      kind: 'coaching',
      proposals: [{ figure: 'tasks', observation: text, proposal: text, expected: text }],
      performance: { since: askedAt.toISOString(), team: {}, agents: [] },
    },
    { kind: 'plan', title: text, phases: [{ name: text, goal: text, task: text, criteria: [], dependsOn: [] }] },
  ] as unknown as readonly AgentAnswer[];
  return answers.flatMap((answer) => {
    const card = cardOf(
      { ...accepted(text), agent: 'quality-assurance' } as News,
      { type: 'task.answered', taskId, answer } as unknown as News,
      { type: 'task.finished', taskId, outcome: outcomeSaying(text) },
    );
    return [cardMessage(card), ...reportMessage(card, undefined)];
  });
}

function questionsSaying(text: string): Outgoing[] {
  const request = {
    id: 'r1' as ToolRequestId,
    name: text,
    description: text,
    urgency: 7,
    importance: 8,
    requirements: [text],
    examples: [],
    requestedBy: 'developer',
    isBlocking: true,
    workTask: taskId,
    similar: [],
    filedAt: askedAt,
  } as ToolRequest;
  const card = {
    kind: 'tool-assessment',
    recommendation: { decision: 'approve', reason: text },
    alternatives: Array.from({ length: 6 }, () => ({ source: 'other', name: text, fit: text })),
    effort: { agentHours: 3, prompts: 20 },
    benefit: text,
    facts: { workload: { [text]: 2 }, similarRequests: 3, waitingTasks: 1 },
    priority: 56,
  } as ToolCard;
  const context: QuestionContext = { taskText: text, request, card, permission: { kind: 'host', host: text } };
  const choices = Array.from({ length: 7 }, (_, index) => ({ name: `${index} ${text}`, meaning: text, needsText: false }));
  return (Object.keys(titles) as QuestionKind[]).flatMap((kind) => {
    const question: Question = { id: 'quest001', taskId, kind, text: `${text}\n${text}`, askedAt, choices };
    return [
      questionMessage(question, context),
      questionMessage(question, {}),
      answeredMessage(question, { elsewhere: true, answer: text }, context),
      reminderMessage([question]),
    ];
  });
}
