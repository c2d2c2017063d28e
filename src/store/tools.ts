import type { Tool, ToolFiles, ToolManifest, ToolProvenance, ToolUse, ToolVersion } from '../domain/tool.ts';

/** A version as it is published, with everything that it consists of. */
export type NewToolVersion = {
  readonly manifest: ToolManifest;
  readonly files: ToolFiles;
  readonly digest: string;
  readonly provenance: ToolProvenance;
};

export type Published =
  | { readonly kind: 'published'; readonly version: ToolVersion }
  /** There is this version already, with other contents, or one that is higher. */
  | { readonly kind: 'taken'; readonly latest: string };

/** A tool whose served version is not what was adopted any more. */
export type DamagedTool = Pick<Tool, 'status'> & {
  readonly name: string;
  readonly version: string;
  /** In a part of a line. */
  readonly problem: string;
};

/**
 * The tools that were adopted. The rows, with the contents of every version, are what counts; folders are made from them.
 * Every change is news (`tool.registered`, `tool.served`, `tool.retired`, `tool.restored`, `tool.used`) in the same transaction.
 */
export interface ToolStore {
  /**
   * Publishes a version, which is served from then on, also when the tool was retired. Published again with the same contents
   * it is the one that is there, and nothing changes. Throws `ToolNotPublishable`.
   */
  publish(version: NewToolVersion): Promise<Published>;
  /** Throws `ToolRowDamaged`. */
  get(name: string): Promise<Tool | undefined>;
  /** By name; without those whose rows cannot be read, of which `damaged` tells. */
  list(status?: Tool['status']): Promise<Tool[]>;
  /** By name: those whose rows cannot be read, and those whose files are not what was adopted. */
  damaged(): Promise<DamagedTool[]>;
  /** Oldest first; without those whose rows cannot be read. */
  versions(name: string): Promise<ToolVersion[]>;
  /** Undefined when there is no such version, or what is there has not the form of files. */
  files(name: string, version: string): Promise<ToolFiles | undefined>;
  /** Serves another version that was published. False when there is none, or it is served already. */
  serve(name: string, version: string, reason: string): Promise<boolean>;
  /** Takes it away from everybody, or offers it again; nothing of it is deleted. False when nothing changed. */
  retire(name: string, reason: string): Promise<boolean>;
  restore(name: string): Promise<boolean>;
  /** Notes that a person wants it though nobody uses it; false when there is no such tool. */
  keep(name: string): Promise<boolean>;
  /** Counts a call; nothing happens when there is no such tool. */
  used(use: ToolUse): Promise<void>;
  /** How the last calls of a version ended, latest first; only those after a moment, where it is given. */
  lastUses(name: string, version: string, limit: number, since?: Date): Promise<ToolUse['outcome'][]>;
  /** Rises with every change of what is served; for whoever keeps a list of it. */
  revision(): Promise<number>;
}

/** What was handed over is not what the gate saw, or cannot lie in a folder; nothing was saved. */
export class ToolNotPublishable extends Error {
  override readonly name = 'ToolNotPublishable';
  constructor(tool: string, version: string, reason: string) {
    super(`the tool ${tool} ${version} cannot be published: ${reason}`);
  }
}

/** The row of a version cannot be read; all others can. */
export class ToolRowDamaged extends Error {
  override readonly name = 'ToolRowDamaged';
  readonly version: string;
  readonly problem: string;
  readonly cure: string;
  constructor(tool: string, version: string, problem: string) {
    super(`what the database has of the tool ${tool} ${version} is damaged: ${problem}`);
    this.version = version;
    this.problem = problem;
    this.cure = 'Restore the database from a backup.';
  }
}
