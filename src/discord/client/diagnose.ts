import { REST } from 'discord.js';
import {
  type APIApplication,
  type APIChannel,
  type APIGuild,
  type APIGuildMember,
  type APIUser,
  ApplicationFlags,
  type RESTAPIPartialCurrentUserGuild,
  Routes,
} from 'discord-api-types/v10';
import type { Check } from '../../domain/check.ts';
import type { DiscordSettings } from '../../spiral/surface.ts';
import { reasonOf } from '../outbox/failure.ts';
import { problemOf } from './connect.ts';
import { inviteLink, missingPermissions, permissionsIn } from './permissions.ts';

const waitMs = 10_000;
const messageContent = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;

/** What `spiral doctor` sees of Discord: token, intent, people, servers with what the bot may do there, the channel for news. */
export async function diagnose(settings: DiscordSettings): Promise<Check[]> {
  const rest = new REST({
    version: '10',
    timeout: waitMs,
    retries: 0,
    ...(settings.apiBase === undefined ? {} : { api: `${settings.apiBase}/api` }),
  }).setToken(settings.token);
  try {
    const [user, application, guilds] = await Promise.all([
      rest.get(Routes.user()) as Promise<APIUser>,
      rest.get(Routes.currentApplication()) as Promise<APIApplication>,
      rest.get(Routes.userGuilds()) as Promise<RESTAPIPartialCurrentUserGuild[]>,
    ]);
    return [
      { name: 'Discord bot', status: 'ok', found: `${user.username}; invite it: ${inviteLink(application.id)}` },
      intentCheck(application),
      peopleCheck(settings),
      ...serverChecks(guilds, application.id),
      ...(await channelChecks(rest, settings, guilds, user.id)),
    ];
  } catch (error) {
    const problem = problemOf(error);
    return [
      problem
        ? { name: 'Discord bot', status: 'problem', found: problem.problem, cure: problem.cure }
        : {
            name: 'Discord bot',
            status: 'warning',
            found: `Discord cannot be reached: ${reasonOf(error)}`,
            cure: 'See whether this machine reaches discord.com; spiral serve tries it again by itself.',
          },
    ];
  }
}

function intentCheck({ flags }: APIApplication): Check {
  const name = 'Discord intent';
  if (flags !== undefined && (flags & messageContent) !== 0) {
    return { name, status: 'ok', found: 'it may read what is written' };
  }
  return {
    name,
    status: 'problem',
    found: 'it may not read what is written: the Message Content intent is off',
    cure: 'discord.com/developers, your application, Bot, Message Content Intent: on',
  };
}

function peopleCheck({ whitelist, roles, approvers }: DiscordSettings): Check {
  const name = 'Discord people';
  if (whitelist.length + roles.length === 0) {
    return {
      name,
      status: 'warning',
      found: 'nobody may talk to it',
      cure: 'discord.whitelist = ["the id of a user"]: in Discord, Settings, Advanced, Developer Mode; then Copy User ID',
    };
  }
  const who = approvers === undefined ? 'all decide' : `${approvers.length} decide`;
  return { name, status: 'ok', found: `${whitelist.length} users and ${roles.length} roles may talk to it, ${who}` };
}

function serverChecks(guilds: readonly RESTAPIPartialCurrentUserGuild[], applicationId: string): Check[] {
  const name = 'Discord server';
  const cure = `Open the invite link again: ${inviteLink(applicationId)}`;
  if (guilds.length === 0) return [{ name, status: 'problem', found: 'it is in no server', cure }];
  return guilds.map((guild) => {
    const missing = missingPermissions(BigInt(guild.permissions));
    if (missing.length === 0) return { name, status: 'ok', found: guild.name };
    const status = missing.every(({ isOptional }) => isOptional) ? 'warning' : 'problem';
    const names = missing.map((permission) => permission.name).join(', ');
    return { name, status, found: `${guild.name}: it may not ${names}`, cure };
  });
}

async function channelChecks(
  rest: REST,
  { notificationChannel }: DiscordSettings,
  guilds: readonly RESTAPIPartialCurrentUserGuild[],
  botId: string,
): Promise<Check[]> {
  const name = 'Discord channel';
  if (notificationChannel === undefined) return [];
  for (const { id } of guilds) {
    const channels = (await rest.get(Routes.guildChannels(id))) as APIChannel[];
    const wanted = notificationChannel.replace(/^#/, '');
    const channel = channels.find((one) => one.id === wanted || ('name' in one && one.name === wanted));
    if (!channel) continue;
    const missing = missingPermissions(await permissionsOf(rest, id, channel, botId)).filter(
      ({ isOptional }) => !isOptional,
    );
    if (missing.length === 0) return [{ name, status: 'ok', found: `#${wanted}` }];
    return [
      {
        name,
        status: 'problem',
        found: `#${wanted}: it may not ${missing.map((permission) => permission.name).join(', ')}`,
        cure: 'Give the bot these permissions in the settings of the channel.',
      },
    ];
  }
  return [
    {
      name,
      status: 'problem',
      found: `there is no channel ${notificationChannel} that it sees`,
      cure: 'Name another one in discord.notification_channel, or let the bot see it.',
    },
  ];
}

async function permissionsOf(rest: REST, guildId: string, channel: APIChannel, botId: string): Promise<bigint> {
  const [guild, member] = await Promise.all([
    rest.get(Routes.guild(guildId)) as Promise<APIGuild>,
    rest.get(Routes.guildMember(guildId, botId)) as Promise<APIGuildMember>,
  ]);
  return permissionsIn({
    guildId,
    memberId: botId,
    roles: guild.roles.filter(({ id }) => id === guildId || member.roles.includes(id)),
    overwrites: 'permission_overwrites' in channel ? (channel.permission_overwrites ?? []) : [],
  });
}
