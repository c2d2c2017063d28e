import { expect, test } from 'vitest';
import { begun } from './__fixtures__/project-walk.ts';
import type { AgentRole } from './agent.ts';
import { type AgentResources, type OpenTask, resourcesOf, type TeamRecords } from './agent-resources.ts';
import type { ConversationId, TaskId } from './identifiers.ts';
import { moved } from './project.ts';
import type { TaskState } from './task-state.ts';

const analysis = { complexity: 'simple', strategy: 'simple', language: { name: 'Rust', confidence: 1 } } as const;
const working: TaskState = { kind: 'working', analysis, round: 1, because: { kind: 'first' } };

function open(more: Partial<OpenTask> = {}): OpenTask {
  const id = 'aaaaaaaa' as TaskId;
  return { id, agent: 'developer', state: working, driven: true, promptLimit: 5, promptsUsed: 2, ...more };
}

const nothing: TeamRecords = {
  tasks: [],
  conversations: [],
  performance: { agents: [] },
  promptsOf: () => ({ spent: 0 }),
  tellingOf: (agent) => `told-${agent}` as ConversationId,
};

function resources(role: AgentRole, records: Partial<TeamRecords> = {}): AgentResources {
  const found = resourcesOf({ ...nothing, ...records }).find((one) => one.role === role);
  if (!found) throw new Error(`the team has no ${role}`);
  return found;
}

/** Who has a Claude Code session. */
function withSession(...tasks: readonly OpenTask[]): AgentRole[] {
  return resourcesOf({ ...nothing, tasks }).flatMap(({ role, sessions }) => Array<AgentRole>(sessions).fill(role));
}

test('an agent without work has nothing', () => {
  expect(resources('process-coach')).toEqual({
    role: 'process-coach',
    status: { kind: 'idle' },
    prompts: { spent: 0 },
    tasks: [],
    conversations: [],
    sessions: 0,
    efficiency: null,
    isInefficient: false,
  });
});

test('an agent that works has its task, its session and what the task may still spend', () => {
  const left = open({ id: 'bbbbbbbb' as TaskId, driven: false });
  expect(resources('developer', { tasks: [open(), left] })).toMatchObject({
    status: { kind: 'active', promptsRemaining: 3 },
    tasks: ['aaaaaaaa', 'bbbbbbbb'],
    sessions: 1,
  });
  expect(resources('developer', { tasks: [left] })).toMatchObject({ status: { kind: 'idle' }, sessions: 0 });
});

test('a task that asks for prompts of a cycle exhausts the agent whose cycle it is, driven or not', () => {
  const shortage = { scope: 'cycle:quality-assurance:7', measure: 'prompts', limit: 4, spent: 4 } as const;
  const question = { kind: 'allocation', text: 'QA has used 4 of 4', shortage } as const;
  const project = open({ agent: 'project-manager', driven: false, question });
  const exhausted = { kind: 'exhausted', reason: 'QA has used 4 of 4' };
  expect(resources('quality-assurance', { tasks: [project] }).status).toEqual(exhausted);
  expect(resources('project-manager', { tasks: [project] }).status).toEqual({ kind: 'idle' });
});

test('a task that asks anything else escalates the agent that has it', () => {
  const asks = open({ driven: false, question: { kind: 'permission', text: 'May it?' } });
  expect(resources('developer', { tasks: [asks] }).status).toEqual({ kind: 'escalated', reason: 'May it?' });
});

test('an agent whose task sleeps for a tool waits for the decision, and whoever has it built works on it', () => {
  const waiting = {
    kind: 'waiting',
    for: { kind: 'tool', requestId: 'r1', name: 'csv-to-json' },
    resume: working,
  } as const;
  const sleeping = open({ state: waiting, driven: false });
  expect(resources('developer', { tasks: [sleeping] }).status).toEqual({
    kind: 'waiting-for-tool-decision',
    requestedTool: 'csv-to-json',
  });
  const build = { requestId: 'r1', name: 'csv-to-json', attempts: [], allowed: 3 };
  const held: TaskState = { kind: 'tooling', build, at: { kind: 'hold-out' }, isPaid: true };
  const tasks = [open({ agent: 'project-manager', state: held })];
  const status = { kind: 'building-tool', toolName: 'csv-to-json', progress: 0.25 };
  expect(resources('project-manager', { tasks }).status).toEqual(status);
  expect(resources('quality-assurance', { tasks }).status).toEqual(status);
  expect(resources('developer', { tasks }).status).toEqual({ kind: 'idle' });
});

test('whoever reviews a phase of a project has it as a task, and a session once the prompt is paid', () => {
  const state = moved(begun().project, { kind: 'review', phase: 0, taskId: 't' });
  const reviewing = open({ agent: 'project-manager', state });
  expect(resources('quality-assurance', { tasks: [reviewing] }).tasks).toEqual(['aaaaaaaa']);
  expect(resources('quality-assurance', { tasks: [{ ...reviewing, driven: false }] }).tasks).toEqual([]);
  expect(withSession(reviewing)).toEqual([]);
  expect(withSession({ ...reviewing, state: { ...state, isPaid: true } })).toEqual(['quality-assurance']);
  expect(withSession(open({ agent: 'project-manager', state: { ...begun(), isPaid: true } }))).toEqual([]);
});

test('of the agents that answer only quality assurance has a session, and only while it reads code', () => {
  const asking = { state: { kind: 'asking' } } as const;
  expect(withSession(open({ ...asking, agent: 'quality-assurance' }))).toEqual(['quality-assurance']);
  const risks = { answer: 'risks', approvePlan: false } as const;
  expect(withSession(open({ ...asking, agent: 'quality-assurance', wish: risks }))).toEqual([]);
  expect(withSession(open({ ...asking, agent: 'decision-maker' }))).toEqual([]);
  expect(withSession(open(), open(), open({ driven: false }))).toEqual(['developer', 'developer']);
});

test('conversations are those that it is a member of and that are not closed, with its own messages', () => {
  const talk = (id: string, more: Partial<TeamRecords['conversations'][number]> = {}) => ({
    id: id as ConversationId,
    topic: 'work',
    members: ['developer', 'quality-assurance'] as const,
    state: { kind: 'open' } as const,
    counts: { developer: 2, human: 9 },
    ...more,
  });
  const conversations = [
    talk('c1'),
    talk('c2', { state: { kind: 'escalated', questionId: 'q' }, counts: {} }),
    talk('c3', { state: { kind: 'closed', reason: 'over' } }),
    talk('c4', { members: ['quality-assurance'] }),
  ];
  expect(resources('developer', { conversations }).conversations).toEqual([
    { id: 'c1', topic: 'work', messages: 2 },
    { id: 'c2', topic: 'work', messages: 0 },
  ]);
});

test('efficiency is what was computed of the agent itself', () => {
  const agents = [{ agent: 'developer', figures: {} as never, efficiency: 0.4, isInefficient: true }];
  expect(resources('developer', { performance: { agents } })).toMatchObject({ efficiency: 0.4, isInefficient: true });
  expect(resources('process-coach', { performance: { agents } })).toMatchObject({ efficiency: null });
});

test('an agent of which the process coach was told has the conversation in which that was', () => {
  const id = 'told-developer' as ConversationId;
  const told = { id, topic: 'efficiency', members: ['process-coach'], state: { kind: 'open' }, counts: {} } as const;
  expect(resources('developer', { conversations: [told] }).toldIn).toBe(id);
  expect(resources('process-coach', { conversations: [told] })).not.toHaveProperty('toldIn');
});
