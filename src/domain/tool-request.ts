import * as z from 'zod';
import type { AgentRole } from './agent.ts';
import type { TaskId, ToolRequestId } from './identifiers.ts';
import { toolExample, toolName } from './tool.ts';

const line = z.string().trim().min(1).max(500);

/** What an agent asks for that lacks a tool, as it says it. */
export const toolWish = z.strictObject({
  name: toolName,
  /** What it is for, and what makes it better than doing without. */
  description: z.string().trim().min(10).max(2_000),
  /** 1 is low and 10 is high. */
  urgency: z.number().int().min(1).max(10),
  importance: z.number().int().min(1).max(10),
  /** The work cannot go on without it: the task sleeps until the request is closed. */
  blocking: z.boolean(),
  requirements: z.array(line).min(1).max(20),
  /** Inputs with the outputs that they are to have. */
  examples: z.array(toolExample).max(20).default([]),
});

export type ToolWish = z.infer<typeof toolWish>;

/** What became of a request; it is closed then. */
export const toolRequestOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('built'), name: z.string(), version: z.string() }),
  z.object({ kind: z.literal('alternative'), name: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('rejected'), reason: z.string(), workaround: z.string().exactOptional() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

export type ToolRequestOutcome = z.infer<typeof toolRequestOutcome>;

export type ToolRequest = Omit<ToolWish, 'blocking'> & {
  readonly id: ToolRequestId;
  readonly requestedBy: AgentRole | 'human';
  /** In whose work it was missed; absent when a person asks for it. */
  readonly taskId?: TaskId;
  /** That task sleeps until the request is closed. */
  readonly isBlocking: boolean;
  /** The project manager's task that works on the request. */
  readonly workTask: TaskId;
  /** Names of tools that were found to be like it when it was filed, best first. */
  readonly similar: readonly string[];
  /** The tool that it asks to be improved. */
  readonly improves?: string;
  /** Absent while it is open. */
  readonly outcome?: ToolRequestOutcome;
  readonly filedAt: Date;
};

/** Importance times urgency, 1 to 100. */
export function priorityOfWish({ importance, urgency }: Pick<ToolWish, 'importance' | 'urgency'>): number {
  return importance * urgency;
}

/** What the agent that asked is told when its request is closed. */
export function sentenceOfOutcome(name: string, outcome: ToolRequestOutcome): string {
  switch (outcome.kind) {
    case 'built':
      return `The tool ${outcome.name} ${outcome.version} is there: it was built, proved and adopted. Call it now.`;
    case 'alternative':
      return `The tool ${name} is not built. Use ${outcome.name} instead: ${outcome.reason}`;
    case 'rejected':
      return `The tool ${name} is not built: ${outcome.reason}${outcome.workaround === undefined ? '' : ` Do this instead: ${outcome.workaround}`}`;
    case 'failed':
      return `The tool ${name} could not be built: ${outcome.reason} Go on without it.`;
  }
}
