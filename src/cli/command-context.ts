import type { DiscordSurface } from '../spiral/surface.ts';
import type { Installation } from '../spiral.ts';

/** What every command gets. */
export type CommandContext = {
  /** Loads the system; called by commands that need it. */
  readonly installation: () => Promise<Installation>;
  /** Loads what is in Discord beside `serve`. */
  readonly discord: () => Promise<DiscordSurface>;
  /** The file given with `--config`. */
  readonly configPath?: string;
};
