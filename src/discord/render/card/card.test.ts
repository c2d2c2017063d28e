import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { News, SpiralEvent } from '../../../domain/event.ts';
import type { ConversationId, MachineId, SessionId, TaskId } from '../../../domain/identifiers.ts';
import type { Speaker } from '../../../domain/message.ts';
import type { TaskOutcome } from '../../../domain/outcome.ts';
import { agentNews } from '../agent-news.ts';
import { problemOf } from '../limits.ts';
import { reportMessage } from '../report.ts';
import { nextCard, type TaskCard } from './card.ts';
import { cardMessage } from './card-message.ts';

const taskId = 'todo1234' as TaskId;

const accepted: News = {
  type: 'task.accepted',
  taskId,
  text: 'Create a REST API for todo management with authentication',
  agent: 'developer',
  origin: 'discord',
  workspace: '/home/me/.spiral/workspaces/todo1234',
  machine: 'm' as MachineId,
  model: 'sonnet',
  promptLimit: 50,
};

const outcome: TaskOutcome = {
  status: 'succeeded',
  verified: true,
  filesCreated: ['todo-api/server.ts', 'todo-api/auth.ts'],
  filesModified: [],
  filesDeleted: [],
  commands: [],
  tests: { passed: 23, failed: 0, skipped: 0, commands: ['npm test'] },
  costUsd: 0.42,
  promptsUsed: 1,
  durationMs: 312_000,
  summary: '2 files created, 23 tests passed',
  claim: 'Created todo-api with JWT auth, ready for deployment. @everyone',
};

function progress(text: string): News {
  return { type: 'progress', taskId, text, by: 'model' };
}

function cardOf(...news: readonly News[]): TaskCard {
  const events = news.map((one, index): SpiralEvent => ({ id: index + 1, at: '2026-11-23T10:00:00.000Z', ...one }));
  const card = events.reduce<TaskCard | undefined>((before, event) => nextCard(before, event), undefined);
  if (!card) throw new Error('there is no card');
  return card;
}

test('a task begins as the specification shows it, with a button that ends it', () => {
  const message = cardMessage(cardOf(accepted));
  expect(message.content).toBe('🤖 Starting autonomous work via Claude Code…');
  expect(JSON.stringify(message.components)).toContain('stop:todo1234');
  expect(message.embeds?.[0]?.footer?.text).toBe('task todo1234');
});

test('the live steps are the newest ones, and how many there were before', () => {
  const steps = Array.from({ length: 9 }, (_, number) => progress(`step ${number + 1}`));
  const description = cardMessage(cardOf(accepted, ...steps)).embeds?.[0]?.description;
  expect(description).toBe(
    ['-# 4 steps before', ...[5, 6, 7, 8, 9].map((number) => `🔄 Claude Code: step ${number}`)].join('\n'),
  );
});

test('tests, prompts and money are what was observed', () => {
  const card = cardOf(
    accepted,
    { type: 'prompt.spent', taskId, agent: 'developer', round: 1, used: 1, limit: 50 },
    { type: 'tests.ran', taskId, command: 'npm test', passed: 20, failed: 3, skipped: 0, by: 'spiral' },
    {
      type: 'engine.finished',
      taskId,
      sessionId: 's' as SessionId,
      round: 1,
      turns: 3,
      costUsd: 0.25,
      inputTokens: 1,
      outputTokens: 1,
      durationMs: 1,
    },
  );
  const fields = cardMessage(card).embeds?.[0]?.fields;
  expect(fields?.[0]?.value).toBe('1/50 prompts · $0.25 · <t:1795428000:R>');
  expect(fields?.[1]).toMatchObject({ name: 'Tests', value: '❌ 20 passed, 3 failed' });
});

test('what waits says so, and goes on', () => {
  const waiting = cardOf(accepted, { type: 'task.waiting', taskId, reason: 'a question' });
  expect(cardMessage(waiting).content).toBe('⏳ Waiting');
  const asked = cardOf(accepted, { type: 'task.waiting', taskId, reason: 'a question', questionId: 'q1' });
  expect(cardMessage(asked).content).toBe('⏸️ Waiting for you');
  const resumed = cardOf(
    accepted,
    { type: 'task.waiting', taskId, reason: 'a question' },
    { type: 'task.resumed', taskId, reason: 'answered' },
  );
  expect(cardMessage(resumed).content).not.toContain('Waiting');
});

