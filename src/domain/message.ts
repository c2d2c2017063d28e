import type { AgentRole } from './agent.ts';
import type { ConversationId } from './identifiers.ts';
import type { MessageRequest, MessageResult } from './message-request.ts';

/** Who says something: an agent, or a person. */
export type Speaker = AgentRole | 'human';

/** What somebody said in a conversation; never changed afterwards. */
export type Message = {
  readonly conversationId: ConversationId;
  /** In the conversation, from 1, without gaps. */
  readonly number: number;
  readonly author: Speaker;
  readonly text: string;
  /** Members that it names; each of them always gets to answer. */
  readonly mentions: readonly AgentRole[];
  /** The number of the message that it answers. */
  readonly answers?: number;
  /** What whoever it names has to answer in a shape. Nobody else answers it. */
  readonly request?: MessageRequest;
  /** The answer to a request, of which `text` tells. Nobody answers it but whoever it names. */
  readonly result?: MessageResult;
  /** How relevant it is for each member, 0 to 10; absent until somebody needed to know. */
  readonly relevance?: Relevance;
  readonly at: Date;
};

export type Relevance = Readonly<Partial<Record<AgentRole, number>>>;

/** From here on a message is relevant enough to be answered by an agent that it does not name. */
export const relevanceThreshold = 7;

/** A message in the inbox of one agent. */
export type Mail = {
  readonly agent: AgentRole;
  readonly message: Message;
  /** How often its handling began; the one that goes on now included. */
  readonly attempts: number;
  /** The prompt of a reply to it was spent. */
  readonly isPaid: boolean;
};

/** Mail that was tried as often as is allowed and lies there until a person sends it again. */
export type DeadLetter = {
  readonly agent: AgentRole;
  readonly message: Message;
  readonly attempts: number;
  readonly reason: string;
  readonly at: Date;
};
