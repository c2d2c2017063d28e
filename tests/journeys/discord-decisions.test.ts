import { afterEach, expect, test } from 'vitest';
import { analysis } from '../../src/cli/__fixtures__/answers.ts';
import { bash, say } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { cast } from '../../src/rehearsal/team/cast.ts';
import { customers, toolPlay, toolTask } from '../../src/rehearsal/tool/tool-play.ts';
import type { Message } from '../support/discord/world.ts';
import { type DiscordStage, looksLike, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';
import { run } from '../support/program.ts';

const patience = { timeoutMs: 90_000 };

let on: DiscordStage;
afterEach(() => on.close());

/** Every answer is dear; the second one ends the round. */
const dear: Script = ({ turn }) => ({
  kind: 'message',
  blocks: turn === 0 ? [bash('echo note > note.txt', 'Write a note')] : [say('Done.')],
  usage: { inputTokens: 20_000, outputTokens: 3_000 },
});

/** The card of the question that is open in the thread of a message. */
function questionUnder(asked: Message): Promise<Message> {
  return on.discord.until(
    () => saidInThread(asked).find(({ embeds }) => embeds[0]?.footer?.text.startsWith('question ')),
    patience,
  );
}

test('the project manager answers a question of its own in the thread', async () => {
  on = await openDiscordStage(cast({ 'project-manager': [analysis] }));
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, '@pm Should we use PostgreSQL or MongoDB for our user analytics system?');
  const report = await discord.until(
    () => saidInThread(asked).find(({ content }) => content.includes('Recommendation')),
    patience,
  );
  expect(saidInThread(asked)[0]?.history[0]?.content).toBe('🎯 Analyzing…');
  expect(report.content).toContain('🎯 **Next steps**');
  expect(discord.violations).toEqual([]);
}, 120_000);

test('at a limit the task asks in its thread; whoever may not decide is told so, and a button of an approver goes on with it', async () => {
  on = await openDiscordStage(dear, {
    settings: ['approvers = ["APPROVER"]'],
    more: '[budget.task]\nusd = 0.1',
  });
  const { discord, owner, general, colleague } = on;
  await on.serve();
  const asked = colleague.says(general, 'Write a note');
  const card = await questionUnder(asked);
  const refused = await colleague.clicks(card, '+$5');
  expect((await refused.answered()).content).toContain('Only an approver may do that');
  expect((await run(on.person, ['pending'])).stdout).toContain('spiral grant');
  const granted = await owner.clicks(card, '+$5');
  expect((await granted.answered()).content).toContain('Granted: $5.00 more');
  await discord.until(() => card.components.length === 0, patience);
  expect(looksLike(card)).toContain(`Answered by <@${owner.id}>`);
  await discord.until(() => saidInThread(asked).some(({ content }) => content.includes('Task completed')), patience);
  expect(discord.violations).toEqual([]);
}, 180_000);

test('a tool request is decided by a reaction, also one that nobody heard, the button after it and its dialog; nothing before counts', async () => {
  on = await openDiscordStage(toolPlay(customers));
  const { discord, owner, general } = on;
  const serving = await on.serve();
  const asked = owner.says(general, toolTask, { attachments: [{ name: 'customers.csv', content: customers }] });
  const card = await questionUnder(asked);
  expect(looksLike(card)).toMatch(/Tool Request Analysis[\s\S]*56[\s\S]*papaparse/);
  await discord.until(() => ['✅', '🔄', '⏳', '❌'].every((sign) => card.reactions.has(sign)), patience);
  serving.child.kill('SIGKILL');
  await serving.ended();
  discord.person('mallory').reacts(card, '✅');
  owner.reacts(card, '⏳');
  await on.serve();
  const confirm = await discord.until(
    () => saidInThread(asked).find(({ content }) => content.includes('Nothing is decided yet')),
    patience,
  );
  expect((await run(on.person, ['pending'])).stdout).toContain('spiral decide');
  expect(confirm.content).toContain('⏳');
  const opened = await owner.clicks(confirm, 'Defer: until when, and why');
  const sent = await owner.submits(opened.modal(), { until: '2d', reason: 'after the release' });
  expect((await sent.answered()).content).toContain('Decided: deferred until');
  await discord.until(() => card.components.length === 0, patience);
  expect(discord.violations).toEqual([]);
}, 180_000);

test('decided in a terminal while the card is open: its buttons go, and an old one is told', async () => {
  on = await openDiscordStage(toolPlay(customers));
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, toolTask);
  const card = await questionUnder(asked);
  const [{ id = '' } = {}] = (await run(on.person, ['pending', '--json'])).stdout
    .trim()
    .split('\n')
    .map((line): { readonly id?: string } => JSON.parse(line));
  const opened = await owner.clicks(card, 'Reject request');
  const decided = await run(on.person, ['decide', id, 'reject', '--reason', 'Use papaparse', '--detach']);
  expect(decided.exitCode).toBe(0);
  await discord.until(() => card.components.length === 0, patience);
  expect(looksLike(card)).toContain('Answered elsewhere');
  const late = await owner.submits(opened.modal(), { reason: 'too late' });
  expect((await late.answered()).content).toContain('the first answer counts');
  expect(discord.violations).toEqual([]);
}, 180_000);
