import type { AgentRole } from '../domain/agent.ts';
import type { ScopeLimit, Shortage } from '../domain/budget.ts';
import type { Conversation, Counts, Memory } from '../domain/conversation.ts';
import type { ConversationId, TaskId } from '../domain/identifiers.ts';
import type { DeadLetter, Mail, Message, Relevance } from '../domain/message.ts';
import type { MessageRequest, MessageResult } from '../domain/message-request.ts';
import type { Question } from '../domain/question.ts';

/** A conversation as it is first saved. */
export type NewConversation = Pick<Conversation, 'id' | 'taskId' | 'topic' | 'members' | 'allowance'>;

/** A message as somebody sends it. */
export type NewMessage = Pick<Message, 'author' | 'text' | 'mentions' | 'answers' | 'request' | 'result'> & {
  readonly conversationId: ConversationId;
  /** Unique in the conversation: sent again under the same key, it is the message that is there. */
  readonly key: string;
};

export type ConversationSummary = Conversation & {
  readonly counts: Counts;
  /** Of the last message; of the conversation when there is none. */
  readonly lastAt: Date;
  /** Mail that nobody has handled, and dead letters. */
  readonly unread: number;
  readonly dead: number;
};

/** How an agent deals with a mail. */
export type MailResult =
  /** Says nothing. */
  | { readonly kind: 'declined'; readonly reason: string; readonly relevance?: number }
  | {
      readonly kind: 'replied';
      readonly text: string;
      readonly mentions: readonly AgentRole[];
      readonly request?: MessageRequest;
      /** When it is what a request asks for. */
      readonly result?: MessageResult;
    }
  /** The mail stays where it is: whether it is answered is decided again afterwards. */
  | ({ readonly kind: 'escalated' } & Escalation);

/** A conversation is brought before a person, and is quiet until they have answered. */
export type Escalation = {
  readonly question: Omit<Question, 'askedAt' | 'taskId'>;
  readonly reason: string;
  /** Set when it is for the sake of this agent, which has used its messages. */
  readonly silenced?: AgentRole;
};

/** What became of a result. */
export type MailSettlement =
  | { readonly kind: 'settled'; readonly message?: Message }
  /** Somebody else had handled it, or the conversation is not open any more: nothing was saved. */
  | { readonly kind: 'passed' }
  /** There is no room for a reply any more: nothing was saved, and it is decided again. */
  | { readonly kind: 'no-room' };

/** What became of the prompt of a reply. */
export type Payment =
  | { readonly kind: 'paid' }
  | { readonly kind: 'short'; readonly shortage: Shortage }
  /** Somebody else had handled the mail, or the conversation is not open any more: nothing was spent. */
  | { readonly kind: 'passed' };

/** The sole right to handle the mail of a conversation, for as long as the process and its connection live. */
export type Claim = { release(): Promise<void> };

export interface ConversationStore {
  /** Saved again under the same id it is the conversation that is there. That of a finished task is closed. */
  open(conversation: NewConversation): Promise<Conversation>;
  get(id: ConversationId): Promise<ConversationSummary | undefined>;
  /** Whose id begins so; at most ten. */
  find(idPrefix: string): Promise<ConversationSummary[]>;
  /** Latest first. */
  list(limit: number): Promise<ConversationSummary[]>;
  /** Of a task, oldest first. */
  ofTask(taskId: TaskId): Promise<ConversationSummary[]>;
  /**
   * Sends a message: it, one mail for every member but its author, and `message.sent`, in one transaction. The numbers of a
   * conversation rise in the order in which messages become visible. Undefined when the conversation is closed or unknown,
   * or when an agent has no message left for it. What people say and what is requested always finds room.
   */
  publish(message: NewMessage): Promise<Message | undefined>;
  /** Messages with a number above `after`, in order. */
  messages(id: ConversationId, after: number, limit: number): Promise<Message[]>;
  message(id: ConversationId, number: number): Promise<Message | undefined>;

  /** Undefined while somebody else has it. Two claims of one process on one conversation exclude each other too. */
  claim(id: ConversationId): Promise<Claim | undefined>;
  /**
   * The next mail of a conversation, by the number of the message and then by the roles' order; undefined when there is
   * none that may be handled now. Mail that has to wait holds back what lies behind it in the inbox of its agent, and no
   * other inbox. Counts the attempt at once and puts the next one off by a growing pause, so that a handler
   * that dies is tried again. Mail that was tried `attempts` times becomes a dead letter (`message.undeliverable`) instead.
   * Nothing is given of a conversation that is not open, or whose task is finished.
   */
  take(id: ConversationId, attempts: number): Promise<Mail | undefined>;
  /** Makes mail that failed a dead letter at once, or, with attempts left, notes why; it is tried again later. */
  fail(mail: Mail, reason: string, attempts: number): Promise<void>;
  /** Gives mail back as if it had not been taken: it waits for something else, for example a limit or a pause. */
  giveBack(mail: Mail, until?: Date): Promise<void>;
  /**
   * Spends the prompt of a reply, in every scope or none, and in the task's own limit; `prompt.spent` tells of it. A mail
   * that was paid is not paid again.
   */
  pay(mail: Mail, limits: readonly ScopeLimit[]): Promise<Payment>;
  /**
   * Saves what an agent does with a mail, with what follows and the news, in one transaction. Mail is settled once. A reply is
   * a message (with mail for the others); it finds no room when the allowance is used up by then.
   */
  settle(mail: Mail, result: MailResult): Promise<MailSettlement>;
  /**
   * Brings an open conversation before a person although no mail wants it; for the sake of one agent at most once. False when
   * nothing was saved.
   */
  escalate(id: ConversationId, escalation: Escalation): Promise<boolean>;
  /** Keeps how relevant a message is; the first to say it counts, and is given back. */
  rate(id: ConversationId, number: number, relevance: Relevance): Promise<Relevance>;
  /** Keeps the summary of older messages; one that reaches less far than what is there is dropped. */
  remember(id: ConversationId, memory: Memory): Promise<void>;
  /**
   * Ends a conversation: what is left of its mail is declined. A question that a person was asked about it is answered by
   * that, and the task goes on that waits for it. False when it was closed before. The end of its task ends it as well.
   */
  close(id: ConversationId, reason: string): Promise<boolean>;
  /** A closed conversation is open again, for another task, with so many more messages. False when that task is finished. */
  reopen(id: ConversationId, taskId: TaskId, more: number): Promise<boolean>;

  /** Conversations with mail that may be handled now, with whose mail it is; of unfinished tasks. For whoever queues. */
  withMail(limit: number): Promise<{ readonly id: ConversationId; readonly agent: AgentRole }[]>;
  /** When the next mail of a conversation may be handled; undefined when nothing waits, or for something else than a time. */
  nextAt(id: ConversationId): Promise<Date | undefined>;
  /** Latest first. */
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /** Puts a dead letter back into the inbox. False when it is none, and when the conversation is closed. */
  resend(id: ConversationId, number: number, agent: AgentRole): Promise<boolean>;
}
