import type { AgentRole } from './agent.ts';
import type { ConversationId, TaskId } from './identifiers.ts';
import type { Speaker } from './message.ts';
import type { MessageRequest, MessageResult } from './message-request.ts';

/** News of conversations of agents, with each other and with people. `taskId` is the task whose work they belong to. */
export type ConversationNews =
  | {
      readonly type: 'message.sent';
      readonly taskId: TaskId;
      readonly conversationId: ConversationId;
      readonly topic: string;
      /** In the conversation, from 1. */
      readonly number: number;
      readonly author: Speaker;
      readonly text: string;
      readonly mentions: readonly AgentRole[];
      /** The number of the message that it answers. */
      readonly answers?: number;
      /** The kind of what it requests of whoever it names, or of what it gives to a request. */
      readonly request?: MessageRequest['kind'];
      readonly result?: MessageResult['kind'];
    }
  /** An agent got a message and says nothing. `relevance` is 0 to 10; absent where it did not matter. */
  | {
      readonly type: 'message.declined';
      readonly taskId: TaskId;
      readonly conversationId: ConversationId;
      readonly number: number;
      readonly agent: AgentRole;
      readonly relevance?: number;
      readonly reason: string;
    }
  /** A message could not be handled however often it was tried; a person can send it again. */
  | {
      readonly type: 'message.undeliverable';
      readonly taskId: TaskId;
      readonly conversationId: ConversationId;
      readonly number: number;
      readonly agent: AgentRole;
      readonly reason: string;
    }
  /** It is quiet until a person has answered the question. */
  | {
      readonly type: 'conversation.escalated';
      readonly taskId: TaskId;
      readonly conversationId: ConversationId;
      readonly questionId: string;
      readonly reason: string;
    }
  | {
      readonly type: 'conversation.closed';
      readonly taskId: TaskId;
      readonly conversationId: ConversationId;
      readonly reason: string;
    };
