import * as z from 'zod';
import { agentRoles } from '../agent.ts';

/** What an agent says in a conversation. */
export const replySchema = z.object({ text: z.string().trim().min(1).max(4_000) });

/** How much each agent has to say about a message. */
export const relevanceSchema = z.object({
  scores: z.array(z.object({ agent: z.enum(agentRoles), relevance: z.number().min(0).max(10) })),
});

/** What was said so far. */
export const summarySchema = z.object({ text: z.string().trim().min(1).max(40_000) });

export type Reply = z.infer<typeof replySchema>;
export type RelevanceAnswer = z.infer<typeof relevanceSchema>;
export type Summary = z.infer<typeof summarySchema>;
