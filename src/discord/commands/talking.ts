import { type AgentRole, roleNamed } from '../../domain/agent.ts';
import type { ConversationReport } from '../../spiral/conversations.ts';
import type { Spiral } from '../../spiral.ts';
import { plainLine } from '../render/text.ts';
import { type CommandOptions, wordsOf } from './options.ts';
import type { CommandContext, CommandReply } from './reply.ts';

const longestWords = 1_500;

/** `/talk`: begins a conversation of agents, or says something in one. */
export async function talkOf(options: CommandOptions, { spiral, key }: CommandContext): Promise<CommandReply> {
  const text = wordsOf(options, 'text');
  if (text === undefined) return refused('Say something.');
  const [to, topic, joined] = ['to', 'topic', 'conversation'].map((name) => wordsOf(options, name));
  const order = { kind: 'submit', agent: 'project-manager', text } as const;
  if (joined === undefined) {
    const members = to === undefined ? undefined : agentsIn(to);
    if (typeof members === 'string') return refused(members);
    return { ...order, talk: { ...(members ? { to: members } : {}), ...(topic === undefined ? {} : { topic }) } };
  }
  if (to !== undefined || topic !== undefined) {
    return refused('A conversation that goes on has its members: leave out “to” and “topic”.');
  }
  const conversation = await conversationNamed(joined, spiral);
  if (typeof conversation === 'string') return refused(conversation);
  const message = await spiral.say(conversation.id, text, key);
  // One that is over goes on as a task of its own.
  if (!message) return { ...order, talk: { conversation: conversation.id } };
  const content = `🗣️ ${plainLine(text, longestWords)}\n-# ☑️ said in conversation ${conversation.id}; what comes of it: /messages`;
  return { kind: 'reply', message: { content }, isPrivate: false };
}

/** The one conversation whose id begins as was typed; otherwise why there is none. */
export async function conversationNamed(
  typed: string,
  spiral: Pick<Spiral, 'findConversations'>,
): Promise<ConversationReport | string> {
  const beginning = typed.trim();
  const found = /^[0-9a-z]{1,8}$/.test(beginning) ? await spiral.findConversations(beginning) : [];
  const [one, another] = found;
  if (!one) return 'There is no such conversation; see /messages.';
  return another ? `Several conversations begin with ${beginning}: type more of the id.` : one;
}

/** Agents as people name them, `pm, @qa`; otherwise what is wrong with it. */
function agentsIn(words: string): AgentRole[] | string {
  const names = words.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length === 0) return 'Name at least one agent, for example pm,qa.';
  const roles = names.map((name) => roleNamed(name.replace(/^@/, '')));
  const unknown = names.find((_, index) => roles[index] === undefined);
  if (unknown !== undefined) return `There is no agent “${unknown}”; see /agents.`;
  return [...new Set(roles.filter((role) => role !== undefined))];
}

function refused(problem: string): Extract<CommandReply, { kind: 'refused' }> {
  return { kind: 'refused', problem };
}
