import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  type ClientEvents,
  DiscordAPIError,
  Events,
  GatewayIntentBits,
  ModalBuilder,
  Partials,
  Routes,
  SlashCommandBuilder,
  type TextChannel,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { PersonCannot } from '../../support/discord/command-use.ts';
import { type Discord, type DiscordOptions, openDiscord } from '../../support/discord/open-stand-in.ts';

const open: { close: () => Promise<void> }[] = [];
const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.MessageContent,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessages,
];

afterEach(async () => {
  for (const { close } of open.splice(0).toReversed()) await close();
});

async function discord(options: DiscordOptions = {}): Promise<Discord> {
  const opened = await openDiscord(options);
  open.push(opened);
  return opened;
}

function client({ apiBase }: Discord, wanted: readonly GatewayIntentBits[] = intents): Client {
  const made = new Client({
    intents: wanted,
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    rest: { api: `${apiBase}/api`, version: '10', cdn: apiBase, mediaProxy: apiBase, retries: 1 },
  });
  open.push({ close: () => made.destroy() });
  return made;
}

/** Logged in, with the guild known. */
async function bot(standIn: Discord, wanted?: readonly GatewayIntentBits[]): Promise<Client<true>> {
  const made = client(standIn, wanted);
  const ready = next(made, Events.ClientReady);
  await made.login(standIn.token);
  await ready;
  return made as Client<true>;
}

function next<Name extends keyof ClientEvents>(made: Client, name: Name): Promise<ClientEvents[Name][0]> {
  return new Promise((resolve) => made.once<Name>(name, (...all: ClientEvents[Name]) => resolve(all[0])));
}

function textChannel(made: Client, standIn: Discord, name = 'general'): TextChannel {
  return made.channels.cache.get(standIn.channel(name).id) as TextChannel;
}

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'accepted',
    (error: unknown) => (error instanceof DiscordAPIError ? error.code : error),
  );
}

test('a person speaks, the bot answers with a file, edits, reacts and opens a thread', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const ana = standIn.person('ana');
  const heard = next(spiral, Events.MessageCreate);
  ana.says(standIn.channel('general'), '@dev build me a list', {
    attachments: [{ name: 'wish.txt', content: 'more' }],
  });
  const message = await heard;
  expect(message.content).toBe('@dev build me a list');
  const attached = await fetch(message.attachments.first()?.url ?? '');
  expect(await attached.text()).toBe('more');

  const reply = await message.reply({
    content: 'on it <@1>',
    files: [new AttachmentBuilder(Buffer.from('# plan'), { name: 'plan.md' })],
    allowedMentions: { parse: [] },
  });
  await reply.edit('done');
  await message.react('✅');
  const thread = await message.startThread({ name: 'a list' });
  await thread.send('first');
  await thread.setArchived(true);
  const channel = standIn.channel('general');
  expect(channel.messages[1]?.history.map(({ content }) => content)).toEqual(['on it <@1>', 'done']);
  expect(channel.messages[0]?.thread?.archived).toBe(true);
  ana.says(standIn.channel('a list'), 'once more');
  expect(channel.messages[0]?.thread?.archived).toBe(false);
  expect(ana.sees(channel)).toBe(
    [
      'ana: @dev build me a list',
      '  file: wish.txt (4 bytes)',
      '  ✅ 1',
      '  thread: a list (2 messages)',
      'Spiral [APP] (edited): done',
      '  file: plan.md (6 bytes)',
    ].join('\n'),
  );
  const again = Routes.threads(message.channelId, message.id);
  expect(await codeOf(spiral.rest.post(again, { body: { name: 'again' } }))).toBe(160004);
  expect(standIn.violations.map(({ code }) => code)).toEqual([160004]);
});

