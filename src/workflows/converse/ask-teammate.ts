import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type AgentRole, agentRoles } from '../../domain/agent.ts';
import { roomFor } from '../../domain/conversation-rules.ts';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import type { Message } from '../../domain/message.ts';
import type { ConversationSummary } from '../../store/conversations.ts';
import type { OwnTool, ToolAnswer } from '../../toolbox/toolbox.ts';
import { escalationOf } from './escalate.ts';
import type { ConverseNeeds } from './needs.ts';
import { publish } from './publish.ts';
import { type Quiet, untilQuiet } from './until-quiet.ts';

const idLength = 8;
const mostReplies = 50;

const asker: AgentRole = 'developer';
const inputSchema = z.strictObject({
  agent: z.enum(agentRoles).exclude([asker]),
  question: z.string().trim().min(1).max(8_000),
});

/** Without what the call is checked for anyway: every request of a session carries it, and is paid for. */
const offered = {
  type: 'object',
  properties: { agent: { enum: agentRoles.filter((role) => role !== asker) }, question: { type: 'string' } },
  required: ['agent', 'question'],
};

/**
 * The tool by which a developer asks somebody of the team in the middle of its work. The team-mate sees the question and
 * nothing of the workspace. The same question, asked again after an interruption, has the same answer.
 *
 * @param needs gets what talking takes; a session is started before everything of it is there
 */
export function askTeammate(taskId: TaskId, needs: () => Promise<ConverseNeeds>): OwnTool {
  return {
    name: 'ask_teammate',
    description: 'Asks a team-mate, who knows only what you write, and waits. Ask when the answer changes what you do.',
    inputSchema: offered,
    alwaysLoad: true,
    async call(input, { signal }) {
      const { agent, question } = inputSchema.parse(input);
      return ask(taskId, agent, question, await needs(), signal);
    },
  };
}

async function ask(
  taskId: TaskId,
  agent: AgentRole,
  question: string,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const { conversations } = needs.store;
  const { allowance } = needs.conversations;
  const id = idOf(taskId, agent);
  // Whoever asks reads the answer in its session, and gets no mail about it.
  await conversations.open({ id, taskId, topic: 'work', members: [agent], allowance });
  const key = `ask-${digestOf(question)}`;
  const conversation = await conversations.get(id);
  const known = (await conversations.messages(id, 0, mostReplies)).find(
    ({ author, text }) => author === asker && text === question,
  );
  if (!known && conversation && !roomFor(conversation, conversation.counts, asker)) {
    return { text: await withoutRoom(conversation, agent, needs) };
  }
  const asked =
    known ?? (await publish({ conversationId: id, key, author: asker, text: question, mentions: [agent] }, needs));
  if (!asked) {
    // Another question of the same session may have taken the last of its messages in this moment.
    const now = await conversations.get(id);
    if (now && now.state.kind !== 'closed') return { text: await withoutRoom(now, agent, needs) };
    return { text: 'The conversation is over. Go on with what you know.' };
  }
  const before = await replyTo(asked, agent, needs);
  if (before) return { text: before.text };
  const end = await untilQuiet(id, needs, signal);
  const reply = await replyTo(asked, agent, needs);
  return { text: reply?.text ?? withoutReply(agent, end) };
}

/** A person decides whether they may go on; the work does not wait for it. Each conversation is brought before them once. */
async function withoutRoom(conversation: ConversationSummary, agent: AgentRole, needs: ConverseNeeds): Promise<string> {
  const reason = `${asker} has used its messages to ${agent} and wants to ask more`;
  const escalation = await escalationOf(conversation, { reason, silenced: asker }, needs);
  const isAsked = await needs.store.conversations.escalate(conversation.id, escalation);
  return isAsked || conversation.state.kind === 'escalated'
    ? `You have used your messages to ${agent}. A person was asked whether you may go on; meanwhile go on with what you know.`
    : `You have used your messages to ${agent} in this task. Go on with what you know.`;
}

async function replyTo(
  { conversationId, number }: Message,
  agent: AgentRole,
  { store }: ConverseNeeds,
): Promise<Message | undefined> {
  const later = await store.conversations.messages(conversationId, number, mostReplies);
  return later.find(({ author, answers }) => author === agent && answers === number);
}

function withoutReply(agent: AgentRole, end: Quiet): string {
  switch (end.kind) {
    case 'short':
      return `There is no budget left for an answer of ${agent}. Go on with what you know.`;
    case 'escalated':
      return `The conversation with ${agent} has come to its limit, and a person was asked. Go on with what you know.`;
    case 'quiet':
    case 'closed':
    case 'paused':
    case 'stopped':
      return `${agent} has no answer now. Go on with what you know.`;
  }
}

/** One conversation for each team-mate in a task. */
function idOf(taskId: TaskId, agent: AgentRole): ConversationId {
  return digestOf(`${taskId} ${agent}`).slice(0, idLength) as ConversationId;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
