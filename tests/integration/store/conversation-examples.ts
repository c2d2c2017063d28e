import type { AgentRole } from '../../../src/domain/agent.ts';
import type { ConversationId, TaskId } from '../../../src/domain/identifiers.ts';
import type { Mail } from '../../../src/domain/message.ts';
import type { MailResult, NewConversation, NewMessage } from '../../../src/store/conversations.ts';
import type { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { Store, Writer } from '../../../src/store/store.ts';
import { leased, newTaskId } from './examples.ts';

export type OpenStore = Awaited<ReturnType<typeof openPostgresStore>>;

const members = ['developer', 'project-manager', 'quality-assurance'] as const;

/** More than any test needs. */
export const attempts = 3;

export function newConversationId(): ConversationId {
  return newTaskId() as string as ConversationId;
}

/** A conversation of a task that somebody drives. */
export async function opened(
  store: Store,
  changes: Partial<NewConversation> = {},
): Promise<{ readonly id: ConversationId; readonly writer: Writer }> {
  const writer = await leased(store, { agent: 'project-manager' });
  return { id: await openedFor(store, writer.taskId, changes), writer };
}

export async function openedFor(
  store: Store,
  taskId: TaskId,
  changes: Partial<NewConversation> = {},
): Promise<ConversationId> {
  const topic = 'the login form';
  const allowance = { each: 3, all: 15 };
  const conversation = { id: newConversationId(), taskId, topic, members, allowance, ...changes };
  return (await store.conversations.open(conversation)).id;
}

let said = 0;

export function messageOf(conversationId: ConversationId, changes: Partial<NewMessage> = {}): NewMessage {
  said += 1;
  return { conversationId, key: `said-${said}`, author: 'human', text: `message ${said}`, mentions: [], ...changes };
}

/** Sends a message and gives back the mail of one member, taken. */
export async function mailFor(store: Store, id: ConversationId, agent: AgentRole): Promise<Mail> {
  await store.conversations.publish(messageOf(id));
  for (;;) {
    const mail = await store.conversations.take(id, attempts);
    if (!mail) throw new Error(`there is no mail for ${agent}`);
    if (mail.agent === agent) return mail;
    await store.conversations.settle(mail, { kind: 'declined', reason: 'not me' });
  }
}

/** Everything that may be handled now, in order; it is declined. */
export async function drained(store: Store, id: ConversationId): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const mail = await store.conversations.take(id, attempts);
    if (!mail) return seen;
    seen.push(`${mail.message.number} ${mail.agent}`);
    await store.conversations.settle(mail, { kind: 'declined', reason: 'seen' });
  }
}

/** As if the pauses were over. */
export async function letTimePass(store: OpenStore, id: ConversationId): Promise<void> {
  await store.pool.query(
    `with held as (select id from spiral.conversations where id = $1 for update)
     update spiral.mail set due_at = clock_timestamp() from held where conversation_id = held.id`,
    [id],
  );
}

export const reply: MailResult = { kind: 'replied', text: 'yes', mentions: [] };

export function escalation(changes: Partial<MailResult & { kind: 'escalated' }> = {}) {
  const choices = ['continue', 'decide', 'close'].map((name) => ({
    name,
    meaning: `${name} it`,
    needsText: name === 'decide',
  }));
  const question = { id: newTaskId() as string, kind: 'question', text: 'How is it to go on?', choices } as const;
  return { kind: 'escalated', question, reason: 'the messages of all agents are used', ...changes } as const;
}

/** What was told of a task, without its acceptance. */
export async function toldOf(store: Store, taskId: TaskId) {
  return (await store.events.read({ after: 0, taskId }, 1_000)).slice(1);
}
