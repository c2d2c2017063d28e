import { wordsOfResult } from '../../agents/plan-words.ts';
import type { Setting } from '../../agents/requested.ts';
import type { AgentRole } from '../../domain/agent.ts';
import { roomFor } from '../../domain/conversation-rules.ts';
import { mentionsIn } from '../../domain/mention.ts';
import type { Mail, Message } from '../../domain/message.ts';
import { type Inquiry, openRequestTo, type PlanRequest, type PlanResult } from '../../domain/message-request.ts';
import type { Task } from '../../domain/task.ts';
import type { LlmEnding } from '../../llm/llm.ts';
import type { ConversationSummary, MailResult } from '../../store/conversations.ts';
import { askFor } from './ask-for.ts';
import type { ConverseNeeds } from './needs.ts';
import { recall } from './recall.ts';

export type Written =
  | Exclude<LlmEnding<MailResult>, { readonly kind: 'answered' }>
  | {
      readonly kind: 'written';
      readonly result: MailResult;
    };

/** In these lies every request that may still be open. */
const lastMessages = 100;

/** What an agent says to a mail: in its own words, or, where something was requested of it, in the shape of that. */
export async function writeReply(
  task: Task,
  conversation: ConversationSummary,
  { agent, message }: Mail,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<Written> {
  const told = await recall(task, conversation, message, needs, signal);
  const messages = await latest(conversation, needs);
  const requested = requestFor(agent, message, messages);
  if (requested) {
    const heard = message.number === requested.number ? told.messages : [...told.messages, message];
    const setting = {
      messages: heard.filter(({ request }) => request === undefined),
      colleagues: colleaguesOf(agent, conversation),
    };
    const ending = await putRequest(task, agent, requested.request, setting, needs, signal);
    // The model was asked twice for it by then.
    if (ending.kind === 'unusable') {
      return {
        kind: 'written',
        result: { kind: 'declined', reason: `no usable answer: ${ending.problems.join('; ')}` },
      };
    }
    return ending.kind === 'answered' ? { kind: 'written', result: replyWith(ending.answer) } : ending;
  }
  const ending = await askFor(task, needs.team.conversation.reply(agent, told, message), needs, signal);
  if (ending.kind !== 'answered') return ending;
  const { text } = ending.answer;
  if (message.request?.kind === 'inquiry' && message.author !== 'human') {
    const result = { kind: 'information' } as const;
    return { kind: 'written', result: { kind: 'replied', text, mentions: [message.author], result } };
  }
  const mentions = mentionsIn(text, conversation.members).filter((member) => member !== agent);
  return { kind: 'written', result: { kind: 'replied', text, mentions } };
}

/** The request that a mail brings, or that is open while its question is answered. */
function requestFor(agent: AgentRole, message: Message, messages: readonly Message[]) {
  const open = openRequestTo(agent, messages);
  if (!open || open.number === message.number) return open;
  const answered = messages.find(({ number }) => number === message.answers);
  return answered?.author === agent ? open : undefined;
}

function putRequest(
  task: Task,
  agent: AgentRole,
  request: PlanRequest,
  setting: Setting,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<LlmEnding<PlanResult | Inquiry>> {
  const { creativeInnovator, decisionMaker } = needs.team;
  switch (request.kind) {
    case 'challenge':
      return askFor(task, { ...creativeInnovator.challengePlan(request, setting), agent }, needs, signal);
    case 'settle':
      return askFor(task, { ...decisionMaker.settle(request, setting), agent }, needs, signal);
  }
}

function replyWith(answer: PlanResult | Inquiry): MailResult {
  return answer.kind === 'inquiry'
    ? { kind: 'replied', text: answer.question, mentions: [answer.agent], request: { kind: 'inquiry' } }
    : { kind: 'replied', text: wordsOfResult(answer), mentions: [], result: answer };
}

/** Who can still be asked, so that the agent can answer afterwards. */
function colleaguesOf(agent: AgentRole, { members, counts, ...conversation }: ConversationSummary): AgentRole[] {
  const asked = { ...counts, [agent]: (counts[agent] ?? 0) + 1 };
  return members
    .filter((member) => member !== agent)
    .filter((member) => {
      const answered = { ...asked, [member]: (asked[member] ?? 0) + 1 };
      return roomFor(conversation, asked, member) && roomFor(conversation, answered, agent);
    });
}

function latest({ id, counts }: ConversationSummary, { store }: ConverseNeeds): Promise<Message[]> {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return store.conversations.messages(id, Math.max(0, total - lastMessages), lastMessages);
}
