import type { Settings } from './environment.ts';
import type { ConfigFile } from './schema.ts';
import { type Secret, secretOf } from './secret.ts';

export type DiscordConfig = {
  /** Undefined: there is no bot. */
  readonly botToken?: Secret | undefined;
  /** Ids of the users that may talk to the bot; empty admits nobody. */
  readonly whitelist: readonly string[];
  readonly notificationChannel?: string | undefined;
};

/** [discord] with the token of the environment before that of the file, and a notice for who is not admitted. */
export function discordOf(
  { discord }: ConfigFile,
  settings: Settings,
): { readonly config: DiscordConfig; readonly notices: readonly string[] } {
  const botToken = secretOf(settings.get('DISCORD_BOT_TOKEN')?.value ?? discord.bot_token);
  const whitelist = discord.whitelist.filter((user) => user !== '');
  const notices = whitelist.flatMap((user, index) =>
    /^\d+$/.test(user)
      ? []
      : `discord.whitelist: entry ${index + 1} is not the id of a user, which is a number, and admits nobody`,
  );
  if (botToken !== undefined && whitelist.length === 0) {
    notices.push('discord.whitelist is empty: the Discord bot answers nobody');
  }
  return { config: { botToken, whitelist, notificationChannel: discord.notification_channel }, notices };
}
