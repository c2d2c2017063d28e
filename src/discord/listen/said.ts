import type { AgentRole } from '../../domain/agent.ts';
import type { Wish } from '../../domain/task.ts';
import type { TalkWish } from '../../spiral/conversations.ts';
import type { Attachment } from '../../spiral/surface.ts';

/** What a person wants done, wherever in Discord they said it. */
export type Said = {
  /** Unique for it: the message or the command, so that it is done once however often it arrives. */
  readonly key: string;
  readonly text: string;
  readonly agent: AgentRole;
  readonly wish?: Wish;
  readonly talk?: TalkWish;
  readonly attachments: readonly Attachment[];
  readonly personId: string;
  /** The message that they wrote, or that answers their command. */
  readonly at: { readonly channelId: string; readonly messageId: string };
  /** False for the answer to a command, which is ours. */
  readonly isTheirs: boolean;
  /** A thread can be opened at the message. */
  readonly mayHaveThread: boolean;
  /** It was said inside a thread, which then is its home. */
  readonly isInThread: boolean;
  readonly repository?: string;
  /** The beginning of the id of a project that it is built on. */
  readonly project?: string;
};
