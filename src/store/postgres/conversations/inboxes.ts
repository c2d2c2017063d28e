import { and, eq, type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { type AgentRole, agentRoles } from '../../../domain/agent.ts';
import type { News } from '../../../domain/event.ts';
import type { ConversationId } from '../../../domain/identifiers.ts';
import type { Mail } from '../../../domain/message.ts';
import type { Database, Statements } from '../database.ts';
import { record } from '../events.ts';
import { mail, messages } from '../schema/conversations.ts';
import { storableText } from '../storable.ts';
import { holdConversation } from './conversation-rows.ts';
import { bury } from './dead-letters.ts';
import { isLetter, isWaiting, type Letter, letterOf } from './mail-rows.ts';
import { messageColumns, messageOf } from './message-rows.ts';

// The pause before the next attempt: 1 s, 4 s, 16 s, 64 s, and from then on five minutes.
const firstPauseSeconds = 1;
const pauseGrowth = 4;
const longestPauseSeconds = 300;

/**
 * The oldest mail of each inbox of open conversations, by an index and so in the same time however much waits behind it. An
 * inbox is read in order: what has to wait holds back what lies behind it, and no other inbox.
 */
const heads: SQL = sql`
  spiral.conversations
  cross join lateral unnest(conversations.members) as member (agent)
  cross join lateral (
    select number, attempts, due_at, reason from spiral.mail
    where mail.conversation_id = conversations.id and mail.agent = member.agent
      and settled_at is null and dead_at is null
    order by number limit 1
  ) as head`;
const isOpen: SQL = sql`conversations.state ->> 'kind' = 'open'`;
const isDue: SQL = sql`head.due_at <= clock_timestamp()`;
const byRole: SQL = sql`array_position(${sql.param([...agentRoles])}::text[], member.agent)`;

const headSchema = z.object({
  number: z.number(),
  agent: z.enum(agentRoles),
  attempts: z.number(),
  reason: z.string().nullable(),
});

/** See `ConversationStore.take`. */
export async function take(statements: Statements, id: ConversationId, attempts: number): Promise<Mail | undefined> {
  // It may write to several mails, as a close does: without this lock each could wait for the other.
  const conversation = await holdConversation(statements, id);
  if (conversation?.state.kind !== 'open') return undefined;
  const buried: News[] = [];
  const taken = await takeNext(statements, id, attempts, buried);
  await record(
    statements,
    buried.map((news) => ({ news })),
  );
  return taken;
}

async function takeNext(
  statements: Statements,
  id: ConversationId,
  attempts: number,
  buried: News[],
): Promise<Mail | undefined> {
  for (;;) {
    const { rows } = await statements.execute(sql`
      select head.number, member.agent, head.attempts, head.reason from ${heads}
      where conversations.id = ${storableText(id)} and ${isDue}
      order by head.number, ${byRole} limit 1
    `);
    const [row] = rows;
    if (!row) return undefined;
    const head = headSchema.parse(row);
    const letter = { conversationId: id, number: head.number, agent: head.agent };
    if (head.attempts >= attempts) {
      const reason = head.reason ?? `it was begun ${head.attempts} times and never came to an end`;
      buried.push(...(await bury(statements, letter, reason)));
      continue;
    }
    const taken = await begin(statements, letter, head.attempts);
    if (taken) return taken;
  }
}

/** Counts an attempt; undefined when somebody else did so at the same moment. */
async function begin(statements: Statements, letter: Letter, before: number): Promise<Mail | undefined> {
  const seconds = Math.min(firstPauseSeconds * pauseGrowth ** before, longestPauseSeconds);
  const [begun] = await statements
    .update(mail)
    .set({ attempts: before + 1, dueAt: sql`clock_timestamp() + make_interval(secs => ${seconds})` })
    .where(and(isLetter(letter), isWaiting(), eq(mail.attempts, before)))
    .returning({ isPaid: mail.isPaid });
  if (!begun) return undefined;
  const { conversationId, number, agent } = letter;
  const [row] = await statements
    .select(messageColumns)
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), eq(messages.number, number)));
  return row && { agent, message: messageOf(row), attempts: before + 1, isPaid: begun.isPaid };
}

/** See `ConversationStore.fail`. */
export async function fail(statements: Statements, taken: Mail, reason: string, attempts: number): Promise<void> {
  const letter = letterOf(taken);
  if (taken.attempts >= attempts) {
    const buried = await bury(statements, letter, reason);
    await record(
      statements,
      buried.map((news) => ({ news })),
    );
    return;
  }
  await statements
    .update(mail)
    .set({ reason })
    .where(and(isLetter(letter), isWaiting()));
}

/** See `ConversationStore.giveBack`. Given back twice, it counts once. */
export async function giveBack(statements: Statements, taken: Mail, until: Date | undefined): Promise<void> {
  const due = until === undefined ? sql`clock_timestamp()` : sql`${until.toISOString()}::timestamptz`;
  await statements
    .update(mail)
    .set({ attempts: taken.attempts - 1, dueAt: due })
    .where(and(isLetter(letterOf(taken)), isWaiting(), eq(mail.attempts, taken.attempts)));
}

const waitingSchema = z.object({
  id: z.custom<ConversationId>((value) => typeof value === 'string'),
  agent: z.enum(agentRoles),
});

/** See `ConversationStore.withMail`. What has waited longest comes first. */
export async function withMail(
  database: Database,
  limit: number,
): Promise<{ readonly id: ConversationId; readonly agent: AgentRole }[]> {
  const { rows } = await database.query((statements) =>
    statements.execute(sql`
      select conversations.id, member.agent from ${heads}
      where ${isOpen} and ${isDue} order by head.due_at, conversations.id, head.number, ${byRole} limit ${limit}
    `),
  );
  return rows.map((row) => waitingSchema.parse(row));
}

const nextSchema = z.object({ next: z.string().nullable() });

/** See `ConversationStore.nextAt`. Never too early: the part of a millisecond is rounded up. */
export async function nextAt(database: Database, id: ConversationId): Promise<Date | undefined> {
  const { rows } = await database.query((statements) =>
    statements.execute(sql`
      select to_char(
        min(head.due_at + interval '999 microseconds') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
      ) as next
      from ${heads} where conversations.id = ${storableText(id)} and ${isOpen}
    `),
  );
  const { next } = nextSchema.parse(rows[0]);
  return next === null ? undefined : new Date(next);
}
