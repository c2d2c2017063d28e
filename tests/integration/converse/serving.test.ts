import { afterEach, describe, expect } from 'vitest';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import type { Queue } from '../../../src/queue/queue.ts';
import type { ConverseNeeds } from '../../../src/workflows/converse/needs.ts';
import { serveMail, wakeThrough } from '../../../src/workflows/converse/serve-mail.ts';
import { soon } from '../gateway/stage.ts';
import { backends } from '../queue/backends.ts';
import { gate } from '../queue/gate.ts';
import { queuesOn } from '../queue/queues.ts';
import { type Asked, conversationStage, says, typesOf } from './stage.ts';

const stage = conversationStage();
const members = ['developer', 'project-manager', 'quality-assurance'] as const;
const nobody = { developer: 0, 'project-manager': 0, 'quality-assurance': 0 };
const plainAnswer = ({ what }: Asked) => (what === 'reply' ? 'Yes.' : nobody);

describe.each(backends)('mail that is served by way of $name', (backend) => {
  const { test } = backend;
  const { open, openBehindRelay } = queuesOn(backend);
  const serving: { stop: AbortController; over: Promise<void> }[] = [];

  // Before the queues are closed, which is what was registered first.
  afterEach(stopServing);

  async function stopServing(): Promise<void> {
    for (const { stop } of serving) stop.abort();
    await Promise.all(serving.splice(0).map(({ over }) => over));
  }

  /** One more process that works on mail. */
  async function served(queue: Queue, needs: ConverseNeeds): Promise<void> {
    const stop = new AbortController();
    const ready = gate();
    serving.push({ stop, over: serveMail(queue, needs, stop.signal, ready.open) });
    await ready.opened;
  }

  function isRead(id: ConversationId) {
    return expect.poll(async () => (await stage.store.conversations.get(id))?.unread, { timeout: 20_000 }).toBe(0);
  }

  test('two processes handle the mail of many conversations, each mail once, and every limit holds', async () => {
    const { needs } = await stage.talking(plainAnswer);
    const queues = [open(), open()] as const;
    const other = await stage.anotherStore();
    await served(queues[0], { ...needs, wake: wakeThrough(queues[0], () => undefined) });
    await served(queues[1], { ...needs, store: other, wake: wakeThrough(queues[1], () => undefined) });
    const publisher = { ...needs, wake: wakeThrough(queues[0], () => undefined) };
    const ids = await Promise.all(Array.from({ length: 4 }, () => stage.opened({ members })));
    await Promise.all(
      ids.map(async (id) => {
        for (let time = 0; time < 3; time += 1) await says(id, '@dev @pm @qa well?', publisher);
      }),
    );
    for (const id of ids) {
      await isRead(id);
      const conversation = await stage.store.conversations.get(id);
      expect(conversation?.counts).toEqual({ human: 3, developer: 3, 'project-manager': 3, 'quality-assurance': 3 });
      const events = await stage.events(id);
      const replies = typesOf(events, 'message.sent').flatMap((event) =>
        event.type === 'message.sent' && event.author !== 'human' ? [`${event.author} ${event.answers}`] : [],
      );
      expect(new Set(replies).size).toBe(9);
      expect(replies.length).toBe(9);
      expect(typesOf(events, 'prompt.spent').length).toBe(9);
    }
  });

  test('a message that nobody was told of is found', async () => {
    const { needs } = await stage.talking(plainAnswer);
    const id = await stage.opened({ members });
    await says(id, '@qa well?', needs);
    await served(open(), needs);
    await isRead(id);
    expect(await stage.said(id)).toEqual(['human: @qa well?', 'quality-assurance: Yes.']);
  });

  test('a queue that is away keeps no message back, and what was said meanwhile is answered when it is there again', async () => {
    const { needs } = await stage.talking(plainAnswer);
    const { queue, relay } = await openBehindRelay();
    const told: string[] = [];
    const publisher = { ...needs, wake: wakeThrough(queue, (problem) => told.push(problem)) };
    const id = await stage.opened({ members });
    await served(queue, publisher);
    await says(id, '@dev before?', publisher);
    await isRead(id);
    await relay.cut();
    expect(await says(id, '@qa meanwhile?', publisher)).toMatchObject({ author: 'human' });
    await expect.poll(() => told.length, soon).toBeGreaterThan(0);
    await relay.restore();
    await isRead(id);
    await says(id, '@pm afterwards?', publisher);
    await isRead(id);
    expect((await stage.said(id)).filter((line) => !line.startsWith('human'))).toEqual([
      'developer: Yes.',
      'quality-assurance: Yes.',
      'project-manager: Yes.',
    ]);
  });

  test('whoever stops leaves no mail half done', async () => {
    const begun = gate();
    const { needs, asked } = await stage.talking(({ what }) => {
      if (what !== 'reply') return nobody;
      if (asked.filter((one) => one.what === 'reply').length > 1) return 'Yes.';
      begun.open();
      return { kind: 'hang' };
    });
    const id = await stage.opened({ members });
    const queue = open();
    const publisher = { ...needs, wake: wakeThrough(queue, () => undefined) };
    await served(queue, publisher);
    await says(id, '@qa well?', publisher);
    await begun.opened;
    await stopServing();
    expect(await stage.said(id)).toEqual(['human: @qa well?']);
    await served(open(), needs);
    await isRead(id);
    expect(await stage.said(id)).toEqual(['human: @qa well?', 'quality-assurance: Yes.']);
    expect(typesOf(await stage.events(id), 'prompt.spent').length).toBe(1);
  });

  test('what has no budget is not tried again and again, and keeps nobody else waiting', async () => {
    const { needs, asked } = await stage.talking(plainAnswer);
    const id = await stage.opened({ members: ['quality-assurance'] }, { promptLimit: 0 });
    let paid = 0;
    const { conversations } = stage.store;
    const counting = {
      ...needs,
      store: {
        ...stage.store,
        conversations: {
          ...conversations,
          pay(...given: Parameters<typeof conversations.pay>) {
            if (given[0].message.conversationId === id) paid += 1;
            return conversations.pay(...given);
          },
        },
      },
    };
    await says(id, '@qa well?', needs);
    await served(open(), counting);
    await expect.poll(() => paid, soon).toBe(1);
    const other = await stage.opened({ members });
    // Found by looking, so it looked once more since.
    await says(other, '@qa well?', needs);
    await isRead(other);
    expect(paid).toBe(1);
    expect(asked.every(({ message }) => message.text !== '')).toBe(true);
    expect(await stage.store.conversations.get(id)).toMatchObject({ unread: 1, dead: 0 });
    await stage.store.conversations.close(id, 'the test is over');
  });
});
