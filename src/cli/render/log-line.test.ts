import { expect, test } from 'vitest';
import type { News } from '../../domain/event.ts';
import type { ConversationId } from '../../domain/identifiers.ts';
import { phaseOver, projectReport } from '../__fixtures__/projects.ts';
import { taskId } from '../__fixtures__/tasks.ts';
import { logLine } from './log-line.ts';

const logged = (news: News) => logLine({ id: 7, at: '2026-01-01T10:20:30.000Z', ...news });

test('an event is a line with its position, its time in UTC, its task, its type and its most telling words', () => {
  expect(logged({ type: 'task.resumed', taskId, reason: 'granted' })).toBe(
    '     7  2026-01-01 10:20:30  k3v9x2mq  task.resumed      granted',
  );
});

test('what the model says is quoted, and nothing can steer the terminal', () => {
  expect(logged({ type: 'progress', taskId, text: '\u001b[2JDone', by: 'model' })).toContain('“Done”');
});

test.each<[News, string]>([
  [
    { type: 'budget.granted', taskId, scope: 'all', measure: 'tokens', amount: 5_000, by: 'human' },
    '5,000 tokens for all (human)',
  ],
  [{ type: 'tests.missing', taskId, how: 'skipped', count: 2, tests: ['adds', 'sums'] }, '2 skipped: adds, sums'],
  [{ type: 'question.answered', taskId, questionId: 'q1', answer: 'refused', by: 'human' }, 'refused (human)'],
  [
    {
      type: 'agent.inefficient',
      taskId,
      conversationId: 'c0000001' as ConversationId,
      agent: 'creative-innovator',
      efficiency: 0.4,
      expected: 1,
      median: 1.05,
      tasks: 12,
      since: '2026-10-24T10:20:30.000Z',
    },
    'Creative Innovator: efficiency 0.40, threshold 1, team median 1.05, 12 tasks since 2026-10-24; the coach is told',
  ],
  [{ type: 'agent.asked', taskId, agent: 'process-coach', question: 'coaching' }, 'process-coach: coaching'],
  [
    {
      type: 'agent.answered',
      taskId,
      agent: 'decision-maker',
      question: 'decision',
      durationMs: 8_000,
      askedAgain: true,
    },
    'decision-maker: decision, after 8.0 s, asked twice',
  ],
  [phaseOver(1, 2), '1 of 2 done: Core authentication'],
  [
    { type: 'project.finished', taskId, projectId: taskId, report: projectReport },
    'succeeded, verified: User authentication',
  ],
  [
    { type: 'task.waiting', taskId, reason: 'usage limit', until: '2026-01-01T12:00:00Z' },
    'until 2026-01-01T12:00:00Z: usage limit',
  ],
])('%o tells what matters of it', (news, text) => expect(logged(news)).toContain(text));
