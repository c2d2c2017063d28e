import { expect, test } from 'vitest';
import type { Message } from './message.ts';
import { openRequestTo, type PlanRequest } from './message-request.ts';

const request: PlanRequest = { kind: 'challenge', task: 'x', plan: { kind: 'plan', title: 'x', phases: [] } };
const result = { kind: 'challenges' as const, challenges: [] };
type Said = Pick<Message, 'author' | 'mentions' | 'request' | 'result'>;
const asked: Said = { author: 'project-manager', mentions: ['creative-innovator'], request };
const words: Said = { author: 'creative-innovator', mentions: ['project-manager'] };
const answered: Said = { author: 'creative-innovator', mentions: [], result };

test('a request is open until whoever it names has answered it in its shape; words do not end it', () => {
  expect(openRequestTo('creative-innovator', [asked])).toEqual(asked);
  expect(openRequestTo('creative-innovator', [asked, words])).toEqual(asked);
  expect(openRequestTo('creative-innovator', [asked, words, answered])).toBeUndefined();
  expect(openRequestTo('creative-innovator', [asked, answered, asked])).toEqual(asked);
});

test('nobody else has it, and the answer of somebody else does not end it', () => {
  expect(openRequestTo('decision-maker', [asked])).toBeUndefined();
  expect(openRequestTo('project-manager', [asked, words])).toBeUndefined();
  expect(openRequestTo('creative-innovator', [asked, { ...answered, author: 'decision-maker' }])).toEqual(asked);
});
