import * as z from 'zod';
import { agentRoles } from '../../domain/agent.ts';
import { type BudgetScope, measures, type Price, type Shortage, type Usage } from '../../domain/budget.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { Answer, Choice } from '../../domain/question.ts';
import type { Night, Repository, Wish } from '../../domain/task.ts';
import type { TestsBefore } from '../../domain/test-comparison.ts';

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
  answer: z.enum(['either', 'analysis', 'plan']),
  approvePlan: z.boolean(),
}) satisfies z.ZodType<Wish>;

export const choicesSchema = z.array(
  z.object({ name: z.string(), meaning: z.string(), needsText: z.boolean() }),
) satisfies z.ZodType<Choice[]>;

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
  if (value === 'all' || /^(?:task|night|project):./.test(value)) return true;
  return value.startsWith('agent:') && roles.includes(value.slice('agent:'.length));
});

export const measureSchema = z.enum(measures);

export const shortageSchema = z.object({
  scope: scopeSchema,
  measure: measureSchema,
  limit: z.number(),
  spent: z.number(),
}) satisfies z.ZodType<Shortage>;

export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('granted'), amount: z.number() }),
  z.object({ kind: z.literal('refused') }),
  z.object({ kind: z.literal('chosen'), choice: z.string(), text: z.string().exactOptional() }),
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
