import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Analysis } from './analysis.ts';
import { maxIterations, strategyFor } from './strategy.ts';
import { nextStep, type TaskState, type TaskStep } from './task.ts';

const analysis: Analysis = {
  complexity: 'medium',
  strategy: 'multi-step',
  language: { name: 'Rust', confidence: 0.9 },
};

function step(state: TaskState, promptLimit = 50, cancelRequested = false): TaskStep | undefined {
  return nextStep({ state, promptLimit, cancelRequested });
}

test('a task is analysed, then asked for, worked on, verified and finished', () => {
  expect(step({ kind: 'accepted' })?.kind).toBe('analyse');
  expect(step({ kind: 'analysed', analysis })).toMatchObject({ kind: 'begin-round', round: 1 });
  expect(step({ kind: 'working', analysis, round: 1, because: { kind: 'first' } })?.kind).toBe('work');
  expect(step({ kind: 'worked', analysis, round: 1 })?.kind).toBe('verify');
  const passed = step({ kind: 'verified', analysis, round: 1, verdict: { kind: 'passed' } });
  expect(passed).toEqual({ kind: 'finish', ending: { status: 'succeeded', verified: true } });
  expect(step({ kind: 'finished', status: 'succeeded' })).toBeUndefined();
});

test('red tests are mended in another round, which is told what failed', () => {
  const state: TaskState = { kind: 'verified', analysis, round: 3, verdict: { kind: 'failed', failures: 'boom' } };
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

test('the end that a person asked for comes before any further step', () => {
  const state: TaskState = { kind: 'analysed', analysis };
  expect(step(state, 50, true)).toMatchObject({ kind: 'finish', ending: { status: 'cancelled' } });
});

test('a task that ended by itself keeps its end when somebody cancels it later', () => {
  const state: TaskState = { kind: 'ended', ending: { status: 'timed-out', verified: false, reason: 'late' } };
  expect(step(state, 50, true)).toMatchObject({ kind: 'finish', ending: { status: 'timed-out' } });
});

const verdicts = fc.constantFrom<(TaskState & { kind: 'verified' })['verdict']['kind']>('passed', 'failed', 'no-tests');

test('whatever the verdicts are, a task ends, within its rounds and its prompts, and is verified only when tests passed last', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('simple', 'medium', 'complex' as const),
      fc.integer({ min: 1, max: 30 }),
      fc.infiniteStream(verdicts),
      (complexity, promptLimit, stream) => {
        const own: Analysis = { ...analysis, complexity, strategy: strategyFor(complexity) };
        let state: TaskState = { kind: 'accepted' };
        let prompts = 0;
        let last = '';
        for (let steps = 0; steps < 200; steps += 1) {
          const next = step(state, promptLimit);
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
        expect(prompts).toBeLessThanOrEqual(Math.min(promptLimit, maxIterations(own.strategy)));
      },
    ),
  );
});

function carriedOut(next: TaskStep, own: Analysis, verdict: string): TaskState {
  switch (next.kind) {
    case 'analyse':
      return { kind: 'analysed', analysis: own };
    case 'begin-round':
      return { kind: 'working', analysis: own, round: next.round, because: next.because };
    case 'work':
      return { kind: 'worked', analysis: own, round: next.round };
    case 'verify':
      return {
        kind: 'verified',
        analysis: own,
        round: next.round,
        verdict:
          verdict === 'passed'
            ? { kind: 'passed' }
            : verdict === 'failed'
              ? { kind: 'failed', failures: 'red' }
              : { kind: 'no-tests', reason: 'none' },
      };
    case 'finish':
      return { kind: 'finished', status: next.ending.status };
  }
}
