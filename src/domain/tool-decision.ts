import * as z from 'zod';
import { agentRoles } from './agent.ts';

const words = z.string().trim().min(1).max(2_000);

/** What a human decides about a request for a tool. */
export const toolDecision = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('approve'),
    /** Who builds it; the developer is always among them. */
    agents: z.array(z.enum(agentRoles)).min(1),
    maxPrompts: z.number().int().min(1).max(10_000),
    /** ISO 8601 in UTC. */
    deadline: z.iso.datetime().exactOptional(),
    /** A green gate is enough: nobody is asked again before it is used. */
    adoptWhenGreen: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('alternative'), name: words, reason: words }),
  z.strictObject({ kind: z.literal('defer'), until: z.iso.datetime(), reason: words }),
  z.strictObject({ kind: z.literal('reject'), reason: words, workaround: words.exactOptional() }),
]);

export type ToolDecision = z.infer<typeof toolDecision>;

/**
 * What is wrong with a decision at this moment; undefined when nothing is.
 *
 * @param now milliseconds since 1970
 */
export function problemOfDecision(decision: ToolDecision, now: number): string | undefined {
  switch (decision.kind) {
    case 'approve':
      if (!decision.agents.includes('developer')) return 'a tool is built by the developer: name dev among the agents';
      return isPast(decision.deadline, now) ? 'the deadline is over' : undefined;
    case 'defer':
      return isPast(decision.until, now) ? 'the time until which it is deferred is over' : undefined;
    case 'alternative':
    case 'reject':
      return undefined;
  }
}

/** The decision in words, as news tells it. */
export function sentenceOfToolDecision(decision: ToolDecision): string {
  switch (decision.kind) {
    case 'approve': {
      const until = decision.deadline === undefined ? '' : `, until ${decision.deadline}`;
      const adoption = decision.adoptWhenGreen ? ', adopted when the gate is green' : '';
      return `approved: ${decision.agents.join(', ')}, ${decision.maxPrompts} prompts${until}${adoption}`;
    }
    case 'alternative':
      return `use ${decision.name} instead: ${decision.reason}`;
    case 'defer':
      return `deferred until ${decision.until}: ${decision.reason}`;
    case 'reject':
      return `rejected: ${decision.reason}`;
  }
}

function isPast(time: string | undefined, now: number): boolean {
  return time !== undefined && Date.parse(time) <= now;
}
