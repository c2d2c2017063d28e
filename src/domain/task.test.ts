import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Analysis } from './analysis.ts';
import { maxIterations, strategyFor } from './strategy.ts';
import { nextStep, type TaskStep } from './task.ts';
import type { TaskState } from './task-state.ts';

const analysis: Analysis = {
  complexity: 'medium',
  strategy: 'multi-step',
  language: { name: 'Rust', confidence: 0.9 },
};

function step(state: TaskState, cancelRequested = false): TaskStep | undefined {
  return nextStep({ state, cancelRequested, agent: 'developer' });
}

test('a task is analysed, then asked for, worked on, verified and finished', () => {
  expect(step({ kind: 'accepted' })?.kind).toBe('analyse');
  expect(step({ kind: 'analysed', analysis, baseline: 'due' })?.kind).toBe('measure');
  expect(step({ kind: 'analysed', analysis, baseline: 'done' })).toMatchObject({ kind: 'begin-round', round: 1 });
  expect(step({ kind: 'working', analysis, round: 1, because: { kind: 'first' } })?.kind).toBe('work');
  expect(step({ kind: 'worked', analysis, round: 1 })?.kind).toBe('verify');
  const passed = step({ kind: 'verified', analysis, round: 1, verdict: { kind: 'passed' } });
  expect(passed).toEqual({ kind: 'finish', ending: { status: 'succeeded', verified: true } });
  expect(step({ kind: 'finished', status: 'succeeded' })).toBeUndefined();
});

const failed = { kind: 'failed', failures: 'boom', stalled: false } as const;

test('red tests are mended in another round, which is told what failed', () => {
  const state: TaskState = { kind: 'verified', analysis, round: 3, verdict: failed };
  expect(step(state)).toMatchObject({ kind: 'begin-round', round: 4, because: { kind: 'mend', failures: 'boom' } });
});

test('work that no test proves is finished, and said to be unverified', () => {
  const state: TaskState = {
    kind: 'verified',
    analysis,
    round: 1,
    verdict: { kind: 'no-tests', reason: 'none found' },
  };
  expect(step(state)).toEqual({
    kind: 'finish',
    ending: { status: 'succeeded', verified: false, reason: 'none found' },
  });
});

test('a round that changed nothing about the same red tests is the last', () => {
  const state: TaskState = { kind: 'verified', analysis, round: 3, verdict: { ...failed, stalled: true } };
  expect(step(state)).toMatchObject({ ending: { status: 'failed', reason: expect.stringContaining('no progress') } });
});

test('tests that are gone are asked back once; then the work is finished and not verified', () => {
  const weakened = { kind: 'weakened', reason: '2 tests are gone', failures: 'Bring them back.' } as const;
  const at = (told: boolean): TaskState => ({ kind: 'verified', analysis, round: 1, verdict: { ...weakened, told } });
  expect(step(at(false))).toMatchObject({ kind: 'begin-round', because: { failures: 'Bring them back.' } });
  expect(step(at(true))).toEqual({
    kind: 'finish',
    ending: { status: 'succeeded', verified: false, reason: '2 tests are gone' },
  });
});

test('a waiting task has nothing to do but to wait, and can be cancelled', () => {
  const resume = { kind: 'working', analysis, round: 2, because: { kind: 'first' } } as const;
  const state: TaskState = { kind: 'waiting', for: { kind: 'answer', questionId: 'q1' }, resume };
  expect(step(state)).toEqual({ kind: 'wait', for: { kind: 'answer', questionId: 'q1' }, resume });
  expect(step(state, true)).toMatchObject({ kind: 'finish', ending: { status: 'cancelled' } });
});

test('the end that a person asked for comes before any further step', () => {
  const state: TaskState = { kind: 'analysed', analysis, baseline: 'due' };
  expect(step(state, true)).toMatchObject({ kind: 'finish', ending: { status: 'cancelled' } });
});

test('a task that ended by itself keeps its end when somebody cancels it later', () => {
  const state: TaskState = { kind: 'ended', ending: { status: 'timed-out', verified: false, reason: 'late' } };
  expect(step(state, true)).toMatchObject({ kind: 'finish', ending: { status: 'timed-out' } });
});

const verdicts = fc.constantFrom<(TaskState & { kind: 'verified' })['verdict']['kind']>(
  'passed',
  'failed',
  'weakened',
  'no-tests',
);

test('whatever the verdicts are, a task ends, within its rounds, and is verified only when tests passed last', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('simple', 'medium', 'complex' as const),
      fc.infiniteStream(verdicts),
      (complexity, stream) => {
        const own: Analysis = { ...analysis, complexity, strategy: strategyFor(complexity) };
        let state: TaskState = { kind: 'accepted' };
        let prompts = 0;
        let last = '';
        for (let steps = 0; steps < 200; steps += 1) {
          const next = step(state);
          if (!next) break;
          if (next.kind === 'begin-round') prompts += 1;
          if (next.kind === 'verify') last = stream.next().value;
          state = carriedOut(next, own, last);
          if (next.kind === 'finish') {
            expect(next.ending.verified).toBe(last === 'passed');
            expect(next.ending.status === 'succeeded').toBe(last !== 'failed');
          }
        }
        expect(state.kind).toBe('finished');
        expect(prompts).toBeLessThanOrEqual(maxIterations(own.strategy));
      },
    ),
  );
});

function carriedOut(next: TaskStep, own: Analysis, verdict: string): TaskState {
  switch (next.kind) {
    case 'analyse':
      return { kind: 'analysed', analysis: own, baseline: 'due' };
    case 'measure':
      return { kind: 'analysed', analysis: own, baseline: 'done' };
    case 'begin-round':
      return { kind: 'working', analysis: own, round: next.round, because: next.because };
    case 'work':
      return { kind: 'worked', analysis: own, round: next.round };
    case 'verify':
      return {
        kind: 'verified',
        analysis: own,
        round: next.round,
        verdict: verdictOf(verdict),
      };
    case 'wait':
      return next.resume;
    case 'converse':
    case 'begin-answer':
    case 'answer':
    case 'coordinate':
    case 'begin-tool-work':
    case 'work-on-tool':
    case 'begin-retirement':
    case 'retire':
      throw new Error('the developer builds');
    case 'finish':
      return { kind: 'finished', status: next.ending.status };
  }
}

function verdictOf(kind: string): (TaskState & { kind: 'verified' })['verdict'] {
  switch (kind) {
    case 'passed':
      return { kind };
    case 'failed':
      return failed;
    case 'weakened':
      return { kind, reason: 'gone', failures: 'gone', told: false };
    default:
      return { kind: 'no-tests', reason: 'none' };
  }
}
