import type { Installation } from '../spiral.ts';

/** What every command gets. */
export type CommandContext = {
  /** Loads the system; called by commands that need it. */
  readonly installation: () => Promise<Installation>;
  /** The file given with `--config`. */
  readonly configPath?: string;
};
