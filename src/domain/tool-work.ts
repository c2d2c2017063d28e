import * as z from 'zod';
import { heldOutCases, toolPlan, toolResearch } from './answers/tooling.ts';
import { gateChecks } from './gate-report.ts';
import { toolAssessment } from './tool-card.ts';
import { toolDecision } from './tool-decision.ts';
import { toolRequestOutcome } from './tool-request.ts';

/*
 * What a task of the project manager becomes that works on a request for a tool: from its assessment over a human's decision
 * and the build to the version that everybody uses. Each attempt to write the tool is a task of the developer.
 */

const requestFacts = z.object({
  pastBuilds: z.object({ count: z.number(), prompts: z.number(), usd: z.number() }).exactOptional(),
  workload: z.record(z.string(), z.number()),
  similarRequests: z.number(),
  waitingTasks: z.number(),
});

const gateReport = z.object({
  rows: z
    .array(
      z.object({
        check: z.enum(gateChecks),
        verdict: z.enum(['passed', 'failed', 'not-run']),
        detail: z.string(),
        findings: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  isolation: z.enum(['bubblewrap', 'namespaces', 'none']),
  durationMs: z.number(),
});

/** What was found out, decided and made so far. */
const buildSchema = z.object({
  requestId: z.string(),
  /** Of the tool. */
  name: z.string(),
  card: toolAssessment.extend({ facts: requestFacts, priority: z.number() }).exactOptional(),
  decision: toolDecision.exactOptional(),
  plan: toolPlan.exactOptional(),
  research: toolResearch.exactOptional(),
  /** Nothing that the developer can reach holds them. */
  heldOut: heldOutCases.shape.cases.exactOptional(),
  /** Tasks of the developer, oldest first; all of them work in one session. */
  attempts: z.array(z.string()),
  /** How many attempts it may have. */
  allowed: z.number().int().positive(),
  /** Of the last attempt, with the digest of the very files that were looked at and the version that they are to get. */
  proof: z
    .object({ report: gateReport, digest: z.string(), version: z.string(), asksForMore: z.boolean() })
    .exactOptional(),
  manual: z.string().exactOptional(),
});

/** Why an attempt is made: the first, or with what the gate found or a person said. */
const attemptReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first') }),
  z.object({ kind: z.literal('repair'), findings: z.string() }),
]);

/** Where the work stands. */
const positionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('assess') }),
  z.object({ kind: z.literal('decide') }),
  z.object({ kind: z.literal('plan') }),
  z.object({ kind: z.literal('research') }),
  z.object({ kind: z.literal('hold-out') }),
  z.object({ kind: z.literal('assign'), because: attemptReason }),
  z.object({ kind: z.literal('develop'), taskId: z.string() }),
  z.object({ kind: z.literal('prove') }),
  z.object({ kind: z.literal('document') }),
  z.object({ kind: z.literal('adopt') }),
  z.object({ kind: z.literal('publish') }),
  /** A person says how it goes on: nothing more may be tried, or the deadline is over. */
  z.object({ kind: z.literal('stuck'), why: z.enum(['attempts', 'deadline']), reason: z.string() }),
  z.object({ kind: z.literal('close'), outcome: toolRequestOutcome }),
]);

export const toolingSchema = z.object({
  kind: z.literal('tooling'),
  build: buildSchema,
  at: positionSchema,
  /** Whether the prompt of the question that is asked here was spent: found here again, it is asked without a second one. */
  isPaid: z.boolean(),
  /** Why the work cannot go on for now; a person says whether it is tried again. */
  blocked: z.string().exactOptional(),
});

export type Tooling = z.infer<typeof toolingSchema>;
export type ToolBuild = z.infer<typeof buildSchema>;
export type ToolPosition = z.infer<typeof positionSchema>;
export type AttemptAtTool = z.infer<typeof attemptReason>;

/** The stages of a build as people follow them. */
export const buildStages = [
  'planning',
  'researching',
  'implementing',
  'testing',
  'documenting',
  'complete',
  'failed',
] as const;

export type BuildStage = (typeof buildStages)[number];

/** The stage of a position; undefined while nothing is built. */
export function stageAt(at: ToolPosition): BuildStage | undefined {
  switch (at.kind) {
    case 'assess':
    case 'decide':
      return undefined;
    case 'plan':
      return 'planning';
    case 'research':
    case 'hold-out':
      return 'researching';
    case 'assign':
    case 'develop':
      return 'implementing';
    case 'prove':
    case 'stuck':
      return 'testing';
    case 'document':
    case 'adopt':
    case 'publish':
      return 'documenting';
    case 'close':
      return at.outcome.kind === 'built' ? 'complete' : 'failed';
  }
}

/** How far a build is, 0 to 1. It goes back when the gate sends the tool back. */
export function progressAt(at: ToolPosition): number {
  return progressOf[at.kind];
}

const progressOf: Readonly<Record<ToolPosition['kind'], number>> = {
  assess: 0,
  decide: 0,
  plan: 0.05,
  research: 0.15,
  'hold-out': 0.25,
  assign: 0.35,
  develop: 0.4,
  prove: 0.7,
  stuck: 0.7,
  document: 0.85,
  adopt: 0.9,
  publish: 0.95,
  close: 1,
};
