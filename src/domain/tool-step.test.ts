import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allWell, approval, begun, carriedOut, proofOf, type ToolDecisions } from './__fixtures__/tool-walk.ts';
import { isGreen } from './gate-report.ts';
import type { ToolDecision } from './tool-decision.ts';
import {
  afterManual,
  afterProof,
  afterToolChoice,
  afterToolDecision,
  afterToolDevelopment,
  nextToolStep,
} from './tool-step.ts';
import { progressAt, stageAt, type Tooling, toolingSchema } from './tool-work.ts';

function storyOf(decide: ToolDecisions): { readonly steps: string[]; readonly last: Tooling } {
  const steps: string[] = [];
  let state: Tooling | 'over' = begun();
  let last = state;
  for (let count = 0; state !== 'over' && count < 500; count += 1) {
    const step = nextToolStep(state);
    if (step.kind !== 'pay') steps.push(step.kind === 'ask' ? `${step.at.kind}: ${step.agent}` : step.kind);
    last = state;
    state = carriedOut(state, decide, count);
  }
  return { steps, last };
}

const built = [
  'assess: project-manager',
  'ask-human',
  'plan: project-manager',
  'research: project-manager',
  'hold-out: quality-assurance',
  'assign',
  'develop',
  'prove',
  'document: project-manager',
];

describe('a request', () => {
  test('is assessed, decided, planned, researched, gets its cases before any code, is written, proved, documented, adopted', () => {
    const { steps, last } = storyOf(allWell);
    expect(steps).toEqual([...built, 'ask-human', 'publish', 'close']);
    expect(last.at).toEqual({ kind: 'close', outcome: { kind: 'built', name: 'csv-to-json', version: '1.0.0' } });
  });

  test('is adopted without a second question when the decision said so, unless it asks for more rights', () => {
    const beforehand: ToolDecision = { ...approval, adoptWhenGreen: true };
    expect(storyOf({ ...allWell, decision: () => beforehand }).steps).toEqual([...built, 'publish', 'close']);
    const build = { ...begun().build, decision: beforehand, proof: proofOf(true, true) };
    expect(afterManual(build, 'so').at.kind).toBe('adopt');
    expect(afterManual({ ...build, proof: proofOf(true) }, 'so').at.kind).toBe('publish');
  });

  test('goes back to the developer with what the gate found, and after enough attempts to a person', () => {
    const attempts: string[] = [];
    const { steps } = storyOf({
      ...allWell,
      yes: () => false,
      choice: (names) => {
        attempts.push(names.join());
        return attempts.length > 1 ? 'stop' : (names[0] ?? '');
      },
    });
    expect(steps.filter((step) => step === 'prove')).toHaveLength(4);
    expect(attempts).toEqual(['continue,stop', 'continue,stop']);
    const findings = afterProof({ ...begun().build, attempts: ['a'] }, proofOf(false)).at;
    expect(findings).toEqual({
      kind: 'assign',
      because: { kind: 'repair', findings: 'held-out: 3 of 3\n- 2 of 5 failed' },
    });
  });

  test.each([
    [
      { kind: 'alternative', name: 'jq', reason: 'it is there' } as const,
      { kind: 'alternative', name: 'jq', reason: 'it is there' },
    ],
    [
      { kind: 'reject', reason: 'too rare', workaround: 'by hand' } as const,
      { kind: 'rejected', reason: 'too rare', workaround: 'by hand' },
    ],
  ])('that is not built is closed at once: %j', (decision, outcome) => {
    expect(afterToolDecision(begun().build, decision).next.at).toEqual({ kind: 'close', outcome });
  });

  test('that is deferred is decided again when its time has come', () => {
    const until = '2026-12-24T00:00:00.000Z';
    const { next, until: time } = afterToolDecision(begun().build, { kind: 'defer', until, reason: 'later' });
    expect(time).toBe(until);
    expect(nextToolStep(next)).toEqual({ kind: 'ask-human', about: 'decision' });
  });
});

test('an assigned team-mate does the research, but neither the developer nor quality assurance, who must not know the plan', () => {
  const agents = ['developer', 'quality-assurance', 'creative-innovator'] as const;
  const { steps } = storyOf({ ...allWell, decision: () => ({ ...approval, agents: [...agents] }) });
  expect(steps).toContain('research: creative-innovator');
});

test('a development that a person ended is theirs; every other one is looked at by the gate', () => {
  for (const status of ['succeeded', 'failed', 'timed-out']) {
    expect(afterToolDevelopment(begun().build, { status }).at.kind).toBe('prove');
  }
  for (const status of ['cancelled', 'out-of-budget']) {
    expect(afterToolDevelopment(begun().build, { status }).at.kind).toBe('stuck');
  }
});

test('a red gate never leads to a version, whatever anybody chooses', () => {
  expect(isGreen({ rows: proofOf(true).report.rows.slice(1) })).toBe(false);
  const stuck: Tooling = {
    kind: 'tooling',
    build: begun().build,
    at: { kind: 'stuck', why: 'attempts', reason: 'red' },
    isPaid: false,
  };
  for (const choice of ['adopt', 'publish', 'retry']) {
    expect(() => afterToolChoice(stuck, { kind: 'chosen', choice, text: 'x' })).toThrow('not offered');
  }
});

test('whatever is decided: the work comes to its end, each state can be saved, and only a green tool is published', () => {
  const decisions: ToolDecision[] = [
    approval,
    { ...approval, adoptWhenGreen: true },
    { kind: 'defer', until: '2030-01-01T00:00:00.000Z', reason: 'x' },
    { kind: 'reject', reason: 'no' },
    { kind: 'alternative', name: 'jq', reason: 'x' },
  ];
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (stream) => {
      const next = (most: number) => Number(stream.next().value) % most;
      const decide: ToolDecisions = {
        yes: () => next(3) > 0,
        isAway: () => next(8) === 0,
        status: () => ['succeeded', 'failed', 'timed-out', 'cancelled', 'out-of-budget'][next(5)] ?? 'failed',
        decision: () => decisions[next(decisions.length)] ?? approval,
        choice: (names) => names[Math.min(next(names.length + 2), names.length - 1)] ?? 'stop',
      };
      let state: Tooling | 'over' = begun();
      for (let count = 0; state !== 'over' && count < 3_000; count += 1) {
        expect(toolingSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
        expect(progressAt(state.at)).toBeGreaterThanOrEqual(0);
        expect(progressAt(state.at)).toBeLessThanOrEqual(1);
        if (nextToolStep(state).kind === 'publish')
          expect(isGreen(state.build.proof?.report ?? { rows: [] })).toBe(true);
        if (stageAt(state.at) === undefined) expect(state.build.attempts).toEqual([]);
        state = carriedOut(state, decide, count);
      }
      expect(state).toBe('over');
    }),
  );
});
