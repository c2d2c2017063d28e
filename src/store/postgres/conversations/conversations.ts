import { and, asc, desc, eq, lte, type SQL, sql } from 'drizzle-orm';
import type { ConversationId } from '../../../domain/identifiers.ts';
import type { ConversationStore, ConversationSummary, Escalation, NewConversation } from '../../conversations.ts';
import type { Address } from '../address.ts';
import type { Database, Statements } from '../database.ts';
import { record } from '../events.ts';
import type { Holds } from '../holds.ts';
import { answerQuestion } from '../questions.ts';
import { conversations } from '../schema/conversations.ts';
import { storableText } from '../storable.ts';
import { claimOn } from './claims.ts';
import { close, isUnfinished, reopen } from './closing.ts';
import { conversationColumns, conversationOf, holdWithTask, summaryColumns, summaryOf } from './conversation-rows.ts';
import { deadLetters, resend } from './dead-letters.ts';
import { escalate } from './escalations.ts';
import { fail, giveBack, nextAt, take, withMail } from './inboxes.ts';
import { messageAt, messagesAfter, rateMessage } from './message-rows.ts';
import { pay } from './paying.ts';
import { publish } from './send.ts';
import { settle } from './settling.ts';

const mostFound = 10;

export function conversationsIn(database: Database, holds: Holds, address: Address): ConversationStore {
  const summaries = async (where: SQL | undefined, order: SQL[], limit?: number): Promise<ConversationSummary[]> => {
    const rows = await database.query((statements) => {
      const query = statements
        .select(summaryColumns)
        .from(conversations)
        .where(where)
        .orderBy(...order)
        .$dynamic();
      return limit === undefined ? query : query.limit(limit);
    });
    return rows.map(summaryOf);
  };
  const latestFirst = [desc(conversations.lastAt), desc(conversations.id)];

  return {
    open: (conversation) => database.transaction((statements) => open(statements, conversation)),
    async get(id) {
      const [conversation] = await summaries(eq(conversations.id, id), []);
      return conversation;
    },
    find: (idPrefix) =>
      summaries(sql`starts_with(${conversations.id}, ${storableText(idPrefix)})`, latestFirst, mostFound),
    list: (limit) => summaries(undefined, latestFirst, limit),
    ofTask: (taskId) =>
      summaries(eq(conversations.taskId, taskId), [asc(conversations.createdAt), asc(conversations.id)]),
    publish: (message) => database.transaction((statements) => publish(statements, message)),
    messages: (id, after, limit) => messagesAfter(database, id, after, limit),
    message: (id, number) => messageAt(database, id, number),
    claim: (id) => claimOn(holds, address, id),
    take: (id, attempts) => database.transaction((statements) => take(statements, id, attempts)),
    fail: (mail, reason, attempts) => database.transaction((statements) => fail(statements, mail, reason, attempts)),
    giveBack: (mail, until) => database.query((statements) => giveBack(statements, mail, until)),
    pay: (mail, limits) => database.transaction((statements) => pay(statements, mail, limits)),
    settle: (mail, result) => database.transaction((statements) => settle(statements, mail, result)),
    escalate: (id, escalation) => database.transaction((statements) => escalateOne(statements, id, escalation)),
    rate: (id, number, relevance) => rateMessage(database, id, number, relevance),
    async remember(id, { summary, upTo }) {
      await database.query((statements) =>
        statements
          .update(conversations)
          .set({ summary, summarisedTo: upTo })
          .where(and(eq(conversations.id, id), lte(conversations.summarisedTo, upTo))),
      );
    },
    close: (id, reason) => database.transaction((statements) => closeOne(statements, id, reason)),
    reopen: (id, taskId, more) => database.transaction((statements) => reopen(statements, id, taskId, more)),
    withMail: (limit) => withMail(database, limit),
    nextAt: (id) => nextAt(database, id),
    deadLetters: (limit) => deadLetters(database, limit),
    resend: (conversationId, number, agent) =>
      database.transaction((statements) => resend(statements, { conversationId, number, agent })),
  };
}

/** See `ConversationStore.open`. That of a finished task is closed from the start. */
async function open(statements: Statements, conversation: NewConversation) {
  const { id, taskId, topic, members, allowance } = conversation;
  const isGoing = await isUnfinished(statements, taskId);
  await statements
    .insert(conversations)
    .values({
      id,
      taskId,
      topic,
      members: [...members],
      allowanceEach: allowance.each,
      allowanceAll: allowance.all,
      allowanceOwn: allowance.own ?? null,
      state: isGoing ? { kind: 'open' } : { kind: 'closed', reason: 'the task is finished' },
    })
    .onConflictDoNothing();
  const [row] = await statements.select(conversationColumns).from(conversations).where(eq(conversations.id, id));
  if (!row) throw new Error('the server returned no row for what it saved');
  return conversationOf(row);
}

/** See `ConversationStore.close`. A question that was open is answered by it. */
async function closeOne(statements: Statements, id: ConversationId, reason: string): Promise<boolean> {
  const held = await holdWithTask(statements, id);
  if (!held || held.conversation.state.kind === 'closed') return false;
  const { state } = held.conversation;
  if (state.kind === 'escalated') {
    return answerQuestion(statements, state.questionId, { kind: 'chosen', choice: 'close' }, 'human');
  }
  await record(statements, [{ news: await close(statements, held.conversation, reason) }]);
  return true;
}

/** See `ConversationStore.escalate`. */
async function escalateOne(statements: Statements, id: ConversationId, escalation: Escalation): Promise<boolean> {
  const { silenced } = escalation;
  const conversation = (await holdWithTask(statements, id))?.conversation;
  if (conversation?.state.kind !== 'open') return false;
  if (silenced !== undefined && conversation.silenced.includes(silenced)) return false;
  const news = await escalate(statements, conversation, escalation);
  await record(
    statements,
    news.map((item) => ({ news: item })),
  );
  return true;
}
