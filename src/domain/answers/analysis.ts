import * as z from 'zod';
import { line, lines, score } from './parts.ts';

/** The project manager's strategic analysis: options side by side, and what to do. */
export const strategicAnalysisSchema = z.object({
  kind: z.literal('analysis'),
  /** What is analysed, for example `Architecture`. */
  subject: line,
  options: z
    .array(
      z.object({
        name: line,
        dimensions: z
          .array(z.object({ name: line, score }))
          .min(1)
          .max(12),
      }),
    )
    .min(1)
    .max(6),
  recommendation: z.object({
    title: line,
    why: line,
    phases: z
      .array(z.object({ name: line, timing: line }))
      .min(1)
      .max(12),
  }),
  nextSteps: lines(1, 12),
  resources: z.object({ needs: lines(1, 12), timeline: line, budget: line }),
  risks: z
    .array(z.object({ risk: line, mitigation: line }))
    .min(1)
    .max(12),
  successMetrics: lines(1, 12),
});

export type StrategicAnalysis = z.infer<typeof strategicAnalysisSchema>;
