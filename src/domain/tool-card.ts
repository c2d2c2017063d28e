import * as z from 'zod';
import type { ToolRequest } from './tool-request.ts';

const sentence = z.string().trim().min(1).max(600);

/** What the project manager says about a request. */
export const toolAssessment = z.object({
  kind: z.literal('tool-assessment'),
  recommendation: z.object({
    decision: z.enum(['approve', 'alternative', 'defer', 'reject']),
    reason: sentence,
  }),
  /** Other ways to the same end; `registry` names a tool that is there, everything else nobody has looked at. */
  alternatives: z
    .array(z.object({ source: z.enum(['registry', 'mcp-server', 'package', 'other']), name: sentence, fit: sentence }))
    .max(6),
  effort: z.object({
    agentHours: z.number().min(0.1).max(1_000),
    prompts: z.number().int().min(1).max(500),
  }),
  benefit: sentence,
});

export type ToolAssessment = z.infer<typeof toolAssessment>;

/** What is known from records when a request is assessed. */
export type RequestFacts = {
  /** What builds cost so far; absent when there were none. */
  readonly pastBuilds?: { readonly count: number; readonly prompts: number; readonly usd: number };
  /** Whoever has unfinished work, and how many tasks. */
  readonly workload: Readonly<Record<string, number>>;
  /** How many requests like it were filed before. */
  readonly similarRequests: number;
  /** Tasks that sleep until it is closed. */
  readonly waitingTasks: number;
};

/** The card that a human decides on: the opinion of the project manager beside what is recorded. */
export type ToolCard = ToolAssessment & { readonly facts: RequestFacts; readonly priority: number };

/** The card as it is read by whoever cannot show it in another way; ten seconds long. */
export function cardLines(
  request: Pick<
    ToolRequest,
    'name' | 'description' | 'requestedBy' | 'importance' | 'urgency' | 'isBlocking' | 'similar'
  >,
  { recommendation, alternatives, effort, benefit, facts, priority }: ToolCard,
): string[] {
  const { pastBuilds, workload, similarRequests, waitingTasks } = facts;
  const busy = Object.entries(workload).map(([agent, tasks]) => `${agent} ${tasks}`);
  const average = pastBuilds && pastBuilds.count > 0 ? pastBuilds : undefined;
  const found = alternatives.map(
    ({ source, name, fit }) => `- ${name}${source === 'registry' ? '' : ' (unverified)'}: ${fit}`,
  );
  return [
    `Tool: ${request.name}: ${request.description}`,
    `Requested by: ${request.requestedBy}${request.isBlocking ? ', whose task waits for it' : ''}`,
    `Priority: ${priority} (importance ${request.importance} × urgency ${request.urgency})`,
    `Effort: about ${effort.agentHours} agent-hours, ${effort.prompts} prompts${
      average
        ? `; ${average.count} builds so far took ${Math.round(average.prompts / average.count)} prompts and $${(average.usd / average.count).toFixed(2)} each`
        : '; there were no builds before'
    }`,
    `Team: ${busy.length === 0 ? 'nobody has other work' : `at work: ${busy.join(', ')}`}`,
    `Benefit: ${benefit} (${similarRequests} requests like it before, ${waitingTasks} ${waitingTasks === 1 ? 'task waits' : 'tasks wait'})`,
    `The project manager would ${verbs[recommendation.decision]}: ${recommendation.reason}`,
    `Alternatives:${found.length === 0 ? ' none' : ''}`,
    ...found,
  ];
}

const verbs = {
  approve: 'build it',
  alternative: 'use an alternative',
  defer: 'wait',
  reject: 'reject it',
} as const;
