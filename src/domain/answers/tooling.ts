import * as z from 'zod';
import { toolExample } from '../tool.ts';
import { line, lines } from './parts.ts';

/** The project manager's plan of a tool. */
export const toolPlan = z.object({
  kind: z.literal('tool-plan'),
  /** `node` or `python`, where nothing speaks for another program. */
  language: z.enum(['node', 'python', 'command']),
  approach: line,
  steps: lines(1, 10),
});

/** What somebody of the team found out before anything is written. */
export const toolResearch = z.object({
  kind: z.literal('tool-research'),
  findings: lines(1, 8),
  pitfalls: lines(0, 8),
});

/** Cases that quality assurance wrote from the request alone. */
export const heldOutCases = z.object({ kind: z.literal('held-out'), cases: z.array(toolExample).min(3).max(15) });

/** How a tool is used, beyond its description. */
export const toolManual = z.object({ kind: z.literal('tool-manual'), text: z.string().trim().min(20).max(8_000) });

export type ToolPlan = z.infer<typeof toolPlan>;
export type ToolResearch = z.infer<typeof toolResearch>;
export type HeldOutCases = z.infer<typeof heldOutCases>;
export type ToolManual = z.infer<typeof toolManual>;
