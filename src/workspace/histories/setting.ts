import type { ShadowGit } from '../shadow-git/repository.ts';

export type HistorySetting = {
  /** `$SPIRAL_HOME`, absolute and after symlinks. */
  readonly stateRoot: string;
  readonly shadow: ShadowGit;
};
