import { and, eq, isNull, type SQL } from 'drizzle-orm';
import type { AgentRole } from '../../../domain/agent.ts';
import type { ConversationId } from '../../../domain/identifiers.ts';
import type { Mail } from '../../../domain/message.ts';
import type { Statements } from '../database.ts';
import { mail } from '../schema/conversations.ts';

/** Which letter in which inbox. */
export type Letter = {
  readonly conversationId: ConversationId;
  readonly number: number;
  readonly agent: AgentRole;
};

export function letterOf({ agent, message }: Pick<Mail, 'agent' | 'message'>): Letter {
  return { conversationId: message.conversationId, number: message.number, agent };
}

/** The mail of this letter. */
export function isLetter({ conversationId, number, agent }: Letter): SQL | undefined {
  return and(eq(mail.conversationId, conversationId), eq(mail.number, number), eq(mail.agent, agent));
}

/** Mail that nobody has settled and that is not dead. */
export function isWaiting(): SQL | undefined {
  return and(isNull(mail.settledAt), isNull(mail.deadAt));
}

/** Keeps everybody else from changing mail that waits, until the transaction ends; undefined when it waits no more. */
export async function holdWaiting(
  statements: Statements,
  letter: Letter,
): Promise<{ readonly attempts: number; readonly isPaid: boolean } | undefined> {
  const [row] = await statements
    .select({ attempts: mail.attempts, isPaid: mail.isPaid })
    .from(mail)
    .where(and(isLetter(letter), isWaiting()))
    .for('update');
  return row;
}
