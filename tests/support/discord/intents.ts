/** Which session hears of what. Discord developer docs: "Gateway: List of Intents" and "Message Content Intent". */
import { GatewayIntentBits as Intent } from 'discord-api-types/v10';
import { permissionsOf } from './permissions.ts';
import type { News, World } from './world.ts';

const allIntents = Object.values(Intent)
  .filter((bit) => typeof bit === 'number')
  .reduce((sum, bit) => sum | bit, 0);

/** The code with which the gateway closes on these intents, or nothing. */
export function refusalOfIntents(world: World, intents: unknown): 4013 | 4014 | undefined {
  if (typeof intents !== 'number' || !Number.isInteger(intents) || intents & ~allIntents) return 4013;
  const { messageContent, guildMembers, presences } = world.application;
  const forbidden =
    (messageContent ? 0 : Intent.MessageContent) |
    (guildMembers ? 0 : Intent.GuildMembers) |
    (presences ? 0 : Intent.GuildPresences);
  return intents & forbidden ? 4014 : undefined;
}

export function hears(world: World, intents: number, { event, channel }: News): boolean {
  const isPrivate = channel?.type === 1;
  const needed = intentOf(event, isPrivate);
  if (needed !== 0 && !(intents & needed)) return false;
  if (event === 'INTERACTION_CREATE' || event === 'CHANNEL_DELETE' || event === 'CHANNEL_UPDATE') return true;
  return !channel || permissionsOf(world, world.bot.id, channel) > 0n;
}

function intentOf(event: string, isPrivate: boolean): number {
  if (event === 'INTERACTION_CREATE') return 0;
  if (event.startsWith('MESSAGE_REACTION_')) {
    return isPrivate ? Intent.DirectMessageReactions : Intent.GuildMessageReactions;
  }
  if (event.startsWith('MESSAGE_')) return isPrivate ? Intent.DirectMessages : Intent.GuildMessages;
  if (event.startsWith('GUILD_MEMBER_')) return Intent.GuildMembers;
  return Intent.Guilds;
}
