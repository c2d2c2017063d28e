import { expect, test } from 'vitest';
import type { AgentCard } from '../../domain/agent-card.ts';
import { agentLines, cardLines, templateLines } from './agents.ts';

const developer: AgentCard = {
  role: 'developer',
  duty: 'Writes code.',
  way: 'building',
  model: 'sonnet',
  promptLimit: 50,
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

test('the team is one line for each agent', () => {
  const statusOf = (role: string) =>
    role === 'developer' ? ({ kind: 'active', promptsRemaining: 3 } as const) : ({ kind: 'idle' } as const);
  expect(agentLines([developer, innovator], statusOf)).toEqual([
    '💻  Developer           dev        active, 3 prompts left  50 prompts  Writes code.',
    '💡  Creative Innovator  innovator  idle                    1 prompt    Finds other ways.',
  ]);
});

test('an agent is shown with how it works and where each of its templates comes from', () => {
  const lines = cardLines(developer).join('\n');
  expect(lines).toMatch(/^💻 Developer \(developer, dev\)\n {3}Writes code\.\n/);
  expect(lines).toContain('through Claude Code, with all its tools');
  expect(lines).toContain('Model:         sonnet');
  expect(lines).toContain('50 prompts for each task');
  expect(lines).toContain('- instructions: ours\n');
  expect(lines).toContain('- mend-prompt: your file /home/me/.spiral/agents/developer/mend-prompt.md\n');
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
