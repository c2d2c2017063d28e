/** Discord on its worst days: nothing that people say is lost, nothing is told twice, and work goes on meanwhile. */
import { afterEach, expect, test } from 'vitest';
import { bash, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { projectPlay } from '../../src/rehearsal/team/project-play.ts';
import type { Channel, Message } from '../support/discord/world.ts';
import { type DiscordStage, looksLike, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';
import { run } from '../support/program.ts';

const patience = { timeoutMs: 90_000 };

let on: DiscordStage;
afterEach(() => on.close());

/** Work that goes on, step by step, until it may end. */
function workUntil(mayEnd: () => boolean): Script {
  return ({ turn }) => ({
    kind: 'message',
    blocks: mayEnd()
      ? [say('Finished.')]
      : [write('notes.txt', `step ${turn}\n`), bash(`sleep 1; echo ${turn}`, `Do step ${turn}`)],
  });
}

function threadOf({ thread }: Message): Channel {
  if (!thread) throw new Error('there is no thread');
  return thread;
}

/** Of a task: its report, wherever, as often as it stands there. */
function reports(): Message[] {
  const everywhere = [...on.discord.world.channels.values()].flatMap(({ messages }) => messages);
  return everywhere.filter(({ author, content }) => author.bot && content.includes('Task completed'));
}

function isAtWork(asked: Message): boolean {
  return looksLike(saidInThread(asked)[0]).includes('Running sleep');
}

async function tasksThatSay(words: string): Promise<number> {
  return (await run(on.person, ['tasks'])).stdout.split(words).length - 1;
}

test('a gateway that drops, a session that ends, limits and errors: everything said is heard once, every card comes right', async () => {
  let mayEnd = false;
  on = await openDiscordStage(workUntil(() => mayEnd));
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, 'Write the first notes');
  const whispered = owner.whispers('Write secret notes');
  const direct = owner.privateChannel();
  await discord.until(() => isAtWork(asked) && direct.messages.some(({ author }) => author.bot), patience);

  // A socket that breaks: the session goes on, and what was missed comes by itself.
  discord.dropGateways();
  const inTheGap = owner.says(general, 'Write in the gap');
  await discord.until(() => inTheGap.thread, patience);
  expect([...discord.gateway.sessions.values()].map(({ resumes }) => resumes)).toEqual([1]);

  // A session that is over: what was missed has to be read, also where Discord does not give it at once, and more than a page.
  discord.fail({ method: 'GET', path: /\/channels\/\d+\/messages$/, status: 503, times: 12 });
  discord.invalidateSessions();
  const robot = discord.person('robot', { isBot: true });
  for (let number = 0; number < 120; number += 1) robot.says(general, `noise ${number}`);
  const missed = owner.says(general, 'Write what was missed');
  owner.says(threadOf(asked), 'Then make it longer');
  owner.whispers('Write more secrets');
  await discord.until(() => discord.gateway.sessions.size === 1, patience);
  // Somebody speaks before the missed is read: that does not make it seen.
  const live = owner.says(general, 'Write live notes');
  await discord.until(() => missed.thread && live.thread, patience);
  await discord.until(() => direct.messages.filter(({ author }) => author.bot).length > 1, patience);

  discord.fail({ method: 'PATCH', path: /\/messages\//, status: 429, times: 3, retryAfterSeconds: 1.5 });
  discord.fail({ method: 'POST', path: /\/messages$/, status: 429, times: 2, retryAfterSeconds: 1.5 });
  discord.fail({ method: 'PATCH', path: /\/messages\//, status: 500, times: 4 });
  discord.fail({ method: 'POST', path: /\/messages$/, status: 500, times: 4 });
  mayEnd = true;
  const all = [asked, inTheGap, missed, live];
  await discord.until(
    () =>
      all.every((message) => saidInThread(message)[0]?.content === '⚠️ Done, not verified') && reports().length === 7,
    patience,
  );
  // The first one was gone on with once more, in its own thread.
  expect(all.map((message) => saidInThread(message).length)).toEqual([4, 2, 2, 2]);
  expect(direct.messages.filter(({ author }) => author.bot)).toHaveLength(4);
  expect(whispered.thread).toBeUndefined();
  for (const words of ['Write in the gap', 'Write what was missed', 'Write more secrets', 'Write live notes']) {
    expect([words, await tasksThatSay(words)]).toEqual([words, 1]);
  }
  expect(discord.violations).toEqual([]);
}, 240_000);

test('without its card and without Discord at all work goes on, the card catches up, and the end is told once', async () => {
  let mayEnd = false;
  on = await openDiscordStage(workUntil(() => mayEnd));
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, 'Write notes');
  await discord.until(() => isAtWork(asked), patience);
  const [first] = saidInThread(asked);
  if (!first) throw new Error('there is no card');

  discord.deleteMessage(first);
  const second = await discord.until(() => saidInThread(asked)[0], patience);
  expect(second.id).not.toBe(first.id);

  // Away for longer than discord.js itself tries again, and a person asks in a terminal meanwhile.
  await discord.goDown();
  const stepsBefore = workedSteps(await run(on.person, ['events', '--json']));
  await waitedFor(async () => workedSteps(await run(on.person, ['events', '--json'])) > stepsBefore + 3);
  const requestsBefore = discord.requests.length;
  mayEnd = true;
  await waitedFor(async () => (await run(on.person, ['events', '--json'])).stdout.includes('task.finished'));
  expect(discord.requests.length).toBe(requestsBefore);
  const meanwhile = owner.says(general, 'Write what comes after');
  await discord.comeBack();
  await discord.until(() => looksLike(second).includes('Done') && reports().length === 2, patience);
  expect(saidInThread(asked)).toHaveLength(2);
  expect(saidInThread(meanwhile)).toHaveLength(2);
  expect(discord.violations).toEqual([]);
}, 240_000);

test('without webhooks the agents say who they are, and what the bot may not say for a while it says when it may again', async () => {
  on = await openDiscordStage(projectPlay({}));
  const { discord, owner, general } = on;
  discord.revokePermission('ManageWebhooks');
  await on.serve();
  const asked = owner.says(general, '@pm Create a complete e-commerce API with payment processing');
  const said = () => saidInThread(asked).map(({ content }) => content.split('\n').slice(0, 2).join(' '));
  await discord.until(() => said().some((line) => line.includes('Phase 1 complete')), patience);
  discord.revokePermission('SendMessagesInThreads');
  await discord.until(() => discord.refused.some(({ code }) => code === 50013), patience);
  await waitedFor(async () => (await run(on.person, ['events', '--json'])).stdout.includes('project.finished'));
  expect(said().some((line) => line.includes('Phase 3'))).toBe(false);
  discord.grantPermission('SendMessagesInThreads');
  await discord.until(() => said().some((line) => line.includes('completed!')), patience);
  await discord.until(() => said()[0]?.startsWith('✅ Done'), patience);
  // Each once, and what waited for the permission in its order.
  expect(said().slice(1)).toEqual([
    '**🎯 Project Manager** 📋 Breaking this down into phases…',
    '**🎯 Project Manager** 📋 The plan was changed (revision 2):',
    expect.stringMatching(/^\*\*🤖 Developer\*\* ✅ Phase 1 complete - Counting with \d+ tests passing$/),
    expect.stringMatching(/^\*\*🤖 Developer\*\* ✅ Phase 2 complete - Command line with \d+ tests passing$/),
    expect.stringMatching(/^\*\*🤖 Developer\*\* ✅ Phase 3 complete - Documentation/),
    expect.stringMatching(/^✅ \*\*Project “.*” completed!\*\*/),
  ]);
  expect(discord.violations).toEqual([]);
}, 300_000);

function workedSteps({ stdout }: { readonly stdout: string }): number {
  return stdout.split('Running sleep').length - 1;
}

/** Each look takes the program a while. */
async function waitedFor(condition: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + patience.timeoutMs;
  while (!(await condition())) if (Date.now() > until) throw new Error(`waited in vain for: ${condition}`);
}