test('a reaction of a person reaches the bot, and a private message too', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const ana = standIn.person('ana');
  const card = await textChannel(spiral, standIn).send('choose');
  const reacted = next(spiral, Events.MessageReactionAdd);
  const shown = standIn.channel('general').messages[0];
  if (shown) ana.reacts(shown, '🔄');
  const reaction = await reacted;
  expect([reaction.emoji.name, reaction.message.id]).toEqual(['🔄', card.id]);
  const heard = next(spiral, Events.MessageCreate);
  ana.whispers('between us');
  const whispered = await heard;
  expect(whispered.channel.isDMBased() && whispered.content).toBe('between us');
  await whispered.reply('yes');
  expect(ana.privateChannel().messages.map(({ content }) => content)).toEqual(['between us', 'yes']);
  expect(standIn.violations).toEqual([]);
});

test('a button opens a modal, the modal is submitted, and the card changes', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const ana = standIn.person('ana');
  spiral.on(Events.InteractionCreate, async (interaction) => {
    if (interaction.isButton()) {
      const reason = new TextInputBuilder().setCustomId('reason').setLabel('Reason').setStyle(TextInputStyle.Short);
      const row = new ActionRowBuilder<TextInputBuilder>().addComponents(reason);
      await interaction.showModal(new ModalBuilder().setCustomId('why').setTitle('Why?').addComponents(row));
    } else if (interaction.isModalSubmit() && interaction.isFromMessage()) {
      await interaction.deferUpdate();
      await interaction.editReply({
        content: `denied: ${interaction.fields.getTextInputValue('reason')}`,
        components: [],
      });
      await interaction.followUp({ content: 'noted', flags: 64 });
    }
  });
  await textChannel(spiral, standIn).send({
    content: 'a tool?',
    components: [
      new ActionRowBuilder<ButtonBuilder>().addComponents(
        new ButtonBuilder().setCustomId('deny').setLabel('Deny').setStyle(ButtonStyle.Danger),
        new ButtonBuilder().setCustomId('later').setLabel('Later').setStyle(ButtonStyle.Secondary).setDisabled(true),
      ),
    ],
  });
  const [card] = standIn.channel('general').messages;
  if (!card) throw new Error('no card');
  expect(() => ana.clicks(card, 'Later')).toThrow(PersonCannot);
  expect(() => ana.clicks(card, 'Grant')).toThrow(PersonCannot);
  const modal = (await ana.clicks(card, 'Deny')).modal();
  expect(() => ana.submits(modal, {})).toThrow('must be filled in');
  const response = await ana.submits(modal, { Reason: 'not now' });
  expect(response.kind).toBe('deferred-update');
  await response.followUp();
  expect(ana.sees(standIn.channel('general'))).toBe(
    'Spiral [APP] (edited): denied: not now\nSpiral [APP] (only you): noted',
  );
  expect(standIn.person('ben').sees(standIn.channel('general'))).not.toContain('noted');
  expect(standIn.violations).toEqual([]);
});

test('a slash command completes, is deferred, and answers', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const ana = standIn.person('ana');
  const command = new SlashCommandBuilder()
    .setName('decide')
    .setDescription('Decide a request')
    .addStringOption((option) =>
      option.setName('request').setDescription('Which').setRequired(true).setAutocomplete(true),
    );
  await spiral.application.commands.set([command], standIn.guildId);
  spiral.on(Events.InteractionCreate, async (interaction) => {
    if (interaction.isAutocomplete())
      await interaction.respond([{ name: interaction.options.getFocused(), value: 'x1' }]);
    if (interaction.isChatInputCommand()) {
      await interaction.deferReply();
      await interaction.editReply(`decided ${interaction.options.getString('request')}`);
    }
  });
  const general = standIn.channel('general');
  expect(await ana.completes(general, '/decide', { request: 'par' })).toEqual([{ name: 'par', value: 'x1' }]);
  await expect(async () => ana.uses(general, '/decide')).rejects.toThrow('needs "request"');
  const response = await ana.uses(general, '/decide', { request: 'x1' });
  expect((await response.answered()).content).toBe('decided x1');
  expect(standIn.violations).toEqual([]);
});

