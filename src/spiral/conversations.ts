import type { AgentRole } from '../domain/agent.ts';
import type { Conversation, Counts } from '../domain/conversation.ts';
import type { ConversationId } from '../domain/identifiers.ts';
import type { DeadLetter, Message } from '../domain/message.ts';

/** Whom something is said to. */
export type TalkWish = {
  /** Without it, whoever gets the messages of the topic. */
  readonly to?: readonly AgentRole[];
  /** One of the configuration; `general` when it is left out. */
  readonly topic?: string;
  /** A conversation that is over and goes on with this. */
  readonly conversation?: ConversationId;
};

/** A conversation as lists show it. */
export type ConversationReport = Conversation & {
  readonly counts: Counts;
  readonly lastAt: Date;
  /** Messages that agents have still to read, over all of them. */
  readonly unread: number;
  /** Messages that could not be handled. */
  readonly dead: number;
};

/** What people see of the conversations of agents, and do with them. */
export interface ConversationFace {
  /** Latest first. */
  conversations(limit: number): Promise<ConversationReport[]>;
  /** The conversations whose id begins so. */
  findConversations(idPrefix: string): Promise<ConversationReport[]>;
  /** What was said, in order, after the message of a number. */
  messages(id: ConversationId, after: number, limit: number): Promise<Message[]>;
  /**
   * Says something in a conversation whose task is not over; undefined when it is closed.
   *
   * @param key of what is said only once, however often it is asked for
   */
  say(id: ConversationId, text: string, key?: string): Promise<Message | undefined>;
  /** Ends a conversation; false when it was over before. */
  closeConversation(id: ConversationId): Promise<boolean>;
  /** Messages that could not be handled however often they were tried, latest first. */
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /** Lets an agent try such a message again; false when there is none. */
  resend(id: ConversationId, number: number, agent: AgentRole): Promise<boolean>;
}
