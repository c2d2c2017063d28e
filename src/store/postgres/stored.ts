import * as z from 'zod';
import { agentRoles } from '../../domain/agent.ts';
import { type BudgetScope, measures, type Price, type Shortage, type Usage } from '../../domain/budget.ts';
import type { ConversationState, Counts } from '../../domain/conversation.ts';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { Relevance } from '../../domain/message.ts';
import type { Answer, Choice } from '../../domain/question.ts';
import type { Night, Repository, Talk, Wish } from '../../domain/task.ts';
import type { TestsBefore } from '../../domain/test-comparison.ts';
import { toolDecision } from '../../domain/tool-decision.ts';

/** What the `jsonb` columns hold; a row that says something else was not written by this program. */

export const leaseHolderSchema = z.object({
  pid: z.number(),
  startedAt: z.string(),
  namespace: z.string(),
}) satisfies z.ZodType<LeaseHolder>;

export const repositorySchema = z.object({
  path: z.string(),
  branch: z.string(),
  base: z.string(),
}) satisfies z.ZodType<Repository>;

export const nightSchema = z.object({ name: z.string(), deadline: z.string() }) satisfies z.ZodType<Night>;

export const wishSchema = z.object({
  answer: z.enum(['either', 'analysis', 'plan', 'risks', 'test-cases']),
  approvePlan: z.boolean(),
}) satisfies z.ZodType<Wish>;

export const talkSchema = z.object({
  conversationId: z.custom<ConversationId>((value) => typeof value === 'string'),
  topic: z.string(),
  members: z.array(z.enum(agentRoles)).readonly(),
  author: z.enum(agentRoles).exactOptional(),
}) satisfies z.ZodType<Talk>;

export const conversationStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('escalated'), questionId: z.string() }),
  z.object({ kind: z.literal('closed'), reason: z.string() }),
]) satisfies z.ZodType<ConversationState>;

export const countsSchema = z.partialRecord(
  z.enum([...agentRoles, 'human']),
  z.number().int().nonnegative(),
) satisfies z.ZodType<Counts>;

export const relevanceSchema = z.partialRecord(z.enum(agentRoles), z.number()) satisfies z.ZodType<Relevance>;

/** Paths inside the workspace. */
export const attachmentsSchema = z.array(z.string()).readonly();

export const choicesSchema = z.array(
  z.object({
    name: z.string(),
    meaning: z.string(),
    needsText: z.boolean(),
    takesText: z.boolean().exactOptional(),
  }),
) satisfies z.ZodType<Choice[]>;

/** Words. */
export const suggestionsSchema = z.array(z.string());

const tokens = z.number().nonnegative();

export const usageSchema = z.object({
  input: tokens,
  output: tokens,
  cacheWrite: tokens,
  longCacheWrite: tokens,
  cacheRead: tokens,
}) satisfies z.ZodType<Usage>;

const usdForMillion = z.number().nonnegative();

export const priceSchema = z.object({
  input: usdForMillion,
  output: usdForMillion,
  cacheWrite: usdForMillion,
  longCacheWrite: usdForMillion,
  cacheRead: usdForMillion,
}) satisfies z.ZodType<Price>;

const roles: readonly string[] = agentRoles;

export const scopeSchema = z.custom<BudgetScope>((value) => {
  if (typeof value !== 'string') return false;
  if (value === 'all' || /^(?:task|night|project|moves):./.test(value)) return true;
  const agent = /^(?:agent:|(?:cycle|builds):(?=.*:\d+$))(?<agent>[a-z-]+)/.exec(value)?.groups?.['agent'];
  return agent !== undefined && roles.includes(agent) && !/^agent:.*:/.test(value);
});

export const measureSchema = z.enum(measures);

export const shortageSchema = z.object({
  scope: scopeSchema,
  measure: measureSchema,
  limit: z.number(),
  spent: z.number(),
  renewsAt: z.string().exactOptional(),
}) satisfies z.ZodType<Shortage>;

export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('granted'), amount: z.number() }),
  z.object({ kind: z.literal('refused') }),
  z.object({ kind: z.literal('moved'), from: z.enum(agentRoles), amount: z.number() }),
  z.object({ kind: z.literal('chosen'), choice: z.string(), text: z.string().exactOptional() }),
  z.object({ kind: z.literal('decided'), decision: toolDecision }),
]) satisfies z.ZodType<Answer>;

const count = z.number().int().nonnegative();

export const testsBeforeSchema = z.object({
  runs: z.array(
    z.object({
      command: z.string(),
      directory: z.string().exactOptional(),
      exitCode: z.number().nullable(),
      passed: count,
      failed: count,
      skipped: count,
    }),
  ),
  tests: z.array(z.object({ name: z.string(), outcome: z.enum(['passed', 'failed', 'skipped']) })).exactOptional(),
}) satisfies z.ZodType<TestsBefore>;

/** The scope of what a task alone may use. */
export function scopeOfTask(taskId: TaskId): BudgetScope {
  return `task:${taskId}`;
}
