import type { AgentRole } from '../domain/agent.ts';
import type { Check } from '../domain/check.ts';
import type { TaskId } from '../domain/identifiers.ts';
import type { Spiral, Stopped } from '../spiral.ts';

/** A file that somebody sent with what they asked for. */
export type Attachment = {
  /** As it was sent: it is made safe before it names anything. */
  readonly name: string;
  readonly content: Uint8Array;
};

/** Files of finished work, for somebody who cannot look into its folder. */
export type Deliverables = {
  /** The folder that the work lies in. */
  readonly workspace: string;
  /** What was made or changed and may be shown, whole, the smallest first; empty when it is too much. */
  readonly files: readonly Attachment[];
  /** All of that in one archive, and the changes as one patch; each absent when it would be too large. */
  readonly zip?: Attachment;
  readonly patch?: Attachment;
  /** Paths that are kept back: they look like secrets, or are no files of the workspace. */
  readonly withheld: readonly string[];
};

/** What a surface remembers of the outside, for example where a card stands. The value is JSON. */
export type SurfaceRecord = { readonly key: string; readonly value: unknown; readonly savedAt: Date };

/** What surfaces need that live longer than one command. */
export interface SurfaceFace {
  /** What was saved under a key by the surface of that name. */
  recall(surface: string, key: string): Promise<unknown>;
  /** Everything whose key begins so, oldest first. */
  recallAll(surface: string, keyPrefix: string): Promise<SurfaceRecord[]>;
  remember(surface: string, key: string, value: unknown): Promise<void>;
  /** Saves only when there is nothing under the key yet; of several callers one gets true. */
  rememberOnce(surface: string, key: string, value: unknown): Promise<boolean>;
  forget(surface: string, key: string): Promise<void>;
  /** Changes what a task asks for as long as no prompt was spent for it; false when it is too late, or unknown. */
  reword(taskId: TaskId, text: string): Promise<boolean>;
  /** Ends the processes of a task, or of all, at once, and sees that they do not begin again. */
  stop(task: TaskId | 'all'): Promise<Stopped>;
  /**
   * The files that a finished task made or changed.
   *
   * @param limits bytes of all files together, and how many
   */
  deliverables(
    taskId: TaskId,
    limits: { readonly bytes: number; readonly files: number },
  ): Promise<Deliverables | undefined>;
}

/** `[discord]` with its defaults. */
export type DiscordSettings = {
  readonly token: string;
  /** Ids of users, and of roles of a server, that may talk to the bot. */
  readonly whitelist: readonly string[];
  readonly roles: readonly string[];
  /** Ids of users that may decide, grant, adopt, merge and stop everything; everybody who may talk when it is undefined. */
  readonly approvers?: readonly string[];
  /** Name or id; where what was not born in Discord is told. */
  readonly notificationChannel?: string;
  /** Who gets a message that names nobody. */
  readonly defaultAgent: AgentRole;
  /** Channels by name or id, with the repository that is worked on there. When there are any, no other channel is listened to. */
  readonly channels: readonly { readonly channel: string; readonly repository?: string }[];
  /** How much one user may ask for in a minute. */
  readonly messagesPerMinute: number;
  /** After so many seconds a question that nobody answered is told of again; 0: never. */
  readonly remindAfterSeconds: number;
  /** In place of Discord itself, without a slash at the end. */
  readonly apiBase?: string;
};

/** Discord beside `spiral serve`. */
export type DiscordSurface = {
  /**
   * Is in Discord until the signal aborts. A mistake of the set-up ends it with one line of what to do; everything else goes on.
   *
   * @param tell one line for whoever started it
   */
  readonly run: (
    spiral: Spiral,
    settings: DiscordSettings,
    tell: (line: string) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly diagnose: (settings: DiscordSettings) => Promise<readonly Check[]>;
};
