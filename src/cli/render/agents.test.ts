import { expect, test } from 'vitest';
import type { AgentCard } from '../../domain/agent-card.ts';
import type { AgentResources } from '../../domain/agent-resources.ts';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import { agentLines, cardLines, templateLines, toldLines } from './agents.ts';

const developer: AgentCard = {
  role: 'developer',
  duty: 'Writes code.',
  way: 'building',
  model: 'sonnet',
  promptLimit: 50,
  githubIntegration: false,
  templates: [
    { name: 'instructions', text: 'You are\nthe developer.' },
    {
      name: 'mend-prompt',
      text: 'Mend\u001b[31m {{failures}}',
      override: '/home/me/.spiral/agents/developer/mend-prompt.md',
    },
  ],
};
const innovator: AgentCard = {
  ...developer,
  role: 'creative-innovator',
  duty: 'Finds other ways.',
  way: 'thinking',
  promptLimit: 1,
};

const busy: AgentResources = {
  role: 'developer',
  status: { kind: 'active', promptsRemaining: 3 },
  prompts: { spent: 12, limit: 20, renewsAt: '2026-11-23T00:00:00.000Z' },
  tasks: ['k3v9x2mq' as TaskId],
  conversations: [{ id: 'c0000001' as ConversationId, topic: 'work', messages: 2 }],
  sessions: 1,
  efficiency: 1.3,
  isInefficient: false,
};
const idle: AgentResources = {
  role: 'creative-innovator',
  status: { kind: 'idle' },
  prompts: { spent: 4 },
  tasks: [],
  conversations: [],
  sessions: 0,
  efficiency: 0.4,
  isInefficient: true,
};

test('the team is one line for each agent, with its prompts of the cycle and a mark at what is below its threshold', () => {
  expect(agentLines([developer, innovator], [busy, idle])).toEqual([
    '    Agent               Name       Status                  Prompts  Tasks  Conversations  Sessions  Efficiency',
    '💻  Developer           dev        active, 3 prompts left    12/20      1              1         1  1.30        Writes code.',
    '💡  Creative Innovator  innovator  idle                          4      0              0         0  0.40 ⚠️     Finds other ways.',
  ]);
});

test('where there is little room the duty goes first, then the short name, then conversations and sessions', () => {
  const headingOf = (columns: number) => {
    const lines = agentLines([developer, innovator], [busy, idle], columns);
    for (const line of lines) expect(line.length).toBeLessThan(columns);
    return [lines[0]?.trim().split(/\s+/).length, lines.join('\n').includes('Writes code.')];
  };
  expect([200, 120, 105, 80].map(headingOf)).toEqual([
    [8, true],
    [8, false],
    [7, false],
    [5, false],
  ]);
});

test('an agent that nothing can be compared with has no efficiency', () => {
  expect(agentLines([developer], [{ ...busy, efficiency: null }])[1]).toMatch(/1 {2}- +Writes code\.$/);
});

test('of whom the process coach was told is said below, with where its advice can be read', () => {
  const told = { ...idle, toldIn: 'c0000002' as ConversationId };
  expect(toldLines([busy, told])).toEqual([
    '',
    '⚠️  Creative Innovator: the Process Coach was told: spiral messages show c0000002',
  ]);
  expect(toldLines([busy, idle])).toEqual([]);
});

test('an agent is shown with how it works and where each of its templates comes from', () => {
  const lines = cardLines(developer).join('\n');
  expect(lines).toMatch(/^💻 Developer \(developer, dev\)\n {3}Writes code\.\n/);
  expect(lines).toContain('through Claude Code, with all its tools');
  expect(lines).toContain('Model:         sonnet');
  expect(lines).toContain('50 prompts for each task');
  expect(lines).toContain('- instructions: ours\n');
  expect(lines).toContain('- mend-prompt: your file /home/me/.spiral/agents/developer/mend-prompt.md\n');
  expect(lines).toContain('GitHub:        off\n');
  expect(cardLines({ ...developer, githubIntegration: true }).join('\n')).toContain('on, and nothing uses it yet');
  expect(cardLines(innovator).join('\n')).toContain('asks the model directly, without Claude Code');
});

test('templates are printed whole, and cannot steer the terminal', () => {
  expect(templateLines(developer)).toEqual([
    '── instructions (ours)',
    'You are',
    'the developer.',
    '',
    '── mend-prompt (your file /home/me/.spiral/agents/developer/mend-prompt.md)',
    'Mend {{failures}}',
  ]);
});
