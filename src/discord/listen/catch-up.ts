import { ChannelType, type Client, type Message } from 'discord.js';
import { channelOf } from '../client/channels.ts';
import type { Homes } from '../follow/homes.ts';
import { failureOf } from '../outbox/failure.ts';
import type { Seen } from './seen.ts';

/** What is older was not meant to be done today. */
const oldestMs = 24 * 60 * 60 * 1000;
const atOnce = 100;
/** Each is a request; what was older is read when somebody writes there again. */
const mostThreads = 50;
const mostDirects = 50;

/**
 * Reads what people wrote while nobody listened, oldest first: in channels, threads and private channels where something was
 * read before. Where nothing was, it begins now.
 */
export async function catchUp(
  needs: {
    readonly client: Client<true>;
    readonly seen: Seen;
    readonly homes: Homes;
    readonly isListenedTo: (channelId: string) => boolean;
    readonly now: () => number;
  },
  read: (message: Message) => Promise<void>,
): Promise<void> {
  const { client, seen, now } = needs;
  for (const channelId of await channelsOf(needs)) {
    try {
      const channel = await channelOf(client, channelId);
      if (!channel?.isTextBased()) continue;
      // A thread of a task begins with that task, so all that was said in it is for us; its id is older than all of it.
      const after = (await seen.of(channelId)) ?? (channel.isThread() ? channelId : undefined);
      if (after === undefined) {
        if (channel.lastMessageId) await seen.see(channelId, channel.lastMessageId);
        continue;
      }
      let from = after;
      for (let isMore = true; isMore; ) {
        const missed = await channel.messages.fetch({ after: from, limit: atOnce, cache: false });
        for (const message of [...missed.values()].reverse()) {
          if (now() - message.createdTimestamp > oldestMs) await seen.see(channelId, message.id);
          else await read(message);
        }
        from = missed.firstKey() ?? from; // The newest comes first.
        isMore = missed.size === atOnce;
      }
    } catch (error) {
      if (failureOf(error) === 'later') throw error;
      // The bot may no longer read there.
    }
  }
}

async function channelsOf({
  client,
  seen,
  homes,
  isListenedTo,
}: Parameters<typeof catchUp>[0]): Promise<ReadonlySet<string>> {
  const channels = client.channels.cache.filter(
    (channel) => channel.type === ChannelType.GuildText && isListenedTo(channel.id),
  );
  return new Set([...channels.keys(), ...(await homes.threads(mostThreads)), ...(await seen.directs(mostDirects))]);
}
