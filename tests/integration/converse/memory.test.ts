import { expect, test } from 'vitest';
import { untilQuiet } from '../../../src/workflows/converse/until-quiet.ts';
import { type Asked, conversationStage, never, says } from './stage.ts';

const stage = conversationStage();
const members = ['developer', 'quality-assurance'] as const;
const fact = 'The port of the staging server is 48213.';
const maxTokens = 1_000;

/** A model that keeps what it is told to keep, or says nothing that can be used. */
function summingUp(kind: 'able' | 'unable') {
  return ({ what, prompt }: Asked) => {
    if (what !== 'summary') return 'I see.';
    if (kind === 'unable') return { developer: 1 };
    return `The talk was about colours. ${prompt.includes(fact) ? fact : ''}`;
  };
}

test.each(['able', 'unable'] as const)(
  'a fact of the first message is still told after 200 messages, by a model that is %s to sum up',
  async (kind) => {
    const id = await stage.opened({ members, allowance: { each: 500, all: 500 } });
    const { needs, asked } = await stage.talking(summingUp(kind));
    const remembering = { ...needs, conversations: { ...needs.conversations, maxTokens } };
    for (let part = 0; part < 4; part += 1) {
      if (part === 0) await says(id, fact, needs, { author: 'developer' });
      for (let number = 0; number < 50; number += 1) {
        await says(id, `We went on about colour ${part}.${number} and came to no end.`, needs, { author: 'developer' });
      }
      await stage.store.pool.query('update spiral.mail set settled_at = now() where conversation_id = $1', [id]);
      await says(id, '@qa what is the port of the staging server?', needs);
      await untilQuiet(id, remembering, never);
    }
    const replies = asked.filter(({ agent, what }) => agent === 'quality-assurance' && what === 'reply');
    expect(replies.length).toBe(4);
    for (const { prompt } of replies) {
      expect(prompt).toContain(fact);
      expect(prompt.length).toBeLessThan(maxTokens * 4 * 2 + 4_000);
    }
    // Seldom, and for many messages at once.
    expect(asked.filter(({ what }) => what === 'summary').length).toBeLessThan(20);
    const memory = (await stage.store.conversations.get(id))?.memory;
    expect(memory?.upTo).toBeGreaterThan(150);
    expect(memory?.summary.length).toBeLessThan(maxTokens * 4);
  },
);

test('a message as long as a book is told in part, whoever is asked what about it', async () => {
  const id = await stage.opened({ members });
  const { needs, asked } = await stage.talking(({ what }) =>
    what === 'relevance' ? { developer: 0, 'quality-assurance': 0 } : 'I see.',
  );
  await says(id, `Shall we do it that way, @qa? ${'So it was said. '.repeat(60_000)}`, needs);
  await untilQuiet(id, needs, never);
  await says(id, '@dev and you?', needs);
  await untilQuiet(id, needs, never);
  expect(asked.filter(({ what }) => what === 'reply').map(({ agent }) => agent)).toEqual([
    'quality-assurance',
    'developer',
  ]);
  for (const { prompt } of asked) expect(prompt.length).toBeLessThan(40_000);
});

test('whoever answers as the second knows what the first has answered', async () => {
  const id = await stage.opened({ members });
  const { needs, asked } = await stage.talking(({ agent, what }) =>
    what === 'relevance' ? { developer: 0, 'quality-assurance': 0 } : `The answer of the ${agent}.`,
  );
  await says(id, '@qa @dev what now?', needs);
  await untilQuiet(id, needs, never);
  const [first, second] = asked.filter(({ message }) => message.number === 1);
  expect(first?.agent).toBe('developer');
  expect(second?.agent).toBe('quality-assurance');
  expect(second?.prompt).toContain('The answer of the developer.');
});

test('where thousands of short messages fit, the newest of them are told', async () => {
  const id = await stage.opened({ members });
  const { needs, asked } = await stage.talking(summingUp('able'));
  await stage.store.pool.query(
    `insert into spiral.messages (conversation_id, number, key, author, text, mentions)
     select $1, n, 'old-' || n, 'human', case when n = 1 then $2 else 'message ' || n end, '{}' from generate_series(1, 1200) n`,
    [id, fact],
  );
  await stage.store.pool.query(
    `update spiral.conversations set last_number = 1200, counts = '{"human": 1200}' where id = $1`,
    [id],
  );
  await says(id, '@qa what now?', needs);
  await untilQuiet(id, { ...needs, conversations: { ...needs.conversations, maxTokens: 1_000_000 } }, never);
  const prompt = asked.find(({ what }) => what === 'reply')?.prompt;
  expect(prompt).toContain('"message 1200"');
  expect(prompt).toContain(fact);
});

test('more than fits into one question is summed up in its own words, and no model is asked', async () => {
  const id = await stage.opened({ members });
  const { needs, asked } = await stage.talking(summingUp('able'));
  await stage.store.pool.query(
    `insert into spiral.messages (conversation_id, number, key, author, text, mentions)
     select $1, n, 'old-' || n, 'human', case when n = 1 then $2 else repeat('So it goes on. ', 40) end, '{}'
     from generate_series(1, 400) n`,
    [id, fact],
  );
  await stage.store.pool.query(
    `update spiral.conversations set last_number = 400, counts = '{"human": 400}' where id = $1`,
    [id],
  );
  await says(id, '@qa what now?', needs);
  await untilQuiet(id, { ...needs, conversations: { ...needs.conversations, maxTokens } }, never);
  expect(asked.map(({ what }) => what)).not.toContain('summary');
  expect(asked.find(({ what }) => what === 'reply')?.prompt).toContain(fact);
});
