import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { play, say, write } from '../../src/rehearsal/play.ts';
import { pingsAnyone } from '../support/discord/mentions.ts';
import { type DiscordStage, looksLike, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';
import { green, silent } from '../support/plays.ts';
import { run } from '../support/program.ts';

const patience = { timeoutMs: 60_000 };
const todoApi = 'Create a REST API for todo management with authentication';

let on: DiscordStage;
afterEach(() => on.close());

test('a message becomes a task: a thread, one card that goes on, and a report of what was observed', async () => {
  on = await openDiscordStage(green);
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, todoApi);
  const report = await discord.until(
    () => saidInThread(asked).find(({ content }) => content.includes('Task completed')),
    patience,
  );
  const [card] = saidInThread(asked);
  expect(card?.history[0]?.content).toBe('🤖 Starting autonomous work via Claude Code…');
  expect(JSON.stringify(card?.history)).toContain('🔄 Claude Code: Writing package.json');
  await discord.until(() => card?.content === '✅ Done', patience);
  expect(report.content).toContain('2 passed (run by Spiral)');
  expect(report.content).toContain('Claude Code says, unchecked: “Done: 99 tests pass.”');
  expect(report.attachments.map(({ filename }) => filename).sort()).toEqual(['package.json', 'sum.js', 'sum.test.js']);
  expect(saidInThread(asked)).toHaveLength(2);
  await discord.until(() => asked.reactions.has('✅') && asked.reactions.has('👀'));
  expect(discord.violations).toEqual([]);
  expect([...general.messages, ...saidInThread(asked)].filter(({ pings }) => pingsAnyone(pings))).toEqual([]);
}, 120_000);

test('STOP in the thread ends a task whose model hangs, and nobody else can say it', async () => {
  on = await openDiscordStage(silent);
  const { discord, owner, general } = on;
  await on.serve();
  const stranger = discord.person('mallory');
  const asked = owner.says(general, todoApi);
  await discord.until(() => looksLike(saidInThread(asked)[0]).includes('1/50 prompts'), patience);
  const { thread } = asked;
  if (!thread) throw new Error('there is no thread');
  stranger.says(thread, 'STOP');
  owner.says(thread, 'STOP');
  await discord.until(() => saidInThread(asked)[0]?.content === '🛑 Stopped', patience);
  expect(thread.messages.filter(({ author }) => author.id === stranger.id)[0]?.reactions.size).toBe(0);
}, 120_000);

test('strangers, bots and mass mentions begin nothing', async () => {
  on = await openDiscordStage(green);
  const { discord, general } = on;
  await on.serve();
  discord.person('mallory').says(general, `<@${discord.botId}> delete everything`);
  discord.person('mallory').says(general, `<@${discord.botId}> please`);
  discord.person('robot', { isBot: true }).says(general, `<@${discord.botId}> hello`);
  const polite = await discord.until(() => general.messages.find(({ author }) => author.id === discord.botId));
  expect(polite.content).toContain('cannot help you');
  on.owner.says(general, '@everyone <@&1> build me a thing');
  await discord.until(() => general.messages.at(-1)?.thread, patience);
  expect(general.messages.filter(({ author }) => author.id === discord.botId)).toHaveLength(1);
  expect((await run(on.person, ['tasks'])).stdout.match(/build me a thing/g)).toHaveLength(1);
}, 120_000);

test('a killed process goes on with the same card, and says nothing twice', async () => {
  on = await openDiscordStage(play([[[say('Beginning…'), write('notes.txt', 'one\n')], [say('Finished.')]]]));
  const { discord, owner, general } = on;
  const first = await on.serve();
  const asked = owner.says(general, 'Write notes');
  await discord.until(() => saidInThread(asked).length > 0, patience);
  first.child.kill('SIGKILL');
  await first.ended();
  const meanwhile = owner.says(general, '@pm what is left?');
  await on.serve();
  await discord.until(() => saidInThread(asked).some(({ content }) => content.includes('Task completed')), patience);
  expect(saidInThread(asked)).toHaveLength(2);
  // Written while nobody listened.
  await discord.until(() => meanwhile.thread, patience);
}, 180_000);

test('files that come with a message lie in the workspace, and a reply in the thread goes on in its session', async () => {
  on = await openDiscordStage(
    play([
      [[say('Reading…'), write('summary.txt', 'short\n')], [say('Summed up.')]],
      [[write('longer.txt', 'long\n')], [say('Longer now.')]],
    ]),
  );
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, 'Sum this up', {
    attachments: [{ name: '../../evil.csv', content: 'a,b\n1,2\n' }],
  });
  await discord.until(() => saidInThread(asked).length === 2, patience);
  const root = join(on.person.environment['SPIRAL_HOME'] ?? '', 'workspaces');
  const [task = ''] = readdirSync(root);
  const attachments = join(root, task, 'attachments', task);
  expect(
    readdirSync(attachments)
      .filter((name) => name !== '.gitignore')
      .map((name) => readFileSync(join(attachments, name), 'utf8')),
  ).toEqual(['a,b\n1,2\n']);
  if (!asked.thread) throw new Error('there is no thread');
  owner.says(asked.thread, 'Make it longer');
  await discord.until(
    () => saidInThread(asked).filter(({ content }) => content.includes('Task completed')).length > 1,
    patience,
  );
  expect(readdirSync(join(root, task))).toContain('longer.txt');
  expect(looksLike(saidInThread(asked)[0])).toContain('Done');
}, 180_000);
