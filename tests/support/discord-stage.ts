import type { Script } from '../../src/rehearsal/server.ts';
import { type DiscordStage, type DiscordStageOptions, discordStageOn } from './discord-machine.ts';
import { embedded, type Installation } from './installations.ts';

/** A machine that serves, with its bot in a Discord; with nothing else configured unless an installation is named. */
export function openDiscordStage(
  script: Script,
  { installation = embedded, ...options }: DiscordStageOptions & { readonly installation?: Installation } = {},
): Promise<DiscordStage> {
  return discordStageOn(installation.stage, script, options);
}
