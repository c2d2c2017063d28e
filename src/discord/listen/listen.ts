import { setTimeout as delay } from 'node:timers/promises';
import { Events, type Message } from 'discord.js';
import type { Attachment } from '../../spiral/surface.ts';
import { channelOf } from '../client/channels.ts';
import type { Places } from '../follow/places.ts';
import { reasonOf } from '../outbox/failure.ts';
import { type Records, surface } from '../outbox/posts.ts';
import { listeningTo } from '../receive/channels.ts';
import { catchUp } from './catch-up.ts';
import { filesOf } from './files.ts';
import { changeReader } from './hear-change.ts';
import { interactionReader } from './hear-interaction.ts';
import { type HearNeeds, listeningIn, messageReader } from './hear-message.ts';
import { reactionReader } from './hear-reaction.ts';
import { missedReactions } from './missed-reactions.ts';
import { peopleOf } from './people.ts';
import { seenOf } from './seen.ts';
import { tasksOf } from './tasks.ts';
import { type LaterWish, wishesOf } from './wishes.ts';

export type ListenNeeds = Omit<HearNeeds, 'people' | 'tasks' | 'wishes'> & {
  readonly records: Records;
  readonly places: Places;
  /** One line for whoever runs it. */
  readonly tell: (line: string) => void;
};

const firstRetryMs = 500;
const lastRetryMs = 30_000;
const tries = 6;

