import { type AgentRole, agentRoles } from '../../domain/agent.ts';
import { type Reply, type ScriptedUsage, systemTextOf } from '../messages.ts';
import { say } from '../play.ts';
import type { Script } from '../server.ts';

/** What one agent does: a script of its own, or typed answers, one for each question. */
type Part = Script | readonly unknown[];

/**
 * A script for the whole team: whoever is asked plays its part. The n-th question of an agent gets the n-th of its answers,
 * and every later one the last; the same question, asked again, gets the same answer.
 */
export function cast(parts: Partial<Record<AgentRole, Part>>): Script {
  const asked = new Map<AgentRole, string[]>();
  return (conversation, request) => {
    const role = roleIn(systemTextOf(request));
    const part = role === undefined ? undefined : parts[role];
    if (role === undefined || part === undefined) throw new Error(`there is no part for ${role ?? 'whoever this is'}`);
    if (typeof part === 'function') return part(conversation, request);
    const questions = asked.get(role) ?? [];
    asked.set(role, questions);
    const question = JSON.stringify(conversation.prompts);
    if (!questions.includes(question)) questions.push(question);
    return asJson(part[Math.min(questions.indexOf(question), part.length - 1)]);
  };
}

/** A typed answer as the model says it. */
export function asJson(answer: unknown, usage?: ScriptedUsage): Reply {
  return { kind: 'message', blocks: [say(JSON.stringify(answer))], ...(usage ? { usage } : {}) };
}

/** Every agent's instructions begin by telling it who it is. */
function roleIn(system: string): AgentRole | undefined {
  const name = /You are the ([a-z ]+) of a small team/.exec(system)?.[1];
  return agentRoles.find((role) => role.replace('-', ' ') === name);
}
