import { agentRoles } from './agent.ts';
import type { Conversation } from './conversation.ts';
import { extractiveSummary } from './conversation-memory.ts';
import type { Message } from './message.ts';
import type { Choice, Question } from './question.ts';
import { cutToLength } from './tokens.ts';

/** How many more messages a person allows who says no number, and at most. */
export const usualMore = 5;
export const mostMore = 100;

export const escalationChoices: readonly Choice[] = [
  {
    name: 'continue',
    meaning: `let them go on, with so many more messages (${usualMore} when you say no number)`,
    needsText: false,
    takesText: true,
  },
  { name: 'decide', meaning: 'say what is decided, in your words, and end the conversation', needsText: true },
  { name: 'close', meaning: 'end the conversation', needsText: false },
];

/** A question is read at a glance, in a chat too. */
const longestQuestion = 1600;
const longestTopic = 120;
const longestReason = 200;
const longestLast = 400;
const summaryTokens = 150;

type Told = Pick<Message, 'number' | 'author' | 'text'>;

/**
 * What a person is asked who has to say how a conversation goes on: why, who said how much, what it was about in a few
 * sentences of its own, and what was said last.
 *
 * @param messages all of them or those that are known, oldest first
 */
export function escalationQuestion(
  { topic, memory }: Pick<Conversation, 'topic' | 'memory'>,
  messages: readonly Told[],
  reason: string,
): Required<Pick<Question, 'text' | 'choices'>> {
  const last = messages.at(-1);
  const older = messages.filter((message) => message !== last && message.number > memory.upTo);
  const paragraphs = [
    `The conversation about “${cutToLength(inOneLine(topic), longestTopic)}” has come to a limit: ${cutToLength(inOneLine(reason), longestReason)}.`,
    sharesOf(messages),
    extractiveSummary(memory.summary, older, summaryTokens),
    last ? `Last, ${last.author}: ${cutToLength(inOneLine(last.text), longestLast)}` : '',
    'How is it to go on?',
  ];
  return { text: cutToLength(paragraphs.filter(Boolean).join('\n'), longestQuestion), choices: escalationChoices };
}

function sharesOf(messages: readonly Told[]): string {
  const shares = [...agentRoles, 'human' as const]
    .map((speaker) => ({ speaker, count: messages.filter(({ author }) => author === speaker).length }))
    .filter(({ count }) => count > 0);
  return shares.length === 0
    ? ''
    : `Messages: ${shares.map(({ speaker, count }) => `${speaker} ${count}`).join(', ')}.`;
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
