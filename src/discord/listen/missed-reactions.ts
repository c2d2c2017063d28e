import type { Client, MessageReaction, User } from 'discord.js';
import type { Spiral } from '../../spiral.ts';
import { channelOf } from '../client/channels.ts';
import { decisionOfSign } from '../decisions/reactions.ts';
import { failureOf } from '../outbox/failure.ts';
import { questionKey } from '../outbox/keys.ts';
import type { Outbox } from '../outbox/outbox.ts';

/** Of the people who put one sign on one card. */
const mostPeople = 20;

/**
 * Reads the signs on the cards of requests for tools that still wait: whoever reacted while nobody listened is answered as well.
 * Read twice it changes nothing.
 */
export async function missedReactions(
  { client, spiral, outbox }: { client: Client<true>; spiral: Pick<Spiral, 'pending'>; outbox: Pick<Outbox, 'shown'> },
  read: (reaction: MessageReaction, user: User) => Promise<void>,
): Promise<void> {
  for (const question of await spiral.pending()) {
    const at = question.kind === 'tool-request' ? await outbox.shown(questionKey(question)) : undefined;
    if (!at) continue;
    try {
      const channel = await channelOf(client, at.channelId);
      if (!channel?.isTextBased()) continue;
      const card = await channel.messages.fetch({ message: at.messageId, force: true });
      for (const reaction of card.reactions.cache.values()) {
        const isOursAlone = reaction.count <= (reaction.me ? 1 : 0);
        if (isOursAlone || !decisionOfSign(reaction.emoji.name ?? '')) continue;
        for (const user of (await reaction.users.fetch({ limit: mostPeople })).values()) await read(reaction, user);
      }
    } catch (error) {
      if (failureOf(error) === 'later') throw error;
      // The card was deleted, or the bot may no longer read there.
    }
  }
}
