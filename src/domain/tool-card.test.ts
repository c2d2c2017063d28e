import { expect, test } from 'vitest';
import { cardLines, type ToolCard } from './tool-card.ts';

const request = {
  name: 'csv-to-json',
  description: 'Turns CSV into JSON',
  requestedBy: 'developer' as const,
  importance: 9,
  urgency: 8,
  isBlocking: true,
  similar: [],
};
const card: ToolCard = {
  kind: 'tool-assessment',
  recommendation: { decision: 'alternative', reason: 'There is one that does the same.' },
  alternatives: [
    { source: 'registry', name: 'tsv-to-json', fit: 'with another separator' },
    { source: 'mcp-server', name: 'spreadsheet-mcp', fit: 'does more' },
  ],
  effort: { agentHours: 2, prompts: 12 },
  benefit: 'One reader for all',
  facts: { workload: { developer: 2 }, similarRequests: 3, waitingTasks: 1 },
  priority: 72,
};

test('a card has every line that a human decides by, and says of what nobody has looked at', () => {
  expect(cardLines(request, card)).toEqual([
    'Tool: csv-to-json: Turns CSV into JSON',
    'Requested by: developer, whose task waits for it',
    'Priority: 72 (importance 9 × urgency 8)',
    'Effort: about 2 agent-hours, 12 prompts; there were no builds before',
    'Team: at work: developer 2',
    'Benefit: One reader for all (3 requests like it before, 1 task waits)',
    'The project manager would use an alternative: There is one that does the same.',
    'Alternatives:',
    '- tsv-to-json: with another separator',
    '- spreadsheet-mcp (unverified): does more',
  ]);
});

test('the effort stands beside what builds took so far', () => {
  const facts = { ...card.facts, workload: {}, pastBuilds: { count: 2, prompts: 21, usd: 1.5 } };
  const lines = cardLines(request, { ...card, facts, alternatives: [] });
  expect(lines[3]).toBe('Effort: about 2 agent-hours, 12 prompts; 2 builds so far took 11 prompts and $0.75 each');
  expect(lines[4]).toBe('Team: nobody has other work');
  expect(lines.at(-1)).toBe('Alternatives: none');
});
