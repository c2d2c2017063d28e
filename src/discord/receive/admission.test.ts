import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Author, admission, isApprover } from './admission.ts';
import { type AllowanceState, nextAllowance, noAllowance } from './allowance.ts';
import { nextStranger, type StrangerCounts } from './strangers.ts';

const lists = { whitelist: ['1', '2'], roles: ['50'] };
const ada: Author = { id: '1', roles: [], isBot: false, isWebhook: false, isSelf: false };

describe('who may talk', () => {
  test('is who is on the list, by name or by a role', () => {
    expect(admission(ada, lists)).toBe('admitted');
    expect(admission({ ...ada, id: '9', roles: ['49', '50'] }, lists)).toBe('admitted');
    expect(admission({ ...ada, id: '9' }, lists)).toBe('stranger');
    expect(admission({ ...ada, id: '50' }, lists)).toBe('stranger');
    expect(admission(ada, { whitelist: [], roles: [] })).toBe('stranger');
  });

  test.each(['isBot', 'isWebhook', 'isSelf'] as const)('is never a program, listed or not: %s', (program) => {
    expect(admission({ ...ada, [program]: true }, lists)).toBe('ignored');
    expect(isApprover({ ...ada, [program]: true }, lists)).toBe(false);
  });

  test('approves as well, unless approvers are named; and a named one has to be on the list', () => {
    expect(isApprover(ada, lists)).toBe(true);
    expect(isApprover({ ...ada, id: '9', roles: ['50'] }, lists)).toBe(true);
    expect(isApprover(ada, { ...lists, approvers: ['2'] })).toBe(false);
    expect(isApprover({ ...ada, id: '2' }, { ...lists, approvers: ['2'] })).toBe(true);
    expect(isApprover({ ...ada, id: '9' }, { ...lists, approvers: ['9'] })).toBe(false);
    expect(isApprover(ada, { ...lists, approvers: [] })).toBe(false);
  });
});

describe('how much one may ask for', () => {
  test('no minute has more than the limit, and no minute more than one line about it', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 10 }), (between, perMinute) => {
        let state: AllowanceState = noAllowance;
        let now = 1_000_000;
        const passed: number[] = [];
        const told: number[] = [];
        for (const gap of between) {
          now += gap;
          const allowance = nextAllowance(state, now, perMinute);
          state = allowance.state;
          if (allowance.verdict === 'passes') passed.push(now);
          if (allowance.verdict === 'told') told.push(now);
        }
        const within = (times: readonly number[], from: number) =>
          times.filter((at) => at >= from && at < from + 60_000).length;
        for (const at of passed) expect(within(passed, at)).toBeLessThanOrEqual(perMinute);
        for (const at of told) expect(within(told, at)).toBe(1);
      }),
    );
  });

  test('of 500 messages in a minute the first few pass, and one line is said', () => {
    let state: AllowanceState = noAllowance;
    const verdicts = Array.from({ length: 500 }, (_, index) => {
      const allowance = nextAllowance(state, 1_000_000 + index * 100, 5);
      state = allowance.state;
      return allowance.verdict;
    });
    expect(verdicts.filter((verdict) => verdict === 'passes')).toHaveLength(5);
    expect(verdicts.filter((verdict) => verdict === 'told')).toHaveLength(1);
    expect(nextAllowance(state, 1_000_000 + 60_000, 5).verdict).toBe('passes');
  });
});

describe('a stranger', () => {
  const morning = new Date('2026-11-22T08:00:00Z');

  test('hears one line a day, and every message is counted', () => {
    const first = nextStranger(undefined, '9', morning);
    const again = nextStranger(first.counts, '9', new Date('2026-11-22T23:59:59Z'));
    expect([first.mayTell, again.mayTell, again.counts.messages]).toEqual([true, false, 2]);
    const next = nextStranger(again.counts, '9', new Date('2026-11-23T00:00:00Z'));
    expect(next).toEqual({ mayTell: true, counts: { day: '2026-11-23', told: ['9'], messages: 1 } });
  });

  test('hears nothing when very many came before', () => {
    let counts: StrangerCounts | undefined;
    let told = 0;
    for (let id = 0; id < 500; id += 1) {
      const verdict = nextStranger(counts, String(id), morning);
      counts = verdict.counts;
      told += verdict.mayTell ? 1 : 0;
    }
    expect([told, counts?.messages]).toEqual([20, 500]);
  });
});
