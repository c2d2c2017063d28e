import { afterEach, expect, test } from 'vitest';
import { say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import type { Message } from '../support/discord/world.ts';
import { type DiscordStage, looksLike, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';
import { run } from '../support/program.ts';

const patience = { timeoutMs: 60_000 };

let on: DiscordStage;
afterEach(() => on.close());

/** Hangs, unless it is asked for a poem. */
const slow: Script = ({ prompts }) =>
  prompts.some((prompt) => prompt.includes('poem'))
    ? { kind: 'message', blocks: [say('Roses are red.')] }
    : { kind: 'hang' };

test('everything that a command shows or begins, completes and refuses, and a stop of all within a moment', async () => {
  on = await openDiscordStage(slow, {
    settings: ['approvers = ["APPROVER"]', 'messages_per_minute = 100'],
    more: '[claude_code]\nsessions = 1',
  });
  const { discord, owner, colleague, general } = on;
  await on.serve();
  const shown = async (command: string, options: Readonly<Record<string, string>> = {}, who = colleague) =>
    (await (await who.uses(general, command, options)).answered()).content;

  expect(await shown('/help')).toContain('`/report` what came of it');
  expect(await shown('/pending')).toBe('✅ Nothing waits for you.');
  expect(await shown('/agents')).toMatch(/Developer.*idle[\s\S]*Process Coach/);
  expect(await shown('/costs', { by: 'agent' })).toBe('Nothing was booked.');
  expect(await shown('/tools')).toContain('no such tool, or none yet');
  expect(await shown('/projects')).toContain('No projects yet');
  expect(await shown('/messages')).toContain('No agents have talked');
  expect(await shown('/report')).toContain('Nothing finished, nothing waits, nothing is open.');
  expect(await shown('/help', {}, discord.person('mallory'))).toContain('cannot help you');

  const begun = await (
    await colleague.uses(general, '/task', { text: 'Think for ever', agent: 'developer' })
  ).answered();
  expect(begun.content).toContain('Think for ever');
  await discord.until(() => looksLike(saidInThread(begun)[0]).includes('1/50 prompts'), patience);

  // The one place for a session is taken: nothing was spent for this one yet.
  const asked = owner.says(general, 'Write a pome');
  await discord.until(() => saidInThread(asked).length > 0, patience);
  owner.edits(asked, 'Write a poem');
  await discord.until(() => asked.reactions.has('✏️'), patience);
  expect((await run(on.person, ['tasks'])).stdout).toContain('Write a poem');

  const [all, ...tasks] = await owner.completes(general, '/stop', { task: '' });
  expect(all?.value).toBe('all');
  expect(tasks.map(({ name }) => name.slice(9))).toEqual(expect.arrayContaining(['Think for ever', 'Write a poem']));
  expect(await shown('/stop', { task: 'all' })).toContain('Only an approver may do that');
  const thinking = tasks.find(({ name }) => name.includes('Think for ever'))?.value ?? '';
  expect(await shown('/stop', { task: String(thinking) }, owner)).toMatch(/Stopped/);
  const poem = await discord.until(
    () => saidInThread(asked).find(({ content }) => content.includes('Task completed')),
    patience,
  );
  expect(poem.content).toContain('Roses are red.');
  expect(on.requests.some(({ body }) => JSON.stringify(body).includes('pome'))).toBe(false);

  const more = [
    await (await owner.uses(general, '/task', { text: 'Hang' })).answered(),
    await (await owner.uses(general, '/project', { text: 'Build a shop' })).answered(),
  ];
  await discord.until(() => more.every((message: Message) => saidInThread(message).length > 0), patience);
  expect(await shown('/stop', { task: 'all' }, owner)).toMatch(/Stopped/);
  await discord.until(() => more.every((message) => saidInThread(message)[0]?.content === '🛑 Stopped'), patience);
  expect(await shown('/tasks')).toContain('❌ cancelled');
  expect(await shown('/report')).toMatch(/❌ Failed: 3/);
  expect(discord.violations).toEqual([]);
}, 240_000);
