import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import type { ConversationId } from '../../../domain/identifiers.ts';
import type { Message, Relevance } from '../../../domain/message.ts';
import type { MessageRequest, MessageResult } from '../../../domain/message-request.ts';
import type { Database } from '../database.ts';
import { messages } from '../schema/conversations.ts';
import { dateTime } from '../times.ts';

/** The columns that a `Message` is read from. */
export const messageColumns = {
  conversationId: messages.conversationId,
  number: messages.number,
  author: messages.author,
  text: messages.text,
  mentions: messages.mentions,
  answers: messages.answers,
  request: messages.request,
  result: messages.result,
  relevance: messages.relevance,
  at: dateTime(messages.at),
} as const;

type MessageRow = Omit<Message, 'answers' | 'relevance' | 'request' | 'result'> & {
  readonly answers: number | null;
  readonly request: MessageRequest | null;
  readonly result: MessageResult | null;
  readonly relevance: Relevance | null;
};

export function messageOf({ answers, relevance, request, result, ...row }: MessageRow): Message {
  return {
    ...row,
    ...(answers === null ? {} : { answers }),
    ...(request === null ? {} : { request }),
    ...(result === null ? {} : { result }),
    ...(relevance === null ? {} : { relevance }),
  };
}

/** See `ConversationStore.messages`. */
export async function messagesAfter(
  database: Database,
  id: ConversationId,
  after: number,
  limit: number,
): Promise<Message[]> {
  const rows = await database.query((statements) =>
    statements
      .select(messageColumns)
      .from(messages)
      .where(and(eq(messages.conversationId, id), gt(messages.number, after)))
      .orderBy(asc(messages.number))
      .limit(limit),
  );
  return rows.map(messageOf);
}

/** See `ConversationStore.message`. */
export async function messageAt(database: Database, id: ConversationId, number: number): Promise<Message | undefined> {
  const [row] = await database.query((statements) =>
    statements
      .select(messageColumns)
      .from(messages)
      .where(and(eq(messages.conversationId, id), eq(messages.number, number))),
  );
  return row && messageOf(row);
}

/** See `ConversationStore.rate`. */
export async function rateMessage(
  database: Database,
  id: ConversationId,
  number: number,
  relevance: Relevance,
): Promise<Relevance> {
  await database.query((statements) =>
    statements
      .update(messages)
      .set({ relevance })
      .where(and(eq(messages.conversationId, id), eq(messages.number, number), isNull(messages.relevance))),
  );
  return (await messageAt(database, id, number))?.relevance ?? relevance;
}
