import { gateChecks } from '../gate-report.ts';
import { afterAssessment, afterHoldingOut, afterManual, afterProof, afterResearch, afterToolAssignment, afterToolChoice, afterToolDecision, afterToolDevelopment, afterToolPlan, beginToolWork, closed, nextToolStep, toolWorkBlocked } from '../tool-step.ts';
import type { ToolDecision } from '../tool-decision.ts';
import type { Tooling } from '../tool-work.ts';

/** What agents, people and the world decide in a walk over the work on a tool. */
export type ToolDecisions = {
  yes(): boolean;
  isAway(): boolean;
  status(): string;
  decision(): ToolDecision;
  choice(names: readonly string[]): string;
};

export const approval: ToolDecision & { readonly kind: 'approve' } = {
  kind: 'approve',
  agents: ['developer', 'quality-assurance'],
  maxPrompts: 30,
  adoptWhenGreen: false,
};

export const allWell: ToolDecisions = {
  yes: () => true,
  isAway: () => false,
  status: () => 'succeeded',
  decision: () => approval,
  choice: ([first = '']) => first,
};

const choices: Readonly<Record<string, readonly string[]>> = {
  adoption: ['adopt', 'change', 'discard'],
  attempts: ['continue', 'stop'],
  deadline: ['continue', 'stop'],
  trouble: ['retry', 'stop'],
};

export function begun(): Tooling {
  return beginToolWork('r1', 'csv-to-json', 2);
}

export function proofOf(isGreen: boolean, asksForMore = false): NonNullable<Tooling['build']['proof']> {
  const rows = gateChecks.map((check) => ({
    check,
    verdict: isGreen || check !== 'held-out' ? ('passed' as const) : ('failed' as const),
    detail: '3 of 3',
    findings: isGreen ? [] : ['2 of 5 failed'],
  }));
  const report = { rows, isolation: 'bubblewrap' as const, durationMs: 1 };
  return { report, digest: 'abc', version: '1.0.0', asksForMore };
}

/** Carries out one step as its agents, or a person, would decide; `over` when the request is closed. */
export function carriedOut(state: Tooling, decide: ToolDecisions, count: number): Tooling | 'over' {
  const { build } = state;
  const step = nextToolStep(state);
  switch (step.kind) {
    case 'pay':
      return { ...state, isPaid: true };
    case 'ask-human': {
      if (step.about === 'decision') return afterToolDecision(build, decide.decision()).next;
      return afterToolChoice(state, { kind: 'chosen', choice: decide.choice(choices[step.about] ?? []), text: 'words' });
    }
    case 'assign':
      return afterToolAssignment(build, `task-${count}`);
    case 'develop':
      return afterToolDevelopment(build, { status: decide.status() });
    case 'prove':
      return afterProof(build, proofOf(decide.yes(), !decide.yes()));
    case 'publish':
      return closed(build, { kind: 'built', name: build.name, version: '1.0.0' });
    case 'close':
      return 'over';
    case 'ask':
      break;
  }
  if (decide.isAway()) return toolWorkBlocked(state, 'the model API does not answer');
  switch (step.at.kind) {
    case 'assess':
      return afterAssessment(build, undefined);
    case 'plan':
      return afterToolPlan(build, { kind: 'tool-plan', language: 'node', approach: 'so', steps: ['one'] });
    case 'research':
      return afterResearch(build, undefined);
    case 'hold-out':
      return afterHoldingOut(
        build,
        ['one', 'two', 'three'].map((name) => ({ name, input: {}, error: false })),
      );
    case 'document':
      return afterManual(build, decide.yes() ? 'Use it so.' : undefined);
  }
}
