import type { AgentRole } from '../domain/agent.ts';
import {
  type RelevanceAnswer,
  type Reply,
  relevanceSchema,
  replySchema,
  type Summary,
  summarySchema,
} from '../domain/answers/talking.ts';
import type { Message } from '../domain/message.ts';
import { asData, excerpt } from './data.ts';
import { profiles, type Templates } from './profiles.ts';
import type { AgentQuestion } from './question.ts';
import { fill } from './template.ts';

/** What an agent is told of a conversation. */
export type Told = {
  readonly topic: string;
  readonly members: readonly AgentRole[];
  /** The summary of what is not in `messages`. */
  readonly earlier: string;
  /** Oldest first. */
  readonly messages: readonly Message[];
};

const wordsOfToken = 0.75;
/** In characters. Nobody answers a book. */
const longestMessage = 20_000;

/** What agents are asked so that they can talk. */
export function conversationQuestions(templates: Templates) {
  const questionOf = (agent: AgentRole) =>
    ({ agent, means: 'thinking', instructions: fill(templates[agent].instructions, {}) }) as const;
  return {
    /** What the agent says to a message. */
    reply(agent: AgentRole, { topic, members, earlier, messages }: Told, message: Message): AgentQuestion<Reply> {
      return {
        ...questionOf(agent),
        prompt: fill(templates[agent].reply, {
          topic,
          members: members.join(', '),
          earlier: orNothing(earlier),
          messages: asData(messages.map(said)),
          message: asData(said(message)),
        }),
        schema: replySchema,
      };
    },

    /** How much each member has to say about a message: one question for all of them. */
    relevance(topic: string, members: readonly AgentRole[], message: Message): AgentQuestion<RelevanceAnswer> {
      const agents = members.map((agent) => ({ agent, duty: profiles[agent].duty }));
      return {
        ...questionOf('project-manager'),
        prompt: fill(templates['project-manager'].relevance, {
          topic,
          agents: asData(agents),
          message: asData(said(message)),
        }),
        schema: relevanceSchema,
        problemsOf: ({ scores }) =>
          members
            .filter((member) => scores.filter(({ agent }) => agent === member).length !== 1)
            .map((member) => `there must be exactly one score for ${member}`),
      };
    },

    /** @param tokens how long it may be */
    summary(earlier: string, messages: readonly Message[], tokens: number): AgentQuestion<Summary> {
      return {
        ...questionOf('project-manager'),
        prompt: fill(templates['project-manager'].summary, {
          earlier: orNothing(earlier),
          messages: asData(messages.map(said)),
          words: String(Math.floor(tokens * wordsOfToken)),
        }),
        schema: summarySchema,
      };
    },
  };
}

function said({ number, author, answers, text }: Message) {
  return { number, from: author, ...(answers === undefined ? {} : { answers }), text: excerpt(text, longestMessage) };
}

function orNothing(text: string): string {
  return text === '' ? 'nothing' : text;
}