test('a webhook speaks under a name of its own, in a thread too', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const channel = textChannel(spiral, standIn);
  const thread = await (await channel.send('start')).startThread({ name: 'work' });
  const webhook = await channel.createWebhook({ name: 'agents' });
  const sent = await webhook.send({ content: 'hello', username: '👔 pm', threadId: thread.id });
  await webhook.editMessage(sent, { content: 'hello again', threadId: thread.id });
  expect(standIn.transcript(standIn.channel('work'))).toBe('👔 pm [APP] (edited): hello again');
  expect(await codeOf(channel.createWebhook({ name: 'my discord' }))).toBe(50035);
  standIn.revokePermission('ManageWebhooks');
  expect(await codeOf(channel.createWebhook({ name: 'more' }))).toBe(50013);
  expect(standIn.violations.map(({ code }) => code)).toEqual([50035]);
});

test('a dropped gateway is resumed, and nothing that was said meanwhile is lost', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const heard: string[] = [];
  const all = new Promise<void>((resolve) => {
    spiral.on(Events.MessageCreate, ({ content }) => {
      if (heard.push(content) === 3) resolve();
    });
  });
  const ana = standIn.person('ana');
  standIn.dropGateways();
  for (const word of ['one', 'two', 'three']) ana.says(standIn.channel('general'), word);
  await all;
  expect(heard).toEqual(['one', 'two', 'three']);
  expect([...standIn.gateway.sessions.values()].map(({ resumes }) => resumes)).toEqual([1]);
});

test('Discord goes down and comes back on the same port', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  await standIn.goDown();
  await expect(fetch(standIn.apiBase)).rejects.toThrow('fetch failed');
  await standIn.comeBack();
  await standIn.until(() => [...standIn.gateway.sessions.values()].some(({ resumes }) => resumes === 1));
  await textChannel(spiral, standIn).send('here again');
  expect(standIn.channel('general').messages).toHaveLength(1);
});

test('a wrong token and a disallowed intent are refused', async () => {
  const standIn = await discord({ messageContent: false });
  await expect(client(standIn).login(`${standIn.token}x`)).rejects.toThrow('An invalid token was provided.');
  await expect(client(standIn).login(standIn.token)).rejects.toThrow('Used disallowed intents');
  expect(standIn.gateway.closures).toEqual([4014]);
});

test('without the intent for content the text is empty, unless the bot is mentioned', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn, [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages]);
  const heard: string[] = [];
  const both = new Promise<void>((resolve) => {
    spiral.on(Events.MessageCreate, ({ content }) => {
      if (heard.push(content) === 2) resolve();
    });
  });
  const ana = standIn.person('ana');
  ana.says(standIn.channel('general'), 'hidden');
  ana.says(standIn.channel('general'), `<@${standIn.botId}> seen`);
  await both;
  expect(heard).toEqual(['', `<@${standIn.botId}> seen`]);
});

test('what Discord refuses is refused with its code and remembered', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const channel = textChannel(spiral, standIn);
  const of = (body: object) => codeOf(spiral.rest.post(Routes.channelMessages(channel.id), { body }));
  const button = { type: 2, style: 1, label: 'x', custom_id: 'same' };
  const refused: [object, number][] = [
    [{ content: 'x'.repeat(2001) }, 50035],
    [{ content: ' ' }, 50006],
    [{ content: 'x', colour: 1 }, 50035],
    [{ embeds: [{ description: 'x'.repeat(4097) }] }, 50035],
    [{ embeds: [1, 2].map(() => ({ description: 'x'.repeat(3001) })) }, 50035],
    [{ embeds: [{ title: 'x', fields: Array.from({ length: 26 }, () => ({ name: 'a', value: 'b' })) }] }, 50035],
    [{ components: [{ type: 1, components: [button, button] }] }, 50035],
    [{ components: [{ type: 1, components: [{ ...button, label: 'x'.repeat(81) }] }] }, 50035],
    [{ content: 'x', message_reference: { message_id: '1' } }, 50035],
    [{ content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } }, 50035],
  ];
  // A clock that runs ahead between them: this test is not about rates.
  for (const [body, code] of refused) {
    expect([body, await of(body)]).toEqual([body, code]);
    standIn.clock.advance(5_000);
  }
  expect(standIn.violations.map(({ code }) => code)).toEqual(refused.map(([, code]) => code));
  expect(standIn.channel('general').messages).toEqual([]);
}, 30_000);

