import type { CommandContext } from '../command-context.ts';

/** What the files that add commands need. What a command does is loaded when it is called: `--help` must be quick. */
export type CommandSetting = {
  /** Takes the exit code of a command. */
  readonly end: (exitCode: number) => void;
  readonly context: () => CommandContext;
};
