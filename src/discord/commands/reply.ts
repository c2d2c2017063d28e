import type { AgentRole } from '../../domain/agent.ts';
import type { Wish } from '../../domain/task.ts';
import type { TalkWish } from '../../spiral/conversations.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import type { Dialog } from '../decisions/dialogs.ts';
import type { Actor } from '../decisions/permission.ts';
import type { Outgoing } from '../outbox/outgoing.ts';

/** What a slash command comes to. */
export type CommandReply =
  /** `isPrivate`: only whoever used it sees it. */
  | { readonly kind: 'reply'; readonly message: Outgoing; readonly isPrivate: boolean }
  | {
      readonly kind: 'submit';
      readonly agent: AgentRole;
      readonly text: string;
      readonly wish?: Wish;
      readonly talk?: TalkWish;
      /** The id of a project that it is built on. */
      readonly project?: string;
    }
  /** Goes on with a task that is over. */
  | { readonly kind: 'continue'; readonly task: TaskReport; readonly text?: string }
  | { readonly kind: 'dialog'; readonly dialog: Dialog }
  | { readonly kind: 'refused'; readonly problem: string };

/** What commands show that change nothing. */
export type Lists = Pick<
  Spiral,
  | 'pending'
  | 'resources'
  | 'tasks'
  | 'projects'
  | 'conversations'
  | 'findConversations'
  | 'messages'
  | 'report'
  | 'costs'
  | 'tools'
  | 'toolManual'
>;

export type CommandContext = {
  readonly spiral: Lists &
    Pick<Spiral, 'events' | 'grant' | 'answer' | 'decide' | 'stop' | 'findTasks' | 'merge' | 'say'>;
  /** Unique for what is asked, so that it is done once however often it arrives. */
  readonly key: string;
  readonly actor: Actor;
  readonly now: Date;
  readonly defaultAgent: AgentRole;
};
