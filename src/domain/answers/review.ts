import * as z from 'zod';
import { line, lines } from './parts.ts';

const severities = ['critical', 'high', 'medium', 'low'] as const;

/** Quality assurance's review of real code. A finding without a place is about what is missing. */
export const reviewSchema = z.object({
  kind: z.literal('review'),
  /** What was looked at, for example `Security`. */
  subject: line,
  findings: z
    .array(
      z.object({
        title: line,
        severity: z.enum(severities),
        /** Relative to the workspace, with the line if there is one: `src/login.ts:42`. Empty when something is missing. */
        place: z.string().trim().max(500),
        detail: line,
        recommendation: line,
      }),
    )
    .max(50),
  strengths: lines(0, 20),
  remediation: z.array(z.object({ priority: z.number().int().min(1).max(20), action: line })).max(20),
});

export type Review = z.infer<typeof reviewSchema>;
export type Finding = Review['findings'][number];

/** A review whose places were looked up: findings about files or lines that do not exist are dropped, and counted. */
export type CheckedReview = Review & { readonly dropped: number };

/** `src/login.ts:42` as a path and a line; undefined when it names no place. */
export function placeOf(
  finding: Pick<Finding, 'place'>,
): { readonly path: string; readonly line?: number } | undefined {
  if (finding.place === '') return undefined;
  const match = /^(.*?)(?::(\d+)(?:[-:]\d+)?)?$/.exec(finding.place);
  const path = match?.[1] ?? finding.place;
  return match?.[2] === undefined ? { path } : { path, line: Number(match[2]) };
}

/** Quality assurance's verdict on one phase of a project. */
export const phaseReviewSchema = reviewSchema.extend({
  kind: z.literal('phase-review'),
  verdict: z.enum(['passed', 'rejected']),
  reason: line,
});

export type PhaseReview = z.infer<typeof phaseReviewSchema>;

/** Findings that no phase is done with, whatever the verdict says. */
export function isBlocking({ severity }: Pick<Finding, 'severity'>): boolean {
  return severity === 'critical' || severity === 'high';
}

export const risksSchema = z.object({
  kind: z.literal('risks'),
  risks: z
    .array(
      z.object({
        risk: line,
        likelihood: z.enum(['high', 'medium', 'low']),
        impact: z.enum(['high', 'medium', 'low']),
        mitigation: line,
      }),
    )
    .min(1)
    .max(20),
});

export type Risks = z.infer<typeof risksSchema>;

export const testCasesSchema = z.object({
  kind: z.literal('test-cases'),
  testCases: z
    .array(
      z.object({
        name: line,
        given: line,
        when: line,
        expected: line,
        kind: z.enum(['happy', 'edge', 'error', 'security']),
      }),
    )
    .min(1)
    .max(40),
});

export type TestCases = z.infer<typeof testCasesSchema>;
