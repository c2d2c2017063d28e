import { afterEach, expect, test } from 'vitest';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import { type DiscordStage, looksLike, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';
import { run } from '../support/program.ts';

const patience = { timeoutMs: 60_000 };

let on: DiscordStage;
afterEach(() => on.close());

test('a talk of several agents is heard in its thread under their names, a person takes part in it, and it goes on when it was over', async () => {
  const replies = ['Once a month, by script.', 'The tapes as well, then.', 'Ada does.'];
  let join: () => void = () => undefined;
  const joined = new Promise<void>((resolve) => {
    join = resolve;
  });
  on = await openDiscordStage(
    cast({
      'quality-assurance': [{ text: 'Mostly that nobody tests the restore. @dm, how often should we try it?' }],
      'decision-maker': async ({ prompts }) => {
        // The person speaks while the agents still do.
        await joined;
        const heard = prompts.join('\n');
        const answered = heard.includes('who does it?') ? 2 : heard.includes('And the tapes?') ? 1 : 0;
        return asJson({ text: replies[answered] });
      },
      'project-manager': [
        { scores: ['quality-assurance', 'decision-maker'].map((agent) => ({ agent, relevance: 0 })) },
      ],
    }),
  );
  const { discord, owner, general } = on;
  await on.serve();
  const words = 'What could go wrong with our backups? @qa';
  const talk = async (options: Readonly<Record<string, string>>) =>
    (await owner.uses(general, '/talk', options)).answered();
  expect((await talk({ text: 'Hello', to: 'qa, boss' })).content).toContain('There is no agent “boss”');
  const gossip = await talk({ text: 'Hello', topic: 'gossip' });
  await discord.until(() => gossip.content.startsWith('There is no topic “gossip”'), patience);

  const asked = await talk({ text: words, to: 'qa, @dm' });
  const said = () => saidInThread(asked).map(({ author, content }) => `${author.username}: ${content}`);
  await discord.until(() => said().some((line) => line.includes('nobody tests the restore')), patience);
  expect(saidInThread(asked)[0]?.content).toBe('💬 The team talks about it…');
  const thread = asked.thread;
  if (!thread) throw new Error('there is no thread');
  const tapes = owner.says(thread, '@dm And the tapes?');
  await discord.until(() => tapes.reactions.has('☑️'), patience);
  join();
  await discord.until(() => said().some((line) => line.includes('Nobody has anything to add')), patience);
  expect(said()).toContain(
    '🔍 Quality Assurance: Mostly that nobody tests the restore. @dm, how often should we try it?',
  );
  expect(said()).toContain('🧭 Decision Maker: The tapes as well, then.');
  await discord.until(() => saidInThread(asked)[0]?.content === '✅ Done', patience);
  expect(looksLike(saidInThread(asked)[0])).toMatch(/🔍 Quality Assurance 1 · 🧭 Decision Maker \d · 🙋 You 2/);

  owner.says(thread, 'Good. @dm who does it?');
  await discord.until(() => said().includes('🧭 Decision Maker: Ada does.'), patience);
  const [conversation] = await owner.completes(general, '/talk', { conversation: '' });
  const { stdout } = await run(on.person, ['messages', 'show', String(conversation?.value)]);
  expect(stdout).toMatch(/1\. 🙋 You\n {3}What could go wrong[\s\S]*🙋 You\n {3}@decision-maker And the tapes\?/);
  expect(stdout).toMatch(/🙋 You\n {3}Good\. @dm who does it\?\n[\s\S]*🧭 Decision Maker \(to \d\)\n {3}Ada does\./);
  expect(stdout.match(/And the tapes\?/g)).toHaveLength(1);
  expect(discord.violations).toEqual([]);
}, 240_000);
