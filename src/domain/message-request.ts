import * as z from 'zod';
import { agentRoles } from './agent.ts';
import { challengesSchema, planSchema, settlementSchema } from './answers/planning.ts';
import type { Message } from './message.ts';

/** What a message asks of whoever it names, where the answer has to have a shape. */
export const messageRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('challenge'), task: z.string(), plan: planSchema }),
  z.object({
    kind: z.literal('settle'),
    task: z.string(),
    plan: planSchema,
    challenges: challengesSchema.shape.challenges,
  }),
  /** What whoever was asked wants to know first; words are the answer. */
  z.object({ kind: z.literal('inquiry') }),
]);

/** The answer to a request. */
export const messageResultSchema = z.discriminatedUnion('kind', [
  challengesSchema,
  settlementSchema,
  /** To an inquiry: it is all in the text. */
  z.object({ kind: z.literal('information') }),
]);

/** What an agent wants to know from somebody else before it answers a request. */
export const inquirySchema = z.object({
  kind: z.literal('inquiry'),
  agent: z.enum(agentRoles),
  question: z.string().trim().min(1).max(2_000),
});

export type MessageRequest = z.infer<typeof messageRequestSchema>;
export type MessageResult = z.infer<typeof messageResultSchema>;
export type PlanRequest = Exclude<MessageRequest, { readonly kind: 'inquiry' }>;
export type PlanResult = Exclude<MessageResult, { readonly kind: 'information' }>;
export type Inquiry = z.infer<typeof inquirySchema>;

/**
 * The message with the request that an agent was asked and has not answered; undefined when there is none.
 *
 * @param messages of one conversation, oldest first
 */
export function openRequestTo<Said extends Pick<Message, 'author' | 'mentions' | 'request' | 'result'>>(
  agent: Message['author'],
  messages: readonly Said[],
): (Said & { readonly request: PlanRequest }) | undefined {
  const asked = messages.findLastIndex(
    ({ request, mentions }) => request && request.kind !== 'inquiry' && mentions.some((role) => role === agent),
  );
  const message = messages[asked];
  if (!message?.request || message.request.kind === 'inquiry') return undefined;
  const isAnswered = messages
    .slice(asked + 1)
    .some(({ author, result }) => author === agent && result && result.kind !== 'information');
  return isAnswered ? undefined : { ...message, request: message.request };
}