test('an interaction has one acknowledgement, and only in time', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const ana = standIn.person('ana');
  await spiral.application.commands.set([{ name: 'help', description: 'What there is' }]);
  const begun = next(spiral, Events.InteractionCreate);
  const used = ana.uses(standIn.channel('general'), '/help');
  const interaction = await begun;
  if (!interaction.isChatInputCommand()) throw new Error('not a command');
  await interaction.reply('all of it');
  expect((await used).message().content).toBe('all of it');
  const again = Routes.interactionCallback(interaction.id, interaction.token);
  expect(await codeOf(spiral.rest.post(again, { body: { type: 5 }, auth: false }))).toBe(40060);

  const late = next(spiral, Events.InteractionCreate);
  const waiting = ana.uses(standIn.channel('general'), '/help');
  const tooLate = await late;
  standIn.clock.advance(3_001);
  expect((await waiting).kind).toBe('failed');
  expect(await codeOf(tooLate.isRepliable() ? tooLate.deferReply() : Promise.resolve())).toBe(10062);
  expect(standIn.violations.map(({ code }) => code)).toEqual([40060, 10062]);
});

test('seven messages at once meet the limit of five, wait, and come through in order', async () => {
  const standIn = await discord({ limits: { messages: { requests: 5, periodMs: 300 } } });
  const spiral = await bot(standIn);
  const channel = textChannel(spiral, standIn);
  const texts = ['1', '2', '3', '4', '5', '6', '7'];
  await Promise.all(texts.map((text) => channel.send(text)));
  const sent = standIn.channel('general').messages;
  expect(sent.map(({ content }) => content)).toEqual(texts);
  expect((sent[5]?.createdAt ?? 0) - (sent[0]?.createdAt ?? 0)).toBeGreaterThanOrEqual(300);
  const post = () =>
    fetch(`${standIn.apiBase}/api/v10${Routes.channelMessages(channel.id)}`, {
      method: 'POST',
      headers: { authorization: `Bot ${standIn.token}`, 'content-type': 'application/json' },
      body: '{"content":"x"}',
    });
  const answers = await Promise.all(texts.map(post));
  const limited = answers.find(({ status }) => status === 429);
  expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await limited?.json()).toMatchObject({ global: false, retry_after: expect.any(Number) });
});

test('the same nonce gives the same message, also when the answer was lost', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const channel = textChannel(spiral, standIn);
  standIn.fail({ method: 'POST', path: /messages$/, status: 500, times: 1, afterwards: true });
  await channel.send({ content: 'once', nonce: 'n1', enforceNonce: true });
  expect(standIn.channel('general').messages).toHaveLength(1);
});

test('permissions, foreign messages and deleted ones are refused', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const general = standIn.channel('general');
  const said = standIn.person('ana').says(general, 'mine');
  const send = (name: string) => codeOf(textChannel(spiral, standIn, name).send('x'));
  expect(await send('closed')).toBe(50001);
  expect(await send('read-only')).toBe(50013);
  const edit = () => codeOf(spiral.rest.patch(Routes.channelMessage(general.id, said.id), { body: { content: 'x' } }));
  expect(await edit()).toBe(50005);
  standIn.deleteMessage(said);
  expect(await edit()).toBe(10008);
  const path = Routes.channelMessages(general.id);
  standIn.deleteChannel(general);
  expect(await codeOf(spiral.rest.post(path, { body: { content: 'x' } }))).toBe(10003);
  expect(standIn.refused.map(({ code }) => code)).toEqual([50001, 50013, 50005, 10008, 10003]);
  expect(standIn.violations.map(({ code }) => code)).toEqual([50005]);
});

test('a message tells whom it really notified', async () => {
  const standIn = await discord();
  const spiral = await bot(standIn);
  const ana = standIn.person('ana');
  const channel = textChannel(spiral, standIn);
  await channel.send(`@everyone <@${ana.id}>`);
  await channel.send({ content: `@everyone <@${ana.id}>`, allowedMentions: { parse: [] } });
  expect(standIn.channel('general').messages.map(({ pings }) => pings)).toEqual([
    { everyone: true, users: [ana.id], roles: [] },
    { everyone: false, users: [], roles: [] },
  ]);
});
