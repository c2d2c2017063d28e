import type { Sandbox } from '../../sandbox/sandbox.ts';

export type WorktreeSetting = {
  /** `$SPIRAL_HOME`, absolute and after symlinks. */
  readonly stateRoot: string;
  readonly userHome: string;
  /** The clean environment of children. */
  readonly environment: Readonly<Record<string, string>>;
  readonly sandbox: Pick<Sandbox, 'run'>;
};
