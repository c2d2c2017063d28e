import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentRoles } from '../../domain/agent.ts';
import type { AgentResources } from '../../domain/agent-resources.ts';
import { type CostLine, noUsage } from '../../domain/budget.ts';
import type { Tool } from '../../domain/tool.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import { commandDefinitions } from '../commands/definitions.ts';
import { grant, now, permission, plan, taskId } from '../decisions/__fixtures__/questions.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { problemOf } from './limits.ts';
import { agentsList, costsList, helpText, pendingList, tasksList, toolsList } from './lists.ts';

const nowMs = now.getTime();

function linesOf({ content = '' }: Outgoing): string[] {
  return content.split('\n');
}

function task(more: Partial<TaskReport>): TaskReport {
  return {
    id: taskId,
    text: 'Build a shop',
    agent: 'developer',
    origin: 'cli',
    createdAt: new Date(nowMs - 180_000),
    state: { kind: 'accepted' },
    isHeld: false,
    driven: true,
    promptsUsed: 2,
    promptLimit: 10,
    costUsd: 0.12,
    ...more,
  } as TaskReport;
}

function tool(name: string, more: Partial<Tool> = {}): Tool {
  const manifest = { name, version: '1.0.0', description: 'turns *tables* into JSON' };
  return { manifest, status: 'active', calls: 12, failures: 0, ...more } as Tool;
}

const costs: CostLine = { key: 'developer', requests: 3, tokens: noUsage, usd: 1.5, estimated: 0, meanLatencyMs: null };

const resources: AgentResources[] = agentRoles.map((role) => ({
  role,
  status: { kind: 'idle' },
  prompts: { spent: 3, limit: 20 },
  tasks: [],
  conversations: [],
  sessions: 0,
  efficiency: null,
  isInefficient: false,
}));

test('what waits is a line for each question', () => {
  expect(linesOf(pendingList([grant, plan], nowMs))).toEqual([
    '**2 questions wait**',
    `\`${grant.id}\` 💰 A limit is reached · What now? · task \`${taskId}\` · 1 h 0 min ago`,
    `\`${plan.id}\` 📋 Is the plan right? · What now? · task \`${taskId}\` · 1 h 0 min ago`,
  ]);
  expect(pendingList([], nowMs).content).toBe('✅ Nothing waits for you.');
});

test.each<[string, Partial<TaskReport>]>([
  ['🔄 starting', {}],
  ['⚠️ interrupted', { driven: false }],
  ['⏸️ held', { isHeld: true }],
  [
    '❓ waiting for you',
    { state: { kind: 'waiting', for: { kind: 'answer', questionId: 'q' }, resume: { kind: 'accepted' } } },
  ],
  [
    '🛠️ waiting for x',
    { state: { kind: 'waiting', for: { kind: 'tool', requestId: 'r', name: 'x' }, resume: { kind: 'accepted' } } },
  ],
  ['🔄 answering', { state: { kind: 'asking' } }],
  ['✅ succeeded', { state: { kind: 'finished', status: 'succeeded' } }],
  ['❌ timed-out', { state: { kind: 'finished', status: 'timed-out' } }],
])('a task is shown as %s', (status, more) => {
  expect(linesOf(tasksList([task(more)], nowMs))[1]).toBe(
    `\`${taskId}\` ${status} · 🤖 Build a shop · 2/10 prompts · $0.12 · 3 min 0 s ago`,
  );
});

test('the team is a line for each agent', () => {
  const lines = linesOf(agentsList(resources));
  expect(lines).toHaveLength(1 + agentRoles.length);
  expect(lines[1]).toBe('🤖 **Developer** (@dev) idle · 3/20 prompts in this cycle');
});

test('costs begin with their sum, and say when it holds an estimate', () => {
  expect(linesOf(costsList([costs, { ...costs, key: 'qa', estimated: 1 }], 'agent'))).toEqual([
    '**~$3.00** by agent · 6 requests · ~ holds estimates of requests that were cut',
    '`developer` $1.50 · 3 requests',
    '`qa` ~$1.50 · 3 requests',
  ]);
});

test('tools that are offered come before those that were retired', () => {
  expect(linesOf(toolsList([tool('old', { status: 'retired' }), tool('csv-to-json', { failures: 1 })]))).toEqual([
    '**1 tool**, 1 retired',
    '`csv-to-json` 1.0.0 · turns \\*tables\\* into JSON · 12 calls, 1 failure',
    '🗄️ `old` 1.0.0 · turns \\*tables\\* into JSON · 12 calls',
  ]);
});

test('the help names every command that there is', () => {
  const { content = '' } = helpText();
  expect(problemOf({ content })).toBeUndefined();
  for (const { name } of commandDefinitions) if (name !== 'help') expect(content).toContain(`/${name}`);
});

describe('however much there is, and whatever it says', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('*', '@everyone ', '\n', '```', 'https://x ', '😀').map((piece) => piece.repeat(200)),
  );
  const listsOf = (text: string, count: number): Outgoing[] => {
    const many = <One>(one: One) => Array.from({ length: count }, () => one);
    return [
      pendingList(many({ ...permission, text }), nowMs),
      tasksList(many(task({ text })), nowMs),
      agentsList(
        resources.map((one) => ({ ...one, status: { kind: 'building-tool', toolName: text, progress: 0.5 } })),
      ),
      costsList(many({ ...costs, key: text.slice(0, 40) }), 'task'),
      toolsList(many({ ...tool('x'), manifest: { ...tool('x').manifest, description: text } })),
    ];
  };

  test('a list is a message that Discord takes', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 100 }), (text, count) => {
        for (const list of listsOf(text, count)) expect(problemOf(list)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  test('it says how much is left out', () => {
    const lines = linesOf(
      tasksList(
        Array.from({ length: 100 }, () => task({})),
        nowMs,
      ),
    );
    expect(lines.at(-1)).toBe(`…and ${100 - (lines.length - 2)} more`);
  });
});
