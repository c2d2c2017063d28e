import { type AgentRole, agentRoles } from '../../../src/domain/agent.ts';
import type { Allowance } from '../../../src/domain/conversation.ts';
import type { SpiralEvent } from '../../../src/domain/event.ts';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import type { OpenStore } from '../store/conversation-examples.ts';

/** A talk that is over: nobody reads, and no mail waits. */
export type Ended = {
  readonly id: ConversationId;
  readonly members: readonly AgentRole[];
  /** As it was at first, and how many more messages a person allowed, answer by answer. */
  readonly allowance: Allowance;
  readonly allowed: readonly number[];
};

/** What a conversation promises and did not keep, as the events and the rows tell it afterwards; empty when all is well. */
export async function brokenPromises(store: OpenStore, talk: Ended): Promise<string[]> {
  const { id, members } = talk;
  const conversation = await store.conversations.get(id);
  if (!conversation) return ['the conversation is gone'];
  const { taskId } = conversation;
  const events = await store.events.read({ after: 0, taskId }, 10_000);
  const { rows } = await store.pool.query<MailRow>(
    'select number, agent, is_paid as "isPaid", settled_at is not null as "isSettled" from spiral.mail where conversation_id = $1',
    [id],
  );
  const messages = await store.conversations.messages(id, 0, 10_000);
  const promptsUsed = (await store.tasks.get(taskId))?.promptsUsed ?? 0;
  const replies = messages.filter(({ answers }) => answers !== undefined);
  const paid = rows.filter(({ isPaid }) => isPaid);
  const wantedMail = messages.flatMap(({ number, author }) =>
    members.filter((member) => member !== author).map((member) => `${number} ${member}`),
  );
  const handled = lettersIn(events);
  return [
    ...unless(
      messages.every(({ number }, index) => number === index + 1),
      'the numbers of the messages have gaps',
    ),
    ...differences('mail was made', rows.map(letter), wantedMail),
    ...differences('mail was handled', handled, wantedMail),
    ...rows.filter(({ isSettled }) => !isSettled).map((row) => `${letter(row)} waits for ever`),
    ...outOfOrder(handled),
    ...beyondLimits(events, talk),
    ...differences(
      'replies were paid',
      replies.map(({ author, answers }) => `${answers} ${author}`).filter((name) => !paid.map(letter).includes(name)),
      [],
    ),
    ...unless(promptsUsed === paid.length, `${promptsUsed} prompts for ${paid.length} mails that were paid`),
    ...events.flatMap((event) =>
      event.type === 'prompt.spent' && event.used > event.limit ? [`${event.used} prompts of ${event.limit}`] : [],
    ),
    ...unless(
      events.filter(({ type }) => type === 'prompt.spent').length === paid.length,
      'the news of prompts does not agree with the mail',
    ),
  ];
}

type MailRow = {
  readonly number: number;
  readonly agent: AgentRole;
  readonly isPaid: boolean;
  readonly isSettled: boolean;
};

function letter({ number, agent }: Pick<MailRow, 'number' | 'agent'>): string {
  return `${number} ${agent}`;
}

/** Which mail was settled by whom, in the order of the news. */
function lettersIn(events: readonly SpiralEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === 'message.declined') return [letter(event)];
    if (event.type === 'message.sent' && event.answers !== undefined) return [`${event.answers} ${event.author}`];
    return [];
  });
}

/** Each agent deals with its mail in the order of the messages. */
function outOfOrder(letters: readonly string[]): string[] {
  return agentRoles.flatMap((role) => {
    const numbers = letters.filter((name) => name.endsWith(` ${role}`)).map((name) => Number.parseInt(name, 10));
    return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0))
      ? []
      : [`${role} read out of order: ${numbers.join(', ')}`];
  });
}

/** Plays the events again, and tells where an agent spoke that had no room, or a person was asked too often. */
function beyondLimits(events: readonly SpiralEvent[], { allowance: first, allowed }: Ended): string[] {
  const problems: string[] = [];
  const counts = new Map<string, number>();
  const countOf = (speaker: string) => counts.get(speaker) ?? 0;
  const byAgents = () => agentRoles.reduce((sum, role) => sum + countOf(role), 0);
  let allowance = first;
  let isAsked = false;
  let answers = 0;
  const silenced: string[] = [];
  for (const event of events) {
    if (event.type === 'message.sent') {
      if (event.author !== 'human') {
        if (isAsked) problems.push(`${event.author} spoke while a person was asked`);
        if (countOf(event.author) >= allowance.each) problems.push(`${event.author} said more than ${allowance.each}`);
        if (byAgents() >= allowance.all) problems.push(`all said more than ${allowance.all}`);
      }
      counts.set(event.author, countOf(event.author) + 1);
    }
    if (event.type === 'question.asked') {
      if (isAsked) problems.push('a second question was asked');
      isAsked = true;
    }
    if (event.type === 'conversation.escalated') {
      const agent = agentRoles.find((role) => event.reason.startsWith(role));
      if (agent && silenced.includes(agent)) problems.push(`a person was asked twice for the sake of ${agent}`);
      if (agent) silenced.push(agent);
    }
    if (event.type === 'question.answered') {
      const more = allowed[answers] ?? 0;
      answers += 1;
      isAsked = false;
      allowance = { each: Math.max(...agentRoles.map(countOf)) + more, all: byAgents() + more };
    }
  }
  return problems;
}

/** Names that are there too often, and those that are missing. */
function differences(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...found.filter((name, index) => found.indexOf(name) !== index).map((name) => `${what} twice: ${name}`),
    ...found.filter((name) => !wanted.includes(name)).map((name) => `${what} unasked: ${name}`),
    ...wanted.filter((name) => !found.includes(name)).map((name) => `not so: ${what}: ${name}`),
  ];
}

function unless(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}
