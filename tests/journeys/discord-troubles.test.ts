import { afterEach, expect, test } from 'vitest';
import { bash, play, say, write } from '../../src/rehearsal/play.ts';
import { pingsAnyone } from '../support/discord/mentions.ts';
import { type DiscordStage, looksLike, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';
import { green, silent } from '../support/plays.ts';
import { run } from '../support/program.ts';

const patience = { timeoutMs: 90_000 };

let on: DiscordStage;
afterEach(() => on.close());

/** Work that takes some seconds and says what it does. */
const slow = play([
  [
    [say('Beginning…'), bash('sleep 4', 'Wait a little')],
    [write('notes.txt', 'one\n'), bash('sleep 4', 'Wait a little more')],
    [say('Finished.')],
  ],
]);

function reports(): number {
  const everywhere = [...on.discord.world.channels.values()].flatMap(({ messages }) => messages);
  return everywhere.filter(({ author, content }) => author.bot && content.includes('Task completed')).length;
}

test('Discord that is away for a while, answers that are lost and errors cost nothing and double nothing', async () => {
  on = await openDiscordStage(slow);
  const { discord, owner, general } = on;
  await on.serve();
  discord.fail({ method: 'POST', path: /\/messages$/, status: 500, times: 1, afterwards: true });
  const asked = owner.says(general, 'Write notes');
  await discord.until(() => saidInThread(asked).length > 0, patience);
  await discord.goDown();
  const { stdout } = await run(on.person, ['events', '--json']);
  expect(stdout).toContain('task.accepted');
  await discord.comeBack();
  discord.fail({ method: 'PATCH', path: /\/messages\//, status: 503, times: 2 });
  await discord.until(() => reports() > 0 && saidInThread(asked)[0]?.content.includes('Done'), patience);
  expect(saidInThread(asked)).toHaveLength(2);
  expect(discord.violations).toEqual([]);
}, 180_000);

test('when the place of a task is gone its report comes to the notification channel', async () => {
  on = await openDiscordStage(slow, { settings: ['notification_channel = "tasks"'] });
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, 'Write notes');
  await discord.until(() => saidInThread(asked).length > 0, patience);
  if (!asked.thread) throw new Error('there is no thread');
  discord.deleteChannel(asked.thread);
  const told = await discord.until(
    () => discord.channel('tasks').messages.find(({ content }) => content.includes('Task completed')),
    patience,
  );
  expect(told.author.bot).toBe(true);
  expect(discord.violations).toEqual([]);
}, 180_000);

test('whatever is written, Discord takes what is answered and nobody is pinged', async () => {
  on = await openDiscordStage(green);
  const { discord, owner, general } = on;
  await on.serve();
  const texts = [
    '🙂'.repeat(900),
    '\u202eright to left\u202c שלום',
    '```\n@everyone ``` **bold** <@1> <@&2> <#3> [x](https://evil.example)',
    `@everyone @here ${'<@123456789012345678> '.repeat(40)}`,
  ];
  const asked = texts.map((text) => owner.says(general, text));
  await discord.until(() => asked.every((message) => saidInThread(message).length > 0), patience);
  const everything = [...discord.world.channels.values()].flatMap(({ messages }) => messages);
  expect(everything.filter(({ author, pings }) => author.bot && pingsAnyone(pings))).toEqual([]);
  expect(discord.violations).toEqual([]);
}, 180_000);

test('five hundred messages of one person become no more tasks than they may ask for, and one line', async () => {
  on = await openDiscordStage(silent, { settings: ['messages_per_minute = 3'] });
  const { discord, owner, general } = on;
  await on.serve();
  for (let number = 0; number < 500; number += 1) owner.says(general, `Do ${number}`);
  await discord.until(() => general.messages.filter(({ author }) => author.id === discord.botId).length > 0, patience);
  // The last one is read when a command that came after it is answered.
  const { answered } = await owner.uses(general, '/tasks');
  const list = await answered();
  expect(list.content.match(/Do \d+/g)?.length ?? 0).toBeLessThanOrEqual(3);
  expect(general.messages.filter(({ author }) => author.id === discord.botId)).toHaveLength(1);
  expect(discord.violations).toEqual([]);
}, 180_000);

test('a message that is edited after its work began is told so, and one that is deleted ends its task', async () => {
  on = await openDiscordStage(silent);
  const { discord, owner, general } = on;
  await on.serve();
  const edited = owner.says(general, 'Write a pome');
  const deleted = owner.says(general, 'Never mind');
  await discord.until(
    () => [edited, deleted].every((message) => looksLike(saidInThread(message)[0]).includes('1/50')),
    patience,
  );
  owner.edits(edited, 'Write a poem');
  owner.deletes(deleted);
  await discord.until(() => general.messages.some(({ content }) => content.includes('The work has begun')), patience);
  await discord.until(() => saidInThread(deleted)[0]?.content === '🛑 Stopped', patience);
  expect(discord.violations).toEqual([]);
}, 180_000);

test('a token that is wrong and an intent that is off are told with the cure, and everything else goes on', async () => {
  on = await openDiscordStage(green, { discord: { messageContent: false } });
  const doctor = await run(on.person, ['doctor']);
  expect(doctor.stdout).toMatch(/❌ Discord intent[\s\S]*Message Content Intent: on/);
  expect(doctor.stdout).toContain('https://discord.com/oauth2/authorize?client_id=');
  expect(doctor.exitCode).toBe(1);
  const serving = on.start();
  await serving.told('Message Content intent is off');
  await serving.told('Everything else goes on');
  expect((await run(on.person, ['tasks'])).exitCode).toBe(0);
}, 120_000);
