/** The checks of the gate, in the order in which they are made and shown. */
export const gateChecks = [
  'manifest',
  'examples',
  'own-tests',
  'held-out',
  'properties',
  'scan',
  'dependencies',
  'determinism',
  'limits',
] as const;

export type GateCheck = (typeof gateChecks)[number];

/** One row of the table that a human reads before they adopt a tool. */
export type GateRow = {
  readonly check: GateCheck;
  /** `not-run`: a check before it failed so that it made no sense. */
  readonly verdict: 'passed' | 'failed' | 'not-run';
  /** One line: what was looked at, with numbers. */
  readonly detail: string;
  /** What the builder is told to mend it by; never anything of the held-out cases but how many failed. */
  readonly findings: readonly string[];
};

export type GateReport = {
  readonly rows: readonly GateRow[];
  /** How the calls were isolated. */
  readonly isolation: 'bubblewrap' | 'namespaces' | 'none';
  readonly durationMs: number;
};

/** Green is the gate when every check was made and passed. */
export function isGreen({ rows }: Pick<GateReport, 'rows'>): boolean {
  return gateChecks.every((check) => rows.some((row) => row.check === check && row.verdict === 'passed'));
}
