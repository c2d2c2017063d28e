import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from '../../src/rehearsal/server.ts';
import { type Discord, type DiscordOptions, openDiscord } from './discord/open-stand-in.ts';
import type { Person as Chatter } from './discord/person.ts';
import type { Channel, Message } from './discord/world.ts';
import { type Running, start } from './program.ts';
import type { Stage } from './stage.ts';

/** A machine that serves, with its bot in a Discord. */
export type DiscordStage = Stage & {
  readonly discord: Discord;
  /** May talk and decide. */
  readonly owner: Chatter;
  /** May talk; decides as the settings say. */
  readonly colleague: Chatter;
  readonly general: Channel;
  /** Starts `spiral serve`. */
  start(): Running;
  /** The same, and resolves when the bot is there. */
  serve(): Promise<Running>;
};

export type DiscordStageOptions = {
  readonly discord?: DiscordOptions;
  /** More lines of `[discord]`; `APPROVER` stands for the id of the owner. */
  readonly settings?: readonly string[];
  /** More of the configuration. */
  readonly more?: string;
};

/** @param open a person with a model that answers from the script, and these variables in their shell */
export async function discordStageOn(
  open: (script: Script, exported: Readonly<Record<string, string>>) => Promise<Stage>,
  script: Script,
  options: DiscordStageOptions = {},
): Promise<DiscordStage> {
  const discord = await openDiscord(options.discord);
  const owner = discord.person('ada');
  const colleague = discord.person('grace');
  const stage = await open(script, { DISCORD_BOT_TOKEN: discord.token });
  const home = stage.person.environment['SPIRAL_HOME'] ?? '';
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lines = [
    '[discord]',
    `whitelist = ["${owner.id}", "${colleague.id}"]`,
    `api_base = "${discord.apiBase}"`,
    ...(options.settings ?? []).map((line) => line.replace('APPROVER', owner.id)),
    options.more ?? '',
  ];
  writeFileSync(join(home, 'config.toml'), lines.join('\n'), { mode: 0o600 });
  const running: Running[] = [];
  const begin = () => {
    const serving = start(stage.person, ['serve']);
    running.push(serving);
    return serving;
  };
  return {
    ...stage,
    discord,
    owner,
    colleague,
    general: discord.channel('general'),
    start: begin,
    async serve() {
      const serving = begin();
      await serving.told('serves this machine');
      await serving.told('is there, in 1 server');
      return serving;
    },
    async close() {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all(running.map((one) => one.ended()));
      await stage.close();
      await discord.close();
    },
  };
}

/** What the bot said in the thread of a message, oldest first. */
export function saidInThread(message: Message): readonly Message[] {
  return (message.thread?.messages ?? []).filter(({ author }) => author.bot);
}

/** The newest look of a message with all its texts. */
export function looksLike(message: Message | undefined): string {
  return message ? `${message.content}\n${JSON.stringify(message.embeds)}` : '';
}
