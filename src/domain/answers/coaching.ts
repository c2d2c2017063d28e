import * as z from 'zod';
import { figureNames } from '../performance.ts';
import { line } from './parts.ts';

/** The process coach's proposals, each tied to a figure that was computed from what was recorded. */
export const coachingSchema = z.object({
  kind: z.literal('coaching'),
  proposals: z
    .array(z.object({ figure: z.enum(figureNames), observation: line, proposal: line, expected: line }))
    .max(8),
});

export type Coaching = z.infer<typeof coachingSchema>;
