import { expect, test } from 'vitest';
import { askTeammate } from '../../../src/workflows/converse/ask-teammate.ts';
import { saved } from '../store/examples.ts';
import { conversationStage, never } from './stage.ts';

const stage = conversationStage();
const questions = 8;
const allowance = { each: 2, all: 15 };

test('a developer that asks many questions at the same moment says no more than it may, and a person is asked once', async () => {
  const { needs, asked } = await stage.talking(({ message }) => `About ${message.text}: yes.`);
  const { id } = await saved(stage.store, { agent: 'developer' });
  const processes = [needs, { ...needs, store: await stage.anotherStore() }];
  const tools = processes.map((one) =>
    askTeammate(id, async () => ({ ...one, conversations: { ...one.conversations, allowance } })),
  );
  await Promise.all(
    Array.from({ length: questions }, (_, index) =>
      tools[index % tools.length]?.call(
        { agent: 'quality-assurance', question: `question ${index}` },
        { signal: never },
      ),
    ),
  );
  const [conversation] = await stage.store.conversations.ofTask(id);
  expect(conversation?.counts.developer).toBe(allowance.each);
  expect(await stage.store.questions.open()).toHaveLength(1);
  expect(asked.length).toBeLessThanOrEqual(allowance.each);
});
