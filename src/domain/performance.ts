import * as z from 'zod';

/** The figures of a team, by the names that proposals refer to them with. */
export const figureNames = [
  'tasks',
  'success-rate',
  'verified-rate',
  'rounds-per-task',
  'prompts-per-verified-task',
  'usd-per-verified-task',
  'waiting-hours',
  'escalations',
] as const;

export type FigureName = (typeof figureNames)[number];

/** Undefined where there is nothing to compute from. */
const figuresSchema = z.record(z.enum(figureNames), z.number().nullable());

export type Figures = z.infer<typeof figuresSchema>;

export const performanceSchema = z.object({
  /** ISO 8601 in UTC. */
  since: z.iso.datetime(),
  team: figuresSchema,
  agents: z.array(
    z.object({
      agent: z.string(),
      figures: figuresSchema,
      /** See `efficienciesOf`; null where there is nothing to compare with. */
      efficiency: z.number().nullable().default(null),
      /** It lies below what the configuration expects of this agent. */
      isInefficient: z.boolean().default(false),
    }),
  ),
});

export type Performance = z.infer<typeof performanceSchema>;