/** Reads everything that people write, press and mark, in the order of each channel. */
export async function listen(needs: ListenNeeds) {
  const { client, records, settings, homes, tell, now } = needs;
  const wishes = wishesOf(records);
  const tasks = tasksOf(needs);
  const people = peopleOf(needs);
  const hearing: HearNeeds = { ...needs, wishes, tasks, people };
  const read = messageReader(hearing);
  const interact = interactionReader(hearing);
  const react = reactionReader(hearing);
  const { changed, deleted } = changeReader(hearing);
  const seen = seenOf(records);
  const closing = new AbortController();
  /** What is being read in each channel. */
  const reading = new Map<string, Promise<void>>();

  /** One after another in each channel; what fails for a while, as when the database is away, is tried again. */
  function inOrder(channelId: string, deed: () => Promise<void>): Promise<void> {
    const before = reading.get(channelId) ?? Promise.resolve();
    const done = before
      .then(() => tried(deed))
      .finally(() => reading.get(channelId) === done && reading.delete(channelId));
    reading.set(channelId, done);
    return done;
  }

  async function tried(deed: () => Promise<void>): Promise<void> {
    for (let attempt = 1; !closing.signal.aborted; attempt += 1) {
      try {
        return await deed();
      } catch (error) {
        if (attempt === tries) return tell(`What was said in Discord could not be taken: ${reasonOf(error)}`);
        await delay(firstRetryMs * 2 ** attempt, undefined, { signal: closing.signal }).catch(() => undefined); // Seen above.
      }
    }
  }

  function hear(message: Message): Promise<void> {
    return inOrder(message.channelId, async () => {
      const last = await seen.of(message.channelId);
      if (last !== undefined && BigInt(message.id) <= BigInt(last)) return;
      if (last === undefined && message.channel.isDMBased()) await seen.isDirect(message.channelId);
      await read(message);
      await seen.see(message.channelId, message.id);
    });
  }

  const once = (deed: Promise<unknown>) => {
    deed.catch((error: unknown) => tell(`Something in Discord could not be answered: ${reasonOf(error)}`));
  };
  const catchUpNow = async () => {
    await catchUp(
      {
        client,
        seen,
        homes,
        now,
        isListenedTo: (channelId) => {
          const channel = client.channels.cache.get(channelId);
          const name = channel && 'name' in channel && channel.name ? { channelName: channel.name } : {};
          return listeningTo({ channelId, ...name, isDirect: false }, settings).isHeard;
        },
      },
      hear,
    );
    await missedReactions(needs, react);
  };

  /** However long Discord does not give it. */
  async function readMissed(): Promise<void> {
    for (let retryMs = firstRetryMs; !closing.signal.aborted; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
      try {
        return await catchUpNow();
      } catch (error) {
        if (retryMs === firstRetryMs) tell(`What was written meanwhile cannot be read yet: ${reasonOf(error)}`);
        await delay(retryMs, undefined, { signal: closing.signal }).catch(() => undefined); // Seen above.
      }
    }
  }

  /** What is heard waits until whatever was said before it is read: otherwise that would count as seen. */
  let whole: Promise<void> = readMissed();
  /** Ends the gap of a connection that is away. */
  let mended: ((missed?: Promise<void>) => void) | undefined;
  client.on(Events.MessageCreate, (message) => {
    // Our own say nothing new, and are the most.
    if (message.author.id === client.user.id || !listeningIn(message, settings).isHeard) return;
    once(whole.then(() => hear(message)));
  });
  client.on(Events.MessageUpdate, (before, after) => once(inOrder(after.channelId, () => changed(before, after))));
  client.on(Events.MessageDelete, (message) => once(inOrder(message.channelId, () => deleted(message))));
  client.on(Events.InteractionCreate, (interaction) => once(interact(interaction)));
  client.on(Events.MessageReactionAdd, (reaction, user) => once(react(reaction, user)));
  client.on(Events.ShardReconnecting, () => {
    if (!mended) whole = new Promise((resolve) => (mended = resolve));
  });
  client.on(Events.ShardResume, () => {
    mended?.();
    mended = undefined;
  });
  // After a connection that could not be resumed: what was missed is read.
  client.on(Events.ShardReady, () => {
    const missed = readMissed();
    if (mended) mended(missed);
    else whole = missed;
    mended = undefined;
  });

  /** Goes on with what was said in a thread while its task was at work. */
  async function goOnWith(threadId: string): Promise<void> {
    const kept = await wishes.of(threadId);
    const taskId = await homes.inThread(threadId);
    const [first] = kept;
    const task = taskId && (await needs.spiral.findTasks(taskId)).find(({ id }) => id === taskId);
    if (!first || !task || task.state.kind !== 'finished') return;
    const begun = await tasks.goOn(task, {
      key: `discord-${first.messageId}`,
      text: kept.map(({ text }) => text).join('\n\n'),
      agent: task.agent,
      attachments: await filesOfAll(threadId, kept),
      personId: first.personId,
      at: { channelId: threadId, messageId: first.messageId },
      isTheirs: true,
      isInThread: true,
      mayHaveThread: false,
    });
    if (begun.kind === 'refused') tell(`A wish in Discord could not be done: ${begun.problem} ${begun.cure}`);
    for (const { messageId } of kept) await records.forget(surface, `wish:${threadId}:${messageId}`);
  }

  /** Of messages that are still there. */
  async function filesOfAll(threadId: string, kept: readonly LaterWish[]): Promise<Attachment[]> {
    const thread = await channelOf(client, threadId);
    if (!thread?.isTextBased()) return [];
    const files: Attachment[] = [];
    for (const { messageId } of kept) {
      const message = await thread.messages.fetch(messageId).catch(() => undefined); // It was deleted meanwhile.
      if (message) files.push(...(await filesOf(message, settings.apiBase)).files);
    }
    return files;
  }

  return {
    /** Resolves when whatever was said until now has its place. */
    settled: tasks.settled,
    /** The task of a thread is over: what was said meanwhile is done next. */
    taskIsOver: (threadId: string) => inOrder(threadId, () => goOnWith(threadId)),
    async resume(): Promise<void> {
      await whole;
      for (const threadId of await wishes.threads()) await inOrder(threadId, () => goOnWith(threadId));
    },
    async close(): Promise<void> {
      closing.abort();
      await Promise.all(reading.values());
    },
  };
}
