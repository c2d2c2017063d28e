import { afterEach, expect, test } from 'vitest';
import { review } from '../../src/cli/__fixtures__/answers.ts';
import { play, say, write } from '../../src/rehearsal/play.ts';
import { asJson, cast } from '../../src/rehearsal/team/cast.ts';
import { gate } from '../integration/queue/gate.ts';
import { type DiscordStage, looksLike, saidInThread } from '../support/discord-machine.ts';
import { openDiscordStage } from '../support/discord-stage.ts';
import { run } from '../support/program.ts';

const patience = { timeoutMs: 60_000 };

let on: DiscordStage;
afterEach(() => on.close());

test('a talk of several agents is heard in its thread under their names, a person takes part in it, and it goes on when it was over', async () => {
  const replies = ['Once a month, by script.', 'The tapes as well, then.', 'Ada does.'];
  const [joined, isAsked, replied] = [gate(), gate(), gate()];
  on = await openDiscordStage(
    cast({
      'quality-assurance': [{ text: 'Mostly that nobody tests the restore. @dm, how often should we try it?' }],
      'decision-maker': async ({ prompts }) => {
        // The person speaks while the agents still do.
        await joined.opened;
        const heard = prompts.join('\n');
        if (heard.includes('who does it?')) {
          isAsked.open();
          await replied.opened;
        }
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
  joined.open();
  await discord.until(() => said().some((line) => line.includes('Nobody has anything to add')), patience);
  expect(said()).toContain(
    '🔍 Quality Assurance: Mostly that nobody tests the restore. @dm, how often should we try it?',
  );
  expect(said()).toContain('🧭 Decision Maker: The tapes as well, then.');
  await discord.until(() => saidInThread(asked)[0]?.content === '✅ Done', patience);
  expect(looksLike(saidInThread(asked)[0])).toMatch(/🔍 Quality Assurance 1 · 🧭 Decision Maker \d · 🙋 You 2/);

  owner.says(thread, 'Good. @dm who does it?');
  await isAsked.opened;
  // The conversation is the next task's by now: what is meant for the first one is said in it.
  const [first, second] = (await tasksOf()).toReversed();
  const concern = saidInThread(asked).find(({ content }) => content.includes('nobody tests the restore'));
  if (!first || !second || !concern) throw new Error('something is missing');
  const reply = owner.says(thread, 'Who pays for that?', { replyTo: concern });
  await discord.until(() => reply.reactions.has('☑️'), patience);
  const more = await (await owner.uses(general, '/continue', { task: first, text: 'And the keys?' })).answered();
  await discord.until(
    () => saidInThread(more).some(({ content }) => content.includes(`Said in the conversation of task ${second}`)),
    patience,
  );
  replied.open();
  await discord.until(() => said().includes('🧭 Decision Maker: Ada does.'), patience);
  const [conversation] = await owner.completes(general, '/talk', { conversation: '' });
  const { stdout } = await run(on.person, ['messages', 'show', String(conversation?.value)]);
  expect(stdout).toMatch(/1\. 🙋 You\n {3}What could go wrong[\s\S]*🙋 You\n {3}@decision-maker And the tapes\?/);
  expect(stdout).toMatch(/🙋 You\n {3}Good\. @dm who does it\?\n[\s\S]*🧭 Decision Maker \(to \d\)\n {3}Ada does\./);
  expect(stdout.match(/And the tapes\?/g)).toHaveLength(1);
  for (const words of ['Who pays for that?', 'And the keys?']) expect(stdout.split(words)).toHaveLength(2);
  expect(discord.violations).toEqual([]);
}, 240_000);

test('an agent that is named in the thread of another one’s task works in its folder; two that write do so one after the other', async () => {
  const written = gate();
  on = await openDiscordStage(
    cast({
      developer: async (...asked) => {
        await written.opened;
        return play([[[write('notes.txt', 'step 1\n')], [say('They are written.')]]])(...asked);
      },
      'quality-assurance': [review],
    }),
  );
  const { discord, owner, general } = on;
  await on.serve();
  const asked = owner.says(general, 'Write the notes');
  const thread = await discord.until(() => asked.thread, patience);
  await discord.until(() => looksLike(saidInThread(asked)[0]).includes('1/50 prompts'), patience);
  owner.says(thread, '@pm Build a shop around them');
  await discord.until(
    () => saidInThread(asked).some(({ content }) => /still works in that folder/.test(content)),
    patience,
  );
  written.open();
  await discord.until(() => saidInThread(asked).some(({ content }) => content.includes('Task completed')), patience);

  owner.says(thread, '@qa Review what was written');
  await discord.until(() => saidInThread(asked).some(({ content }) => content.includes(review.subject)), patience);
  const [reviewed, wrote] = await tasksOf();
  const { events } = await run(on.person, ['events', '--json']);
  const workspaces = [reviewed, wrote].map((id) =>
    events.flatMap((event) => (event.type === 'task.accepted' && event.taskId === id ? [event.workspace] : [])),
  );
  expect(workspaces[0]).toEqual([expect.stringMatching(/workspaces/)]);
  expect(workspaces[1]).toEqual(workspaces[0]);
  expect(discord.violations).toEqual([]);
}, 240_000);

/** Latest first. */
async function tasksOf(): Promise<string[]> {
  const { stdout } = await run(on.person, ['tasks']);
  return [...stdout.matchAll(/^([0-9a-z]{8}) /gm)].map(([, id = '']) => id);
}
