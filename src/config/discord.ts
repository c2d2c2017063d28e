import { type AgentRole, roleNamed } from '../domain/agent.ts';
import type { Settings } from './environment.ts';
import type { ConfigFile } from './schema.ts';
import { type Secret, secretOf } from './secret.ts';

export type DiscordConfig = {
  /** Undefined: there is no bot. */
  readonly botToken?: Secret | undefined;
  /** Ids of the users, and of the roles of a server, that may talk to the bot; when both are empty nobody may. */
  readonly whitelist: readonly string[];
  readonly roles: readonly string[];
  /** Ids of the users that may decide; undefined: everybody who may talk to the bot. */
  readonly approvers?: readonly string[] | undefined;
  readonly notificationChannel?: string | undefined;
  /** Who gets a message that names nobody. */
  readonly defaultAgent: AgentRole;
  /** Of one user. */
  readonly messagesPerMinute: number;
  /** 0: never. */
  readonly remindAfterSeconds: number;
  /** In place of Discord itself, without a slash at its end. */
  readonly apiBase?: string | undefined;
  /** By name or id. */
  readonly channels: readonly { readonly channel: string; readonly repository?: string }[];
};

/** [discord] with the token of the environment before that of the file, and a notice for who is not admitted. */
export function discordOf(
  { discord }: ConfigFile,
  settings: Settings,
  userHome: string,
): { readonly config: DiscordConfig; readonly notices: readonly string[] } {
  const botToken = secretOf(settings.get('DISCORD_BOT_TOKEN')?.value ?? discord.bot_token);
  const whitelist = discord.whitelist.filter((user) => user !== '');
  const roles = discord.roles.filter((role) => role !== '');
  const approvers = discord.approvers?.filter((user) => user !== '');
  const notices = [
    ...strange('whitelist', whitelist, 'of a user', 'admits nobody'),
    ...strange('roles', roles, 'of a role', 'admits nobody'),
    ...strange('approvers', approvers ?? [], 'of a user', 'lets nobody decide'),
  ];
  if (botToken !== undefined && whitelist.length === 0 && roles.length === 0) {
    notices.push('discord.whitelist is empty: the Discord bot answers nobody');
  }
  return {
    config: {
      botToken,
      whitelist,
      roles,
      approvers,
      notificationChannel: discord.notification_channel,
      defaultAgent: roleNamed(discord.default_agent) ?? 'developer',
      messagesPerMinute: discord.messages_per_minute,
      remindAfterSeconds: discord.remind_after,
      apiBase: discord.api_base?.replace(/\/+$/, ''),
      channels: Object.entries(discord.channels).map(([channel, { repo }]) => ({
        channel,
        ...(repo === undefined ? {} : { repository: repo.replace(/^~(?=\/)/, () => userHome) }),
      })),
    },
    notices,
  };
}

function strange(key: string, ids: readonly string[], whose: string, consequence: string): string[] {
  return ids.flatMap((id, index) =>
    /^\d+$/.test(id)
      ? []
      : [`discord.${key}: entry ${index + 1} is not the id ${whose}, which is a number, and ${consequence}`],
  );
}
