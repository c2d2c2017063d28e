import { type AgentRole, roleNamed } from '../domain/agent.ts';
import type { ConfigFile } from './schema.ts';

export type ConversationConfig = {
  /** What an agent is told of one. */
  readonly maxTokens: number;
  /** At each mail, before it lies aside. */
  readonly attempts: number;
  /** Who gets the messages on a topic. */
  readonly topics: Readonly<Record<string, readonly AgentRole[]>>;
};

/** @param file whose names of agents were checked */
export function conversationsOf({ conversations, topics }: ConfigFile): ConversationConfig {
  return {
    maxTokens: conversations.max_tokens,
    attempts: conversations.attempts,
    topics: Object.fromEntries(Object.entries(topics).map(([topic, names]) => [topic, rolesOf(names)])),
  };
}

function rolesOf(names: readonly string[]): AgentRole[] {
  return [...new Set(names.flatMap((name) => roleNamed(name) ?? []))];
}
