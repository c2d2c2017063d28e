import { expect, test } from 'vitest';
import type { AgentRole } from '../../../src/domain/agent.ts';
import { readMail } from '../../../src/workflows/converse/read-mail.ts';
import { untilQuiet } from '../../../src/workflows/converse/until-quiet.ts';
import { soon } from '../gateway/stage.ts';
import { gate } from '../queue/gate.ts';
import { type Asked, conversationStage, never, says, typesOf } from './stage.ts';

const stage = conversationStage();
const uncertain = 'Shall we do it that way?';

test('told to stop in the middle of a reply it stops at once, and later the reply costs no second prompt', async () => {
  const id = await stage.opened({ members: ['quality-assurance'] });
  const begun = gate();
  const stop = new AbortController();
  let isSilent = true;
  const { needs } = await stage.talking(() => {
    if (!isSilent) return 'Yes.';
    begun.open();
    return { kind: 'hang' };
  });
  await says(id, '@qa well?', needs);
  const reading = readMail(id, needs, stop.signal);
  await begun.opened;
  stop.abort();
  expect(await reading).toEqual({ kind: 'stopped' });
  isSilent = false;
  // It was given back, and need not wait.
  expect(await readMail(id, needs, never)).toEqual({ kind: 'quiet' });
  expect((await stage.said(id))[1]).toBe('quality-assurance: Yes.');
  expect(typesOf(await stage.events(id), 'prompt.spent').length).toBe(1);
});

test('told to stop while it asks how relevant a message is, nothing is settled by words that do not say enough', async () => {
  const id = await stage.opened();
  const begun = gate();
  const stop = new AbortController();
  let isSilent = true;
  const { needs } = await stage.talking(({ what }) => {
    if (isSilent) {
      begun.open();
      return { kind: 'hang' };
    }
    return what === 'relevance' ? { developer: 9, 'project-manager': 0, 'quality-assurance': 0 } : 'Yes.';
  });
  await says(id, uncertain, needs);
  const reading = readMail(id, needs, stop.signal);
  await begun.opened;
  stop.abort();
  expect(await reading).toEqual({ kind: 'stopped' });
  isSilent = false;
  await untilQuiet(id, needs, never);
  expect((await stage.said(id))[1]).toBe('developer: Yes.');
});

test('a summary that was broken off is made anew', async () => {
  const id = await stage.opened({ members: ['developer', 'quality-assurance'] });
  const begun = gate();
  const stop = new AbortController();
  let isSilent = true;
  const { needs, asked } = await stage.talking(({ what }) => {
    if (what !== 'summary') return 'Yes.';
    if (!isSilent) return 'The model has summed it up.';
    begun.open();
    return { kind: 'hang' };
  });
  for (let time = 0; time < 5; time += 1) {
    await stage.store.conversations.publish({
      conversationId: id,
      key: `long-${time}`,
      author: 'human',
      text: 'So it goes on. '.repeat(100),
      mentions: [],
    });
  }
  const changed = { ...needs, conversations: { ...needs.conversations, maxTokens: 1_000 } };
  await says(id, '@qa well?', needs);
  await stage.store.pool.query('update spiral.mail set settled_at = now() where conversation_id = $1 and number < 6', [
    id,
  ]);
  const reading = readMail(id, changed, stop.signal);
  await begun.opened;
  stop.abort();
  expect(await reading).toEqual({ kind: 'stopped' });
  expect((await stage.store.conversations.get(id))?.memory).toEqual({ summary: '', upTo: 0 });
  isSilent = false;
  await untilQuiet(id, changed, never);
  expect((await stage.store.conversations.get(id))?.memory.summary).toBe('The model has summed it up.');
  expect(asked.find(({ what }) => what === 'reply')?.prompt).toContain('The model has summed it up.');
});

