import { expect, test } from 'vitest';
import { wordsOfRequest } from '../../../src/agents/plan-words.ts';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import type { PlanRequest } from '../../../src/domain/message-request.ts';
import { asJson } from '../../../src/rehearsal/team/cast.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { publish } from '../../../src/workflows/converse/publish.ts';
import { untilQuiet } from '../../../src/workflows/converse/until-quiet.ts';
import { conversationStage, never } from './stage.ts';

const stage = conversationStage();
const members = ['project-manager', 'decision-maker', 'creative-innovator'] as const;
const challenges = {
  kind: 'challenges' as const,
  challenges: [{ about: 'Counting', challenge: 'It splits at spaces.', instead: 'Split at everything.' }],
};
const request: PlanRequest = {
  kind: 'challenge',
  task: 'Count words',
  plan: { kind: 'plan', title: 'Word counter', phases: [] },
};
const inquiry = { kind: 'inquiry', agent: 'project-manager', question: 'Which languages have to work?' };

function requested(conversationId: ConversationId, needs: ConverseNeeds) {
  const text = wordsOfRequest(request);
  const mentions = ['creative-innovator'] as const;
  return publish({ conversationId, key: 'challenge', author: 'project-manager', text, mentions, request }, needs);
}

test('a request is answered in its shape by whoever it names; the others say nothing, and no model is asked why', async () => {
  const id = await stage.opened({ members: [...members] });
  const { needs, asked } = await stage.talking(() => asJson(challenges));
  await requested(id, needs);
  expect(await untilQuiet(id, needs, never)).toEqual({ kind: 'quiet' });
  expect(asked.map(({ agent }) => agent)).toEqual(['creative-innovator']);
  const [, answer] = await stage.store.conversations.messages(id, 0, 10);
  expect(answer).toMatchObject({ author: 'creative-innovator', answers: 1, result: challenges });
  expect(answer?.text).toBe('1. Counting: It splits at spaces. Instead: Split at everything.');
});

test('whoever is asked may ask back, gets the answer in the conversation, and answers then', async () => {
  const id = await stage.opened({ members: [...members] });
  const { needs, asked } = await stage.talking(({ agent, prompt }) => {
    if (agent === 'project-manager') return 'All of them.';
    return asJson(prompt.includes('All of them.') ? challenges : inquiry);
  });
  await requested(id, needs);
  expect(await untilQuiet(id, needs, never)).toEqual({ kind: 'quiet' });
  expect(asked.map(({ agent }) => agent)).toEqual(['creative-innovator', 'project-manager', 'creative-innovator']);
  expect((await stage.said(id)).slice(1)).toEqual([
    'creative-innovator: Which languages have to work?',
    'project-manager: All of them.',
    'creative-innovator: 1. Counting: It splits at spaces. Instead: Split at everything.',
  ]);
  const prompts = (await stage.events(id)).filter(({ type }) => type === 'prompt.spent');
  expect(prompts).toHaveLength(3);
});

test('with one message left an agent is not offered to ask, and an inquiry is no answer then', async () => {
  const id = await stage.opened({ members: [...members], allowance: { each: 1, all: 15 } });
  const { needs, asked } = await stage.talking(() => asJson(inquiry));
  await requested(id, needs);
  expect(await untilQuiet(id, needs, never)).toEqual({ kind: 'quiet' });
  expect(asked).toHaveLength(2); // The same question once more.
  expect(asked[0]?.prompt).toContain('nobody, answer now');
  expect(await stage.said(id)).toHaveLength(1);
  const declined = (await stage.events(id)).find(
    (event) => event.type === 'message.declined' && event.agent === 'creative-innovator',
  );
  expect(declined).toMatchObject({ reason: expect.stringContaining('no usable answer') });
});

test('what a person says in between is told to whoever is asked next', async () => {
  const id = await stage.opened({ members: [...members] });
  const { needs, asked } = await stage.talking(({ agent }) =>
    agent === 'creative-innovator' ? asJson(challenges) : 'Yes.',
  );
  const said = { conversationId: id, key: 'person', author: 'human', mentions: [] } as const;
  await publish({ ...said, text: 'Thank you all. Only English matters.' }, needs);
  await requested(id, needs);
  await untilQuiet(id, needs, never);
  expect(asked.find(({ agent, message }) => agent === 'creative-innovator' && message.number !== 1)?.prompt).toContain(
    'Only English matters.',
  );
});
