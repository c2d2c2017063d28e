import { Client, Events, GatewayIntentBits, Routes } from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { type Discord, openDiscord } from '../../support/discord/open-stand-in.ts';

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const { close } of open.splice(0).toReversed()) await close();
});

async function discord(): Promise<Discord> {
  const opened = await openDiscord();
  open.push(opened);
  return opened;
}

/** Logged in, with the guild known. */
async function bot({ apiBase, token }: Discord): Promise<Client<true>> {
  const made = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
    rest: { api: `${apiBase}/api`, version: '10', cdn: apiBase, mediaProxy: apiBase, retries: 1 },
  });
  open.push({ close: () => made.destroy() });
  const ready = new Promise<void>((resolve) => made.once(Events.ClientReady, () => resolve()));
  await made.login(token);
  await ready;
  return made as Client<true>;
}

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

test('what stands at the edge of a message, a modal and a command is refused beyond it', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const ana = standIn.person('ana');
  const channel = standIn.channel('general');
  const of = (body: object) => codeOf(spiral.rest.post(Routes.channelMessages(channel.id), { body }));
  const button = (id: string, more: object = {}) => ({ type: 2, style: 1, label: 'x', custom_id: id, ...more });
  const row = (...components: object[]) => ({ type: 1, components });
  const rows = (count: number) => Array.from({ length: count }, (_, index) => row(button(`${index}`)));
  const buttons = (count: number) => [row(...Array.from({ length: count }, (_, index) => button(`${index}`)))];
  const embed = (more: object) => ({ embeds: [{ title: 'x', ...more }] });
  const refused = [
    { components: rows(6) },
    { components: buttons(6) },
    { components: [row()] },
    { components: [row(button('x'.repeat(101)))] },
    { components: [row(button('a', { emoji: { name: 'approve' } }))] },
    embed({ title: 'x'.repeat(257) }),
    embed({ fields: [{ name: 'x'.repeat(257), value: 'b' }] }),
    embed({ fields: [{ name: 'a', value: 'x'.repeat(1025) }] }),
    embed({ fields: [{ name: 'a', value: ' ' }] }),
    embed({ footer: { text: 'x'.repeat(2049) } }),
    embed({ author: { name: 'x'.repeat(257) } }),
    { embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) },
    { content: 'x', allowed_mentions: { parse: ['here'] } },
    { content: 'x', allowed_mentions: { users: Array.from({ length: 101 }, (_, index) => `${index}`) } },
    { content: 'x', nonce: 'x'.repeat(26) },
    { content: 'x', attachments: [{ id: '0', filename: 'never-sent.txt' }] },
  ];
  for (const body of refused) {
    expect([body, await of(body)]).toEqual([body, 50035]);
    standIn.clock.advance(5_000);
  }
  expect([await of({ components: [...rows(4), ...buttons(5).map(() => row(button('last')))], content: 'x' })]).toEqual([
    'accepted',
  ]);

  const [card] = channel.messages;
  if (!card) throw new Error('no card');
  const heard = new Promise<{ id: string; token: string }>((resolve) =>
    spiral.once(Events.InteractionCreate, ({ id, token }) => resolve({ id, token })),
  );
  const input = { type: 4, custom_id: 'a', style: 1, label: 'x' };
  const modal = { custom_id: 'm', title: 'x', components: [row(input)] };
  const opened = ana.clicks(card, 'last');
  const { id, token } = await heard;
  const callback = Routes.interactionCallback(id, token);
  const answer = (data: object) => codeOf(spiral.rest.post(callback, { body: { type: 9, data }, auth: false }));
  const modals = [
    { ...modal, title: 'x'.repeat(46) },
    { ...modal, components: [] },
    { ...modal, components: Array.from({ length: 6 }, (_, index) => row({ ...input, custom_id: `${index}` })) },
    { ...modal, components: [row({ ...input, label: 'x'.repeat(46) })] },
    { ...modal, components: [row({ ...input, placeholder: 'x'.repeat(101) })] },
    { ...modal, components: [row({ ...input, max_length: 2, value: 'xxx' })] },
    { ...modal, components: [row({ ...input, max_length: 4001 })] },
    { ...modal, components: [row(button('b'))] },
  ];
  for (const one of modals) expect([one, await answer(one)]).toEqual([one, 50035]);
  expect(await answer(modal)).toBe('accepted');
  expect((await opened).modal().title).toBe('x');

  const option = (index: number) => ({ type: 3, name: `o${index}`, description: 'x'.repeat(100) });
  const commands = (count: number) => [
    { name: 'much', description: 'x', options: Array.from({ length: count }, (_, index) => option(index)) },
  ];
  const put = (body: object) => codeOf(spiral.rest.put(Routes.applicationCommands(spiral.application.id), { body }));
  expect(await put(commands(25))).toBe('accepted');
  expect(await put(commands(26))).toBe(50035);
  const choices = Array.from({ length: 25 }, (_, index) => ({ name: `${index}`.padEnd(100, 'x'), value: `${index}` }));
  const wordy = Array.from({ length: 4 }, (_, index) => ({ ...option(index), choices }));
  expect(await put([{ name: 'wordy', description: 'x', options: wordy }])).toBe(50035);
}, 60_000);