test('whoever lost its connection between prompt and reply adds nothing to what its successor said', async () => {
  const id = await stage.opened();
  const begun = gate();
  const mayAnswer = gate();
  const { needs, asked } = await stage.talking(async (one) => {
    if (one.what !== 'reply') return { developer: 0, 'project-manager': 0, 'quality-assurance': 0 };
    if (asked.filter(({ what }) => what === 'reply').length > 1) return 'From the second.';
    begun.open();
    await mayAnswer.opened;
    return 'From the first.';
  });
  const victim = await stage.anotherStore('victim');
  await says(id, '@qa well?', needs);
  const first = readMail(id, { ...needs, store: victim }, never);
  await begun.opened;
  expect(await readMail(id, needs, never)).toEqual({ kind: 'busy' });
  await stage.store.pool.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
     where datname = current_database() and application_name like 'victim%'`,
  );
  await stage.letTimePass(id);
  expect(await untilQuiet(id, needs, never)).toEqual({ kind: 'quiet' });
  mayAnswer.open();
  expect(await first).toEqual({ kind: 'quiet' });
  expect(await stage.said(id)).toEqual(['human: @qa well?', 'quality-assurance: From the second.']);
  expect(typesOf(await stage.events(id), 'prompt.spent').length).toBe(1);
});

test('a message that comes while the last mail is settled is read as well', async () => {
  const id = await stage.opened();
  const { needs } = await stage.talking(() => 'Yes.');
  const { conversations } = stage.store;
  let sends = 1;
  const late = {
    ...needs,
    store: {
      ...stage.store,
      conversations: {
        ...conversations,
        async claim(...given: Parameters<typeof conversations.claim>) {
          const claim = await conversations.claim(...given);
          return (
            claim && {
              async release() {
                // Whoever is woken by it finds us at it still.
                if (sends-- > 0) await says(id, '@qa one more?', needs);
                expect(await readMail(id, needs, never)).toEqual({ kind: 'busy' });
                await claim.release();
              },
            }
          );
        },
      },
    },
  };
  expect(await readMail(id, late, never)).toEqual({ kind: 'quiet' });
  expect(await stage.said(id)).toEqual(['human: @qa one more?', 'quality-assurance: Yes.']);
});

test('two processes read the same conversations at once: each mail is handled once and every limit holds', async () => {
  const members = ['developer', 'project-manager', 'quality-assurance', 'decision-maker'] as const;
  const ids = await Promise.all(
    [1, 2, 3].map((each) =>
      stage.opened({ members, topic: `${each} of each`, allowance: { each, all: 2 * each + 1 } }),
    ),
  );
  const everybody = '@dev @pm @qa @dm what now?';
  const { needs, asked } = await stage.talking(() => everybody);
  const other = { ...needs, store: await stage.anotherStore() };
  for (const id of ids) for (let time = 0; time < 5; time += 1) await says(id, everybody, needs);
  const ends = await Promise.all(
    ids.flatMap((id) => [needs, other, needs, other].map((one) => untilQuiet(id, one, never))),
  );
  expect(new Set(ends.map(({ kind }) => kind))).toEqual(new Set(['escalated']));
  for (const [index, id] of ids.entries()) {
    const conversation = await stage.store.conversations.get(id);
    const { each, all } = conversation?.allowance ?? { each: 0, all: 0 };
    const counts = members.map((member) => conversation?.counts[member] ?? 0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(each);
    expect(counts.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(all);
    const events = await stage.events(id);
    expect(typesOf(events, 'question.asked').length).toBe(1);
    expect(typesOf(events, 'prompt.spent').length).toBe(counts.reduce((sum, count) => sum + count));
    expect(repeated(handledIn(events)), `conversation ${index}`).toEqual([]);
  }
  expect(repeated(asked.map(nameOf))).toEqual([]);
});

test('where claims are lost without a word, and several handle one conversation, the limits hold all the same', async () => {
  const members = ['developer', 'project-manager', 'quality-assurance'] as const;
  const id = await stage.opened({ members, allowance: { each: 2, all: 4 } });
  const { needs } = await stage.talking(() => 'And what now, @dev @pm @qa?');
  const everybody = [stage.store, await stage.anotherStore(), await stage.anotherStore()].map((store) => {
    const conversations = { ...store.conversations, claim: async () => ({ release: async () => undefined }) };
    return { ...needs, store: { ...store, conversations } };
  });
  for (let time = 0; time < 3; time += 1) await says(id, '@dev @pm @qa what now?', needs);
  for (const end of await Promise.all(everybody.map((one) => untilQuiet(id, one, never)))) {
    expect(end).toMatchObject({ kind: 'escalated' });
  }
  const counts = (await stage.store.conversations.get(id))?.counts ?? {};
  const sent = members.map((member) => counts[member] ?? 0);
  expect(Math.max(...sent)).toBeLessThanOrEqual(2);
  expect(sent.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(4);
  const events = await stage.events(id);
  expect(typesOf(events, 'question.asked').length).toBe(1);
  expect(repeated(handledIn(events))).toEqual([]);
});

test('whoever waits for a conversation that another process reads learns of its end', async () => {
  const id = await stage.opened();
  const begun = gate();
  const mayAnswer = gate();
  const { needs } = await stage.talking(async ({ what }) => {
    if (what !== 'reply') return { developer: 0, 'project-manager': 0, 'quality-assurance': 0 };
    begun.open();
    await mayAnswer.opened;
    return 'Yes.';
  });
  const other = { ...needs, store: await stage.anotherStore() };
  await says(id, '@qa well?', needs);
  const reading = readMail(id, other, never);
  await begun.opened;
  let isOver = false;
  const waiting = untilQuiet(id, needs, never).finally(() => {
    isOver = true;
  });
  expect(await readMail(id, needs, never)).toEqual({ kind: 'busy' });
  expect(isOver).toBe(false);
  mayAnswer.open();
  expect(await waiting).toEqual({ kind: 'quiet' });
  expect(await reading).toEqual({ kind: 'quiet' });
  await expect.poll(() => stage.said(id), soon).toEqual(['human: @qa well?', 'quality-assurance: Yes.']);
});

function nameOf({ agent, what, message, prompt }: Asked): string {
  return `${agent} ${what} ${message.number} ${prompt}`;
}

/** Which mail was settled, by whom, as the events tell. */
function handledIn(events: Awaited<ReturnType<typeof stage.events>>): string[] {
  return events.flatMap((event) => {
    if (event.type === 'message.declined') return [letter(event.agent, event.number)];
    if (event.type === 'message.sent' && event.author !== 'human') return [letter(event.author, event.answers ?? 0)];
    return [];
  });
}

function letter(agent: AgentRole, number: number): string {
  return `${agent} ${number}`;
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
