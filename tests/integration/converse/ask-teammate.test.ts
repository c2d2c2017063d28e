import { expect, test } from 'vitest';
import { askTeammate } from '../../../src/workflows/converse/ask-teammate.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { saved } from '../store/examples.ts';
import { conversationStage, never } from './stage.ts';

const stage = conversationStage();
const allowance = { each: 1, all: 15 };

async function developer(needs: ConverseNeeds) {
  const { id } = await saved(stage.store, { agent: 'developer' });
  const tool = askTeammate(id, async () => needs);
  const ask = async (question: string) =>
    (await tool.call({ agent: 'quality-assurance', question }, { signal: never })).text;
  const questions = async () => (await stage.store.questions.open()).filter(({ taskId }) => taskId === id);
  return { ask, questions };
}

test('whoever has used its messages to a team-mate brings it before a person at once, and once', async () => {
  const { needs, asked } = await stage.talking(() => 'Passwords.');
  const { ask, questions } = await developer({ ...needs, conversations: { ...needs.conversations, allowance } });
  expect(await ask('What must a note never hold?')).toBe('Passwords.');
  expect(await questions()).toEqual([]);
  expect(await ask('And what else?')).toContain('A person was asked');
  expect(await ask('Not even names?')).toContain('A person was asked');
  expect(await questions()).toMatchObject([
    { kind: 'question', text: expect.stringContaining('developer has used its messages to quality-assurance') },
  ]);
  expect(asked).toHaveLength(1);
});

test('when the person lets them go on the next question is answered; when not, nobody is asked again', async () => {
  const { needs } = await stage.talking(() => 'Names too.');
  const { ask, questions } = await developer({ ...needs, conversations: { ...needs.conversations, allowance } });
  await ask('What must a note never hold?');
  await ask('And what else?');
  const [question] = await questions();
  await stage.store.questions.answer(question?.id ?? '', { kind: 'chosen', choice: 'continue', text: '2' }, 'human');
  expect(await ask('And what else?')).toBe('Names too.');
  expect(await ask('Really?')).toContain('You have used your messages');
  expect(await questions()).toEqual([]);
});

test('an answer that is there is given again without a message, even while a person is asked', async () => {
  const first = await stage.talking(() => 'Passwords.');
  const { ask } = await developer({ ...first.needs, conversations: { ...first.needs.conversations, allowance } });
  await ask('What must a note never hold?');
  await ask('And what else?');
  expect(await ask('What must a note never hold?')).toBe('Passwords.');
  expect(first.asked).toHaveLength(1);
});
