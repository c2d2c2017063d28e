import type { Client } from 'discord.js';
import { failureOf } from '../outbox/failure.ts';

/** The id of a channel by its id, or by its name in any server of the bot; undefined when the bot sees none. */
export async function channelNamed(client: Client<true>, nameOrId: string): Promise<string | undefined> {
  const name = nameOrId.replace(/^#/, '');
  const found = client.channels.cache.find(
    (channel) => channel.id === name || ('name' in channel && channel.name === name && !channel.isThread()),
  );
  if (found) return found.id;
  return /^\d+$/.test(name) ? (await channelOf(client, name))?.id : undefined;
}

/** The channel that a thread hangs in, and any other channel itself. */
export async function parentOf(client: Client<true>, channelId: string): Promise<string> {
  const channel = await channelOf(client, channelId);
  return (channel?.isThread() ? channel.parentId : undefined) ?? channelId;
}

/** Undefined when it is gone, or the bot may not see it. Throws when Discord cannot be reached. */
export async function channelOf(client: Client<true>, channelId: string) {
  try {
    return (await client.channels.fetch(channelId)) ?? undefined;
  } catch (error) {
    if (failureOf(error) === 'later') throw error;
    return undefined;
  }
}
