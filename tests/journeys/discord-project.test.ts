import { afterEach, expect, test } from 'vitest';
import { projectPlay } from '../../src/rehearsal/team/project-play.ts';
import { type DiscordStage, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';

const patience = { timeoutMs: 120_000 };
const shop = '@pm Create a complete e-commerce API with payment processing';

let on: DiscordStage;
afterEach(() => on.close());

test('a project is announced, reported phase by phase under the names of the agents, and goes on after a kill with nothing said twice', async () => {
  on = await openDiscordStage(projectPlay({ 'Command line': 1 }));
  const { discord, owner, general } = on;
  const first = await on.serve();
  const asked = owner.says(general, shop);
  const said = () => saidInThread(asked).map(({ author, content }) => `${author.username}: ${content}`);
  await discord.until(() => said().some((line) => line.includes('Phase 1 complete')), patience);
  first.child.kill('SIGKILL');
  await first.ended();
  await on.serve();
  await discord.until(() => said().some((line) => line.includes('completed!')), patience);

  const [card, ...news] = saidInThread(asked);
  expect(card?.history.some(({ content }) => content === '📊 Project status: 33% complete')).toBe(true);
  expect(news[0]?.author.username).toBe('🎯 Project Manager');
  expect(news[0]?.content).toMatch(/^📋 Breaking this down into phases…\nPhase 1: Counting\nPhase 2: Command line/);
  expect(news.map(({ content }) => content.split('\n')[0])).toEqual([
    '📋 Breaking this down into phases…',
    '📋 The plan was changed (revision 2):',
    expect.stringMatching(/^✅ Phase 1 complete - Counting with \d+ tests passing$/),
    expect.stringMatching(/^🔁 Command line, attempt 1, is not good yet: /),
    expect.stringMatching(/^✅ Phase 2 complete - Command line with \d+ tests passing$/),
    expect.stringMatching(/^✅ Phase 3 complete - Documentation/),
    expect.stringMatching(/^✅ \*\*Project “.*” completed!\*\*/),
  ]);
  expect(news[3]?.author.username).toBe('🔍 Quality Assurance');
  expect(discord.violations).toEqual([]);
}, 300_000);
