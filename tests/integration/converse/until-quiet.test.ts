import { expect, test } from 'vitest';
import { readMail } from '../../../src/workflows/converse/read-mail.ts';
import { untilQuiet } from '../../../src/workflows/converse/until-quiet.ts';
import { gate } from '../queue/gate.ts';
import { conversationStage, never, says } from './stage.ts';

const stage = conversationStage();
/** Well below the pause after which it looks by itself. */
const atOnceMs = 1_500;

test('whoever waits while another process reads the mail hears at once that nobody has anything to add', async () => {
  const id = await stage.opened({ members: ['quality-assurance'] });
  const [begun, goOn, listening] = [gate(), gate(), gate()];
  const { needs } = await stage.talking(async () => {
    begun.open();
    await goOn.opened;
    return 'Yes.';
  });
  await says(id, '@qa well?', needs);
  const reading = readMail(id, { ...needs, store: await stage.anotherStore() }, never);
  await begun.opened;
  const { events } = stage.store;
  const store = {
    ...stage.store,
    events: {
      ...events,
      watch(...given: Parameters<typeof events.watch>) {
        listening.open();
        return events.watch(...given);
      },
    },
  };
  const waiting = untilQuiet(id, { ...needs, store }, never);
  await listening.opened;
  const began = performance.now();
  goOn.open();
  expect(await waiting).toEqual({ kind: 'quiet' });
  expect(performance.now() - began).toBeLessThan(atOnceMs);
  await reading;
  expect(await stage.said(id)).toEqual(['human: @qa well?', 'quality-assurance: Yes.']);
});

test('told to stop while another process reads the mail, it stops at once', async () => {
  const id = await stage.opened({ members: ['quality-assurance'] });
  const begun = gate();
  const stopReading = new AbortController();
  const { needs } = await stage.talking(() => {
    begun.open();
    return { kind: 'hang' };
  });
  await says(id, '@qa well?', needs);
  const reading = readMail(id, { ...needs, store: await stage.anotherStore() }, stopReading.signal);
  await begun.opened;
  const stop = new AbortController();
  const waiting = untilQuiet(id, needs, stop.signal);
  stop.abort();
  expect(await waiting).toEqual({ kind: 'stopped' });
  stopReading.abort();
  await reading;
});