test('the report tells what was observed, and the claim as a quotation that pings nobody', () => {
  const card = cardOf(accepted, { type: 'task.finished', taskId, outcome });
  const [message] = reportMessage(card, { workspace: '/w', files: [], withheld: ['.env'] });
  expect(message?.content).toContain('✅ **Task completed!** Created todo-api/ with 2 files, 23 passing tests.');
  expect(message?.content).toContain('Claude Code says, unchecked: “Created todo-api with JWT auth');
  expect(message?.content).toContain('🔒 1 file kept back');
  expect(cardMessage(card).components).toEqual([]);
});

test('what is not proved is not called done', () => {
  const card = cardOf(accepted, {
    type: 'task.finished',
    taskId,
    outcome: { ...outcome, verified: false, reason: 'no tests were found' },
  });
  expect(cardMessage(card).content).toBe('⚠️ Done, not verified');
  expect(reportMessage(card, undefined)[0]?.content).toContain('NOT verified**: no tests were found');
});

test('a project tells its plan, each phase and how much is done', () => {
  const phase = (name: string) => ({ name, goal: 'g', task: 't', criteria: [], dependsOn: [] });
  const planned: News = {
    type: 'project.planned',
    taskId,
    projectId: taskId,
    title: 'Shop',
    revision: 1,
    phases: [phase('Product catalog API'), phase('Shopping cart functionality')],
  };
  const finished: News = {
    type: 'phase.finished',
    taskId,
    projectId: taskId,
    phase: 'Product catalog API',
    number: 1,
    of: 2,
    status: 'done',
    attempts: 1,
  };
  const tests: News = {
    type: 'tests.ran',
    taskId,
    command: 'npm test',
    passed: 18,
    failed: 0,
    skipped: 0,
    by: 'spiral',
  };
  const at = '2026-11-23T10:00:00.000Z';
  expect(agentNews({ id: 2, at, ...planned }, cardOf(accepted, planned))).toEqual({
    voice: 'project-manager',
    text: '📋 Breaking this down into phases…\nPhase 1: Product catalog API\nPhase 2: Shopping cart functionality\n@dev starting with Phase 1: Product catalog API',
  });
  const card = cardOf(accepted, planned, tests, finished);
  expect(agentNews({ id: 4, at, ...finished }, card)).toEqual({
    voice: 'developer',
    text: '✅ Phase 1 complete - Product catalog API with 18 tests passing\n📊 Project status: 50% complete. Shopping cart functionality next…',
  });
  expect(cardMessage(card).content).toBe('📊 Project status: 50% complete');
});

test('a talk tells whose messages there are, and each message of an agent whole under its name', () => {
  const conversationId = 'talk0001' as ConversationId;
  const speech = (number: number, author: Speaker, text: string): News => ({
    type: 'message.sent',
    taskId,
    conversationId,
    topic: 'general',
    number,
    author,
    text,
    mentions: [],
  });
  const talk: News = { ...accepted, agent: 'project-manager', conversation: conversationId };
  const long = 'It depends. '.repeat(400);
  const said = [speech(1, 'human', 'Backups?'), speech(2, 'developer', long), speech(3, 'developer', '*Sure*')];
  const card = cardOf(talk, ...said);
  const [embed] = cardMessage(card).embeds ?? [];
  expect(embed?.title).toBe('💬 Create a REST API for todo management with authentication');
  expect(embed?.description).toBe('🤖 Developer 2 · 🙋 You 1');
  const at = '2026-11-23T10:00:00.000Z';
  expect(said.map((one, id) => agentNews({ id, at, ...one }, card))).toEqual([
    undefined,
    {
      voice: 'developer',
      text: expect.stringMatching(/^It depends\.[\s\S]*all of it is in message\.md$/),
      files: [{ name: 'message.md', content: new TextEncoder().encode(long) }],
    },
    { voice: 'developer', text: '\\*Sure\\*' },
  ]);
  expect(agentNews({ id: 1, at, ...said[1] } as SpiralEvent, cardOf(accepted, ...said))).toBeUndefined();
});

test('whatever a model says, Discord takes the card and the report', () => {
  const words = fc.string({ unit: 'grapheme', maxLength: 5_000 });
  fc.assert(
    fc.property(words, fc.array(words, { maxLength: 8 }), words, (text, steps, claim) => {
      const card = cardOf({ ...accepted, text: text || 'x' }, ...steps.map(progress), {
        type: 'task.waiting',
        taskId,
        reason: claim,
      });
      expect(problemOf(cardMessage(card))).toBeUndefined();
      const over = cardOf(
        { ...accepted, text },
        { type: 'task.finished', taskId, outcome: { ...outcome, claim, reason: text } },
      );
      expect(problemOf(cardMessage(over))).toBeUndefined();
      for (const message of reportMessage(over, undefined)) expect(problemOf(message)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});
