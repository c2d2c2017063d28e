import { expect, test } from 'vitest';
import { limitsOf } from '../../../src/domain/budget.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { untilQuiet } from '../../../src/workflows/converse/until-quiet.ts';
import { conversationStage, never, says, typesOf, unexpected } from './stage.ts';

const stage = conversationStage();
const uncertain = 'Shall we do it that way?';
type Limits = Partial<Parameters<typeof limitsOf>[0]>;

function limited(needs: ConverseNeeds, limits: Limits): ConverseNeeds {
  const all = { task: {}, agent: {}, project: {}, night: {}, all: {}, ...limits };
  return {
    ...needs,
    budget: {
      ...needs.budget,
      limitsOf: ({ id, agent, project, night }) =>
        limitsOf(all, { taskId: id, agent, project, ...(night === undefined ? {} : { night: night.name }) }),
    },
  };
}

test('what agents say for a project uses the prompts of the project', async () => {
  const id = await stage.opened({}, { agent: 'project-manager' });
  const { needs } = await stage.talking(() => 'Yes.');
  await says(id, '@dev @qa well?', needs);
  const end = await untilQuiet(id, limited(needs, { project: { prompts: 1 } }), never);
  const { taskId } = (await stage.store.conversations.get(id)) ?? {};
  expect(end).toMatchObject({ kind: 'short', shortage: { scope: `project:${taskId}`, measure: 'prompts', spent: 1 } });
  expect((await stage.said(id)).length).toBe(2);
});

test('each reply is spent by its author', async () => {
  const id = await stage.opened({ members: ['developer', 'quality-assurance'] });
  const { needs } = await stage.talking(() => 'Thanks!');
  await says(id, '@dev well?', needs);
  await says(id, '@qa well?', needs);
  await says(id, '@qa and now?', needs);
  await untilQuiet(id, needs, never);
  const spent = typesOf(await stage.events(id), 'prompt.spent');
  expect(spent).toMatchObject([
    { agent: 'developer', used: 1 },
    { agent: 'quality-assurance', used: 2 },
    { agent: 'quality-assurance', used: 3 },
  ]);
});

test('requests that nobody else books are asked for only where something is left, and booked', async () => {
  const id = await stage.opened({ members: ['quality-assurance'] });
  const { needs, asked } = await stage.talking(() => 'Yes.');
  const unmetered = { ...needs, llm: { ...needs.llm, isMetered: false } };
  await says(id, '@qa well?', needs);
  const end = await untilQuiet(id, limited(unmetered, { all: { usd: 0 } }), never);
  expect(end).toMatchObject({ kind: 'short', shortage: { measure: 'usd' } });
  expect(asked).toEqual([]);
  expect(await untilQuiet(id, unmetered, never)).toEqual({ kind: 'quiet' });
  const { taskId } = (await stage.store.conversations.get(id)) ?? {};
  const { rows } = await stage.store.pool.query(
    'select agent, estimated from spiral.requests where task_id = $1 and estimated and settled_at is not null',
    [taskId],
  );
  expect(rows).toEqual([{ agent: 'quality-assurance', estimated: true }]);
});

test('how relevant a message is stays open while there is no budget to ask', async () => {
  const id = await stage.opened();
  const { needs, asked } = await stage.talking(({ what }) =>
    what === 'relevance' ? { developer: 8, 'project-manager': 0, 'quality-assurance': 0 } : 'Thanks!',
  );
  const unmetered = { ...needs, llm: { ...needs.llm, isMetered: false } };
  await says(id, uncertain, needs);
  expect(await untilQuiet(id, limited(unmetered, { all: { usd: 0 } }), never)).toMatchObject({ kind: 'short' });
  expect(asked).toEqual([]);
  expect(await untilQuiet(id, unmetered, never)).toEqual({ kind: 'quiet' });
  expect(await stage.said(id)).toEqual([`human: ${uncertain}`, 'developer: Thanks!']);
});

test('a model that plays a part says nothing in the conversations of others', async () => {
  const id = await stage.opened();
  const { needs } = await stage.talking(unexpected);
  await says(id, '@qa well?', needs);
  const playing = { ...needs, conversations: { ...needs.conversations, maySpeakIn: () => false } };
  expect(await untilQuiet(id, playing, never)).toEqual({ kind: 'stopped' });
  expect(await stage.store.conversations.get(id)).toMatchObject({ unread: 3, dead: 0 });
});
