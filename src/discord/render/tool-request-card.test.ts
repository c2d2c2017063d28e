import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskId, ToolRequestId } from '../../domain/identifiers.ts';
import { cardLines, type ToolCard } from '../../domain/tool-card.ts';
import type { ToolRequest } from '../../domain/tool-request.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import { toolRequest } from '../decisions/__fixtures__/questions.ts';
import { intentionOf } from '../decisions/custom-id.ts';
import { decisionSigns } from '../decisions/intention.ts';
import { problemOf } from './limits.ts';
import { answeredMessage, questionMessage } from './question-card.ts';

const request: ToolRequest = {
  id: 'r1' as ToolRequestId,
  name: 'csv-to-json',
  description: 'turns tables into JSON',
  urgency: 7,
  importance: 8,
  requirements: ['keeps the order'],
  examples: [],
  requestedBy: 'developer',
  isBlocking: true,
  workTask: 'k3v9x2mq' as TaskId,
  similar: [],
  filedAt: new Date('2026-11-22T11:00:00Z'),
};

const card: ToolCard = {
  kind: 'tool-assessment',
  recommendation: { decision: 'approve', reason: 'it is needed often' },
  alternatives: [
    { source: 'registry', name: 'table-reader', fit: 'reads, but writes no JSON' },
    { source: 'package', name: 'papaparse', fit: 'does it' },
  ],
  effort: { agentHours: 3, prompts: 20 },
  benefit: 'saves ten minutes a day',
  facts: {
    pastBuilds: { count: 2, prompts: 22, usd: 1.5 },
    workload: { developer: 2 },
    similarRequests: 3,
    waitingTasks: 1,
  },
  priority: 56,
};

test('a request for a tool is the card of the specification', () => {
  const [embed] = questionMessage(toolRequest, { request, card }).embeds ?? [];
  expect(embed?.title).toBe('🛠️ Tool Request Analysis');
  expect(embed?.description).toBe(
    [
      '**Tool**: csv-to-json: turns tables into JSON',
      '**Requesting Agent**: 🤖 Developer, whose task waits for it',
      '**Priority Score**: 56 (8 × 7)',
      '**Estimated Effort**: 3 agent-hours, 20 prompts; 2 builds so far took 11 prompts and $0.75 each',
      '**Team Availability**: at work: Developer 2',
      '**Benefit**: saves ten minutes a day (3 requests like it before, 1 task waits)',
      '',
      '**PM Recommendation**: build it: it is needed often',
      '',
      '**Alternatives**:',
      '- table-reader: reads, but writes no JSON',
      '- papaparse (unverified): does it',
      '',
      'React with:',
      '✅ Approve development',
      '🔄 Use alternative',
      '⏳ Defer for later',
      '❌ Reject request',
    ].join('\n'),
  );
});

test('its four buttons decide as the four reactions do', () => {
  const { components = [], files } = questionMessage(toolRequest, { request, card });
  const buttons = components.flatMap((row) => row.components);
  expect(buttons.map((button) => ('emoji' in button ? button.emoji?.name : undefined))).toEqual(
    Object.values(decisionSigns),
  );
  expect(buttons.map((button) => ('custom_id' in button ? intentionOf(button.custom_id) : undefined))).toEqual(
    decisionKinds.map((decision) => ({ kind: 'decide', questionId: toolRequest.id, decision })),
  );
  expect(files).toBeUndefined();
});

test('without an assessment the question itself stands there, and is decided in the same way', () => {
  const message = questionMessage({ ...toolRequest, text: 'developer asks for *x*' }, {});
  expect(message.embeds?.[0]?.description).toMatch(/^developer asks for \\\*x\\\*\n\nReact with:/);
  expect(message.components?.[0]?.components).toHaveLength(4);
});

test('once it is decided, nobody is told to react', () => {
  const message = answeredMessage(toolRequest, { elsewhere: true, answer: 'rejected' }, { request, card });
  expect(message.components).toEqual([]);
  expect(JSON.stringify(message.embeds)).not.toContain('React with');
});

test('what a card cannot take goes with it as a file, whole', () => {
  const long = { ...card, benefit: `${'much '.repeat(100)}END` };
  const text = cardLines(request, long).join('\n');
  const message = questionMessage({ ...toolRequest, text }, { request, card: long });
  expect(message.embeds?.[0]?.description).toContain('question.md');
  expect(message.embeds?.[0]?.description).not.toContain('END');
  expect(new TextDecoder().decode(message.files?.[0]?.content)).toContain('END');
});

test('no words of a model make a card that Discord refuses or that looks like ours', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 600 }),
    fc
      .constantFrom('*', '`', 'https://x ', '😀', '\n**Priority Score**: 100 (10 × 10)\n')
      .map((one) => one.repeat(300)),
  );
  const alternative = fc.record({ source: fc.constant('package' as const), name: words, fit: words });
  fc.assert(
    fc.property(words, fc.array(alternative, { maxLength: 6 }), (text, alternatives) => {
      const hostile = { ...card, benefit: text, alternatives, recommendation: { decision: 'defer', reason: text } };
      const message = questionMessage(toolRequest, {
        request: { ...request, description: text },
        card: hostile as ToolCard,
      });
      expect(problemOf(message)).toBeUndefined();
      expect(message.embeds?.[0]?.description?.match(/^\*\*Priority Score\*\*/gm)).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});
