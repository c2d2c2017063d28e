import { setTimeout as pause } from 'node:timers/promises';
import { bash, play, say, write } from '../src/rehearsal/play.ts';
import type { Script } from '../src/rehearsal/server.ts';
import { discordStageOn, looksLike, saidInThread } from '../tests/support/discord-machine.ts';
import { silent } from '../tests/support/plays.ts';
import { stageWith } from '../tests/support/stage.ts';
import { figuresOf, printTable, told } from './figures.ts';

const steps = 25;
/** Together five minutes. */
const stepSeconds = 12;
const promisedMessages = 6;
const promisedStopMs = 1_000;
const patience = { timeoutMs: 10 * 60_000 };
const usualStops = 3;

/** Nothing configured beside. */
const alone = (script: Script, exported: Readonly<Record<string, string>>) =>
  stageWith(script, exported, async () => undefined);

/** How much a task of five minutes says in Discord, and how soon STOP holds while a model hangs. */
export async function discordBench({ pairs = usualStops } = {}): Promise<void> {
  await fiveMinutes();
  const stops: Awaited<ReturnType<typeof stopped>>[] = [];
  for (let count = 0; count < pairs; count += 1) stops.push(await stopped());
  const signs = figuresOf(stops.map(({ signMs }) => signMs));
  printTable([
    ['STOP to its sign, which says that all processes are ended; the model hangs', told(signs, 'ms')],
    [`below ${promisedStopMs} ms in the middle`, signs.median < promisedStopMs ? 'kept' : 'NOT KEPT'],
    ['STOP to the card that says so', told(figuresOf(stops.map(({ cardMs }) => cardMs)), 'ms')],
  ]);
}

async function fiveMinutes(): Promise<void> {
  const on = await discordStageOn(
    alone,
    play([
      [
        ...Array.from({ length: steps }, (_, step) => [
          say(`Working on part ${step + 1}…`),
          bash(`sleep ${stepSeconds}`, `Part ${step + 1}`),
          write(`part-${step + 1}.txt`, `part ${step + 1}\n`),
        ]),
        [say('All parts are there.')],
      ],
    ]),
    { more: '[claude_code]\ntimeout = 1200' },
  );
  try {
    await on.serve();
    const asked = on.owner.says(on.general, 'Write twenty-five parts');
    await on.discord.until(() => asked.reactions.has('✅') || asked.reactions.has('❌'), patience);
    const said = saidInThread(asked);
    const edits = said[0]?.history.map(({ at }) => at) ?? [];
    const gaps = edits.slice(1).map((at, index) => at - (edits[index] ?? at));
    printTable([
      ['task', `${Math.round(((edits.at(-1) ?? 0) - (edits[0] ?? 0)) / 1000)} s`],
      ['messages', `${said.length}`],
      ['changes of the card', `${gaps.length}`],
      ['least time between two of them', `${Math.min(...gaps)} ms`],
      [`at most ${promisedMessages} messages`, said.length <= promisedMessages ? 'kept' : 'NOT KEPT'],
      ['refused by Discord', `${on.discord.violations.length}`],
    ]);
  } finally {
    await on.close();
  }
}

/** Milliseconds from the word to its sign, which comes when the processes are ended, and to the card. */
async function stopped(): Promise<{ readonly signMs: number; readonly cardMs: number }> {
  const on = await discordStageOn(alone, silent);
  try {
    await on.serve();
    const asked = on.owner.says(on.general, 'Wait for ever');
    await on.discord.until(() => looksLike(saidInThread(asked)[0]).includes('1/50 prompts'), patience);
    // The card may be changed again at once only when its last change is long enough ago.
    await pause(2_500);
    const { thread } = asked;
    if (!thread) throw new Error('there is no thread');
    const from = Date.now();
    const stop = on.owner.says(thread, 'STOP');
    await on.discord.until(() => stop.reactions.has('🛑'), patience);
    const signMs = Date.now() - from;
    await on.discord.until(() => saidInThread(asked)[0]?.content.startsWith('🛑'), patience);
    return { signMs, cardMs: Date.now() - from };
  } finally {
    await on.close();
  }
}
