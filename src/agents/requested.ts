import * as z from 'zod';
import type { AgentRole } from '../domain/agent.ts';
import { inquirySchema } from '../domain/message-request.ts';
import type { Told } from './conversation-questions.ts';
import { asData } from './data.ts';

/** The conversation in which an agent is asked for something that has a shape. */
export type Setting = {
  readonly messages: Told['messages'];
  /** Whom it may ask before it answers; nobody when it has to answer now. */
  readonly colleagues: readonly AgentRole[];
};

/** What the templates of requests are told of the conversation. */
export function settingFor({ messages, colleagues }: Setting) {
  const said = messages.map(({ number, author, text }) => ({ number, from: author, text }));
  return {
    messages: said.length === 0 ? 'nothing was said before' : asData(said),
    colleagues: colleagues.length === 0 ? 'nobody, answer now' : colleagues.join(', '),
  };
}

/** An answer, or an inquiry where somebody may be asked. */
export function orInquiry<Answer extends z.ZodType<{ readonly kind: string }>>(
  schema: Answer,
  { colleagues }: Pick<Setting, 'colleagues'>,
) {
  return colleagues.length === 0
    ? schema
    : z.union([schema, inquirySchema.extend({ agent: z.enum(colleagues as [AgentRole, ...AgentRole[]]) })]);
}
